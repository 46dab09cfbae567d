/* The queue of moves that the motors work off: real time, one length for every move. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PLANNER_BLOCKS 15 /* Marlin's BLOCK_BUFFER_SIZE of 16 is a ring: one place stays free. */
#define PLANNER_FILLS_TO 3 /* An empty planner waits for so many moves before it begins, as Marlin does, */
#define PLANNER_FILLS_NS 100000000 /* but no longer than that. */
#define NEVER INT64_MAX

typedef int64_t ns_t; /* CLOCK_MONOTONIC */

/* How long something took, many times: percentiles within 3 %, without keeping each one. */
struct durations {
    uint64_t buckets[64 * 32];
    uint64_t count;
    ns_t longest, total;
};

void durations_add(struct durations *d, ns_t duration);
ns_t durations_percentile(const struct durations *d, double percent);

struct planner {
    ns_t block_ns; /* how long one move takes; 0: no time at all */
    ns_t ends[PLANNER_BLOCKS];
    int first, count;
    ns_t last_end;
    ns_t begins_at; /* while it fills: when it begins at the latest; else NEVER */
    bool flowing; /* moves follow each other: running empty now would be starvation */
};

void planner_start(struct planner *p, ns_t block_ns);
int planner_free(struct planner *p, ns_t now);
ns_t planner_room_at(struct planner *p, ns_t now);  /* when a block is free, `now` where one is */
ns_t planner_empty_at(struct planner *p, ns_t now); /* when all is done, `now` where it is */
ns_t planner_add(struct planner *p, ns_t now);      /* there must be room; how long it had been empty */
