#include "firmware.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "intake.h"

#define AMBIENT_C 21.0
#define AXES "XYZE"

void firmware_start(struct firmware *f, struct settings settings) {
    f->settings = settings;
    f->look_at = NEVER;
    f->report_at = NEVER;
}

static uint32_t crc32_of(const char *text, uint32_t crc) {
    static uint32_t table[256];
    if (!table[1])
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t c = i;
            for (int bit = 0; bit < 8; bit++) c = c & 1 ? 0xEDB88320u ^ c >> 1 : c >> 1;
            table[i] = c;
        }
    for (crc = ~crc; *text; text++) crc = table[(crc ^ (uint8_t)*text) & 255] ^ crc >> 8;
    return ~crc;
}

static void say(struct firmware *f, const char *text, ns_t now) { f->say(f, text, (int)strlen(text), now); }

static double word(const char *command, char letter, double otherwise) {
    const char *at = strchr(command + 1, letter);
    return at ? strtod(at + 1, NULL) : otherwise;
}

/* In a straight line from ambient; the host reads it, nothing depends on it here. */
static double nozzle_now(const struct firmware *f, ns_t now) {
    double hot = fmax(f->nozzle_c, AMBIENT_C);
    if (now >= f->hot_at || !f->settings.heat_ns) return hot;
    return hot - (hot - AMBIENT_C) * (double)(f->hot_at - now) / (double)f->settings.heat_ns;
}

static int temperatures(const struct firmware *f, char *text, size_t size, const char *before, ns_t now) {
    return snprintf(text, size, "%sT:%.2f /%.2f B:%.2f /%.2f @:0 B@:0\n", before, nozzle_now(f, now), f->nozzle_c,
                    fmax(f->bed_c, AMBIENT_C), f->bed_c);
}

static void heat_nozzle(struct firmware *f, const char *command, ns_t now) {
    double target = word(command, 'S', word(command, 'R', 0));
    if (target > f->nozzle_c) f->hot_at = now + f->settings.heat_ns;
    f->nozzle_c = target;
}

static void say_ok(struct firmware *f, const struct command *c, ns_t now) {
    char text[64];
    int size = 0;
    if (f->settings.advanced_ok) {
        int room = f->settings.queue_lines - f->queue_count, blocks = planner_free(&f->planner, now);
        if (c->number >= 0)
            size = snprintf(text, sizeof text, "ok N%ld P%d B%d\n", c->number, blocks, room);
        else
            size = snprintf(text, sizeof text, "ok P%d B%d\n", blocks, room);
    }
    f->say(f, size ? text : "ok\n", size ? size : 3, now);
}

/* Where a move or G92 leads. */
static void follow(struct firmware *f, const char *command, bool is_move) {
    for (int axis = 0; axis < 4; axis++) {
        const char *at = strchr(command + 1, AXES[axis]);
        if (!at) continue;
        bool adds = is_move && (axis == 3 ? f->e_relative : f->relative);
        f->position[axis] = strtod(at + 1, NULL) + (adds ? f->position[axis] : 0);
    }
}

static void move(struct firmware *f, const char *command, ns_t now) {
    ns_t starved = now - f->idle_since;
    if (f->planner.block_ns) starved = planner_add(&f->planner, now);
    follow(f, command, true);
    f->moves++;
    f->moves_crc = crc32_of(command, f->moves_crc);
    if (f->moves > f->settings.first && f->moves <= f->settings.last) {
        durations_add(&f->starved, starved);
        f->dry_count += f->planner.block_ns && starved > 0;
    }
    if (f->moves == f->settings.first) f->reached(f, "first", now);
    if (f->moves == f->settings.last) f->reached(f, "last", now);
}

static bool is(const char *command, const char *code) {
    size_t size = strlen(code);
    return !strncmp(command, code, size) && (command[size] < '0' || command[size] > '9') && command[size] != '.';
}

static bool is_move(const char *command) { return is(command, "G1") || is(command, "G0"); }

/* Commands that wait until all moves are done; the planner runs empty because they want it so. */
static bool waits_for_moves(const char *c) {
    static const char *const CODES[] = {"M400", "G28", "G29", "G80", "G4", "M109", "M190"};
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        if (is(c, CODES[i])) return true;
    return false;
}

static void execute(struct firmware *f, const struct command *c, ns_t now) {
    const char *text = c->text;
    char reply[512];
    f->useful_bytes += is(text, "M105") ? 0 : c->bytes;
    if (is_move(text)) {
        move(f, text, now);
    } else if (is(text, "M105")) {
        f->say(f, reply, temperatures(f, reply, sizeof reply, "ok ", now), now);
        return;
    } else if (is(text, "M104") || is(text, "M109")) {
        heat_nozzle(f, text, now);
    } else if (is(text, "M140") || is(text, "M190")) {
        f->bed_c = word(text, 'S', word(text, 'R', 0));
    } else if (is(text, "M155")) {
        f->report_every_ns = (ns_t)(word(text, 'S', 0) * 1e9);
        f->report_at = f->report_every_ns ? now + f->report_every_ns : NEVER;
    } else if (is(text, "M110")) {
        if (c->number < 0) f->last_number = (long)word(text, 'N', (double)f->last_number);
    } else if (is(text, "M114")) {
        const double *p = f->position;
        snprintf(reply, sizeof reply, "X:%.2f Y:%.2f Z:%.2f E:%.2f Count X:0 Y:0 Z:0\n", p[0], p[1], p[2], p[3]);
        say(f, reply, now);
    } else if (is(text, "M115")) {
        snprintf(reply, sizeof reply,
                 "FIRMWARE_NAME:Marlin 2.1.2 (fast_printer) SOURCE_CODE_URL:none PROTOCOL_VERSION:1.0 MACHINE_TYPE:%s "
                 "EXTRUDER_COUNT:1\nCap:AUTOREPORT_TEMP:1\nCap:THERMAL_PROTECTION:1\nCap:EMERGENCY_PARSER:0\n",
                 f->settings.machine);
        say(f, reply, now);
    } else if (is(text, "M20")) {
        say(f, "Begin file list\nEnd file list\n", now);
    } else if (is(text, "G90") || is(text, "G91")) {
        f->relative = f->e_relative = is(text, "G91");
    } else if (is(text, "M82") || is(text, "M83")) {
        f->e_relative = is(text, "M83");
    } else if (is(text, "G92")) {
        follow(f, text, false);
    } else if (is(text, "G28")) {
        f->position[0] = f->position[1] = f->position[2] = 0;
    } else if (!strchr("GMT", text[0]) || text[1] < '0' || text[1] > '9') {
        snprintf(reply, sizeof reply, "echo:Unknown command: \"%s\"\n", text);
        say(f, reply, now);
    }
    say_ok(f, c, now);
}

/* When the command may begin. */
static ns_t begins_at(struct firmware *f, const char *command, ns_t now) {
    if (is(command, "M109") && word(command, 'S', 0) <= f->nozzle_c && f->hot_at > now) return f->hot_at;
    if (!f->planner.block_ns) return now;
    if (waits_for_moves(command)) return planner_empty_at(&f->planner, now);
    return is_move(command) ? planner_room_at(&f->planner, now) : now;
}

void firmware_run(struct firmware *f, ns_t now) {
    f->now = now;
    if (now >= f->report_at) {
        char text[128];
        f->say(f, text, temperatures(f, text, sizeof text, " ", now), now);
        f->report_at = now + f->report_every_ns;
    }
    bool looks = now >= f->look_at;
    for (;;) {
        if (looks) intake_fill(f, now);
        if (!f->queue_count) break;
        struct command *c = &f->queue[f->queue_first];
        if (begins_at(f, c->text, now) > now) break;
        if (waits_for_moves(c->text)) f->planner.flowing = false;
        execute(f, c, now);
        f->commands++;
        if (f->log) fprintf(f->log, "%s\n", c->text);
        f->queue_first = (f->queue_first + 1) % QUEUE_MOST;
        f->queue_count--;
        f->idle_since = now;
    }
    if (looks && !f->rx_count) f->look_at = NEVER;
}

ns_t firmware_next(struct firmware *f) {
    ns_t next = f->report_at;
    bool has_room = f->queue_count < f->settings.queue_lines;
    if (has_room && f->look_at < next) next = f->look_at;
    if (!f->queue_count) return next;
    ns_t begins = begins_at(f, f->queue[f->queue_first].text, f->now);
    return begins < next ? begins : next;
}
