/* A serial line in both directions: how fast bytes pass, how late they are told of, what noise does to them. */
#pragma once

#include "planner.h"

#define WIRE_IN_BYTES 4096 /* what the host's own driver holds; more blocks its write */
#define WIRE_OUT_REPLIES 4096

struct wire_in {
    ns_t byte_ns; /* 0: no wire, everything arrives at once */
    ns_t free_at; /* when the last byte taken had arrived */
    unsigned char ring[WIRE_IN_BYTES];
    int first, count;
};

int wire_in_room(const struct wire_in *w);
void wire_in_put(struct wire_in *w, const unsigned char *data, int size, ns_t now);
ns_t wire_in_next(const struct wire_in *w); /* when the next byte arrives, or NEVER */
ns_t wire_in_next_line(const struct wire_in *w); /* when the next whole line has arrived, or NEVER */
unsigned char wire_in_take(struct wire_in *w);

struct noise {
    double every; /* about one byte in so many; 0: none */
    uint64_t state;
    int64_t gap;
    uint64_t corrupted;
};

void noise_start(struct noise *n, double every, uint64_t seed);
void noise_pass(struct noise *n, unsigned char *data, int size);

/* Replies, each due when its last byte has come and the latency is over. */
struct wire_out {
    ns_t byte_ns, latency_ns, free_at;
    char bytes[1 << 18];
    int size, sent;
    struct { ns_t due; int end; } replies[WIRE_OUT_REPLIES];
    int first, count;
};

void wire_out_put(struct wire_out *w, const char *text, int size, ns_t now);
ns_t wire_out_next(const struct wire_out *w);
int wire_out_take(struct wire_out *w, ns_t now, const char **text); /* bytes that are due; `text` until the next put */
