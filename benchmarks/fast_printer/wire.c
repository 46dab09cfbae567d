#include "wire.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int wire_in_room(const struct wire_in *w) { return WIRE_IN_BYTES - w->count; }

void wire_in_put(struct wire_in *w, const unsigned char *data, int size, ns_t now) {
    if (!w->count && w->free_at < now) w->free_at = now;
    for (int i = 0; i < size; i++) w->ring[(w->first + w->count++) % WIRE_IN_BYTES] = data[i];
}

ns_t wire_in_next(const struct wire_in *w) { return w->count ? w->free_at + w->byte_ns : NEVER; }

ns_t wire_in_next_line(const struct wire_in *w) {
    for (int i = 0; i < w->count; i++)
        if (w->ring[(w->first + i) % WIRE_IN_BYTES] == '\n') return w->free_at + (i + 1) * w->byte_ns;
    return NEVER;
}

unsigned char wire_in_take(struct wire_in *w) {
    unsigned char byte = w->ring[w->first];
    w->first = (w->first + 1) % WIRE_IN_BYTES;
    w->count--;
    w->free_at += w->byte_ns;
    return byte;
}

static uint64_t random_bits(struct noise *n) { /* xorshift64* */
    n->state ^= n->state >> 12;
    n->state ^= n->state << 25;
    n->state ^= n->state >> 27;
    return n->state * 0x2545F4914F6CDD1DULL;
}

static int64_t random_gap(struct noise *n) {
    double uniform = (double)(random_bits(n) >> 11) / 9007199254740992.0;
    return (int64_t)(-log1p(-uniform) * n->every);
}

void noise_start(struct noise *n, double every, uint64_t seed) {
    *n = (struct noise){.every = every, .state = seed * 0x9E3779B97F4A7C15ULL + 1};
    if (every > 0) n->gap = random_gap(n);
}

void noise_pass(struct noise *n, unsigned char *data, int size) {
    if (n->every <= 0) return;
    for (; n->gap < size; n->gap += 1 + random_gap(n)) {
        data[n->gap] ^= (unsigned char)(1u << (random_bits(n) >> 61));
        n->corrupted++;
    }
    n->gap -= size;
}

static void forget_sent(struct wire_out *w) {
    w->size -= w->sent;
    memmove(w->bytes, w->bytes + w->sent, (size_t)w->size);
    for (int i = 0; i < w->count; i++) w->replies[(w->first + i) % WIRE_OUT_REPLIES].end -= w->sent;
    w->sent = 0;
}

void wire_out_put(struct wire_out *w, const char *text, int size, ns_t now) {
    if (w->size + size > (int)sizeof w->bytes) forget_sent(w);
    if (w->size + size > (int)sizeof w->bytes || w->count == WIRE_OUT_REPLIES) {
        fprintf(stderr, "fast_printer: the host does not read; %d bytes of replies wait\n", w->size - w->sent);
        exit(3);
    }
    memcpy(w->bytes + w->size, text, (size_t)size);
    w->size += size;
    if (w->free_at < now) w->free_at = now;
    w->free_at += size * w->byte_ns;
    int last = (w->first + w->count++) % WIRE_OUT_REPLIES;
    w->replies[last].due = w->free_at + w->latency_ns;
    w->replies[last].end = w->size;
}

ns_t wire_out_next(const struct wire_out *w) { return w->count ? w->replies[w->first].due : NEVER; }

int wire_out_take(struct wire_out *w, ns_t now, const char **text) {
    int begin = w->sent;
    while (w->count && w->replies[w->first].due <= now) {
        w->sent = w->replies[w->first].end;
        w->first = (w->first + 1) % WIRE_OUT_REPLIES;
        w->count--;
    }
    *text = w->bytes + begin;
    return w->sent - begin;
}
