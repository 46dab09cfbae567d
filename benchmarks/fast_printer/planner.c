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

void planner_start(struct planner *p, ns_t block_ns) { *p = (struct planner){.block_ns = block_ns, .begins_at = NEVER}; }

static void begin(struct planner *p, ns_t at) {
    for (int i = 0; i < p->count; i++) p->ends[(p->first + i) % PLANNER_BLOCKS] = at + (i + 1) * p->block_ns;
    p->last_end = at + p->count * p->block_ns;
    p->begins_at = NEVER;
}

static void work_off(struct planner *p, ns_t now) {
    if (now >= p->begins_at) begin(p, p->begins_at);
    if (p->begins_at != NEVER) return;
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
    if (p->begins_at != NEVER) return p->begins_at + p->count * p->block_ns;
    return p->count ? p->last_end : now;
}

ns_t planner_add(struct planner *p, ns_t now) {
    work_off(p, now);
    bool was_empty = p->count == 0;
    ns_t dry = was_empty && p->flowing ? now - p->last_end : 0;
    if (was_empty) p->begins_at = now + PLANNER_FILLS_NS;
    p->last_end += p->block_ns;
    p->ends[(p->first + p->count++) % PLANNER_BLOCKS] = p->last_end;
    if (p->begins_at != NEVER && p->count == PLANNER_FILLS_TO) begin(p, now);
    p->flowing = true;
    return dry;
}
