#include "planner.h"

static int bucket_of(ns_t duration) {
    if (duration < 32) return duration < 0 ? 0 : (int)duration;
    int exponent = 63 - __builtin_clzll((uint64_t)duration);
    return (exponent - 4) * 32 + (int)((uint64_t)duration >> (exponent - 5) & 31);
}

static ns_t middle_of(int bucket) {
    if (bucket < 32) return bucket;
    int exponent = bucket / 32 + 4;
    ns_t step = (ns_t)1 << (exponent - 5);
    return ((ns_t)1 << exponent) + (bucket % 32) * step + step / 2;
}

void durations_add(struct durations *d, ns_t duration) {
    d->buckets[bucket_of(duration)]++;
    d->count++;
    d->total += duration;
    if (duration > d->longest) d->longest = duration;
}

ns_t durations_percentile(const struct durations *d, double percent) {
    uint64_t rank = (uint64_t)((double)d->count * percent / 100.0), seen = 0;
    if (rank >= d->count) return d->longest;
    for (int i = 0; i < 64 * 32; i++)
        if ((seen += d->buckets[i]) > rank) return middle_of(i);
    return d->longest;
}

static void work_off(struct planner *p, ns_t now) {
    while (p->count && p->ends[p->first] <= now) {
        p->first = (p->first + 1) % PLANNER_BLOCKS;
        p->count--;
    }
}

int planner_free(struct planner *p, ns_t now) {
    work_off(p, now);
    return PLANNER_BLOCKS - p->count;
}

ns_t planner_room_at(struct planner *p, ns_t now) { return planner_free(p, now) ? now : p->ends[p->first]; }

ns_t planner_empty_at(struct planner *p, ns_t now) {
    work_off(p, now);
    return p->count ? p->last_end : now;
}

ns_t planner_add(struct planner *p, ns_t now) {
    ns_t dry = 0, start = p->last_end;
    if (start < now) {
        dry = p->flowing ? now - start : 0;
        start = now;
    }
    p->last_end = start + p->block_ns;
    p->ends[(p->first + p->count++) % PLANNER_BLOCKS] = p->last_end;
    p->flowing = true;
    return dry;
}
