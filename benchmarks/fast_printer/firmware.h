/* Marlin's manners as far as a host can tell them apart while streaming; heaters warm up in `heat_ns`. */
#pragma once

#include <stdio.h>

#include "planner.h"

#define LINE_BYTES 96 /* MAX_CMD_SIZE, its closing zero included */
#define QUEUE_MOST 64
#define RX_MOST 65536

struct firmware;
typedef void say_fn(struct firmware *, const char *text, int size, ns_t now);

struct settings {
    const char *machine;
    int rx_bytes;      /* the receive buffer is a ring: one byte stays free, what finds no room is lost */
    int queue_lines;   /* BUFSIZE */
    ns_t loop_ns;      /* the firmware looks at its receive buffer once in so long; 0: always */
    ns_t heat_ns;      /* from a new nozzle target until it is reached; the bed is hot at once */
    bool advanced_ok;
    long first, last;  /* the moves, counted from 1, between which starvation is measured */
};

struct command {
    char text[LINE_BYTES];
    long number; /* -1: none */
    int bytes;   /* its whole line, as it was left when it was complete */
};

struct firmware {
    struct settings settings;
    say_fn *say;
    void (*reached)(const struct firmware *, const char *event, ns_t at);
    FILE *log; /* each executed command, or NULL */
    struct planner planner;

    unsigned char rx[RX_MOST];
    int rx_first, rx_count;
    ns_t look_at; /* when the receive buffer will be looked at, or NEVER */
    char line[LINE_BYTES];
    int line_size;
    bool in_comment;
    struct command queue[QUEUE_MOST];
    int queue_first, queue_count;
    long last_number;

    double position[4], nozzle_c, bed_c; /* X Y Z E; targets */
    ns_t hot_at;
    bool relative, e_relative;
    ns_t report_every_ns, report_at;

    ns_t now, idle_since;
    long moves, commands, useful_bytes, refused, overflowed, dry_count;
    uint32_t moves_crc;
    struct durations starved; /* before each measured move: the planner had run empty, or there was no line */
};

void firmware_start(struct firmware *f, struct settings settings);
int firmware_rx_room(const struct firmware *f);
void firmware_arrive(struct firmware *f, unsigned char byte, ns_t now); /* one byte from the wire */
void firmware_run(struct firmware *f, ns_t now);                        /* do what can be done now */
ns_t firmware_next(struct firmware *f);                                 /* when there is more, or NEVER */
