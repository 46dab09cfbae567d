/* A small fast printer on a pseudo-terminal: the same one for every host that is measured.
 *
 * Bytes reach it at the wire's speed, replies leave it at the wire's speed and arrive after the latency. Its clock is
 * exact where the process is not: what happens is computed for the moment at which it is due, and only what the host
 * hears can be late, by what waking up takes. It tells on stdout, one JSON object a line: `ready`, `first` and `last`
 * when the moves of those numbers were begun (CLOCK_MONOTONIC), `progress` on SIGUSR1, and at the end (SIGTERM, SIGINT)
 * `counts`. Useful bytes are those of executed lines other than M105.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "firmware.h"
#include "wire.h"

#define SPIN_NS 40000 /* before something is due it does not sleep: waking up takes about as long */

static const char HELP[] =
    "usage: fast_printer [OPTION...]   a printer that answers at once, on a pseudo-terminal, until SIGTERM\n\n"
    "  --link PATH        symlink to the pseudo-terminal (its own path is told on stdout)\n"
    "  --baud N           speed of the wire; 0: no wire, everything arrives at once (0)\n"
    "  --latency-us N     every reply arrives so much later (0)\n"
    "  --rx-buffer N      bytes of the receive buffer; what finds no room is lost and counted (128)\n"
    "  --flow-control     what finds no room waits at the host instead, as on native USB\n"
    "  --queue N          lines of the command queue, BUFSIZE (4)\n"
    "  --advanced-ok      ok N<line> P<planner> B<queue>\n"
    "  --loop-us N        it looks at its receive buffer only so often; 0: always (0)\n"
    "  --moves-per-s N    the planner works off so many moves a second; 0: moves take no time (0)\n"
    "  --heat-s N         the nozzle is hot so long after M104; M109 waits for it (0)\n"
    "  --corrupt N        one byte in about N is damaged on its way to the printer; 0: none (0)\n"
    "  --seed N           for the damage: the same bytes every time (1)\n"
    "  --awake-us N       it does not sleep so long after it answered: waking it is no fault of the host's (300)\n"
    "  --realtime         SCHED_FIFO, as one that has a processor of its own; needs --baud and the right to do so\n"
    "  --machine NAME     MACHINE_TYPE in M115's answer (Ender-3)\n"
    "  --first N --last N the moves, counted from 1, between which is measured (1, never)\n"
    "  --log FILE         every executed command\n";

enum { OPT = 256, LINK, BAUD, LATENCY, RX, FLOW, QUEUE, ADVANCED, LOOP, MOVES, HEAT, CORRUPT, SEED, AWAKE, REALTIME, MACHINE,
       FIRST, LAST, LOG, HELP_OPT };
static const struct option OPTIONS[] = {
    {"link", 1, 0, LINK}, {"baud", 1, 0, BAUD}, {"latency-us", 1, 0, LATENCY}, {"rx-buffer", 1, 0, RX},
    {"flow-control", 0, 0, FLOW}, {"queue", 1, 0, QUEUE}, {"advanced-ok", 0, 0, ADVANCED}, {"loop-us", 1, 0, LOOP},
    {"moves-per-s", 1, 0, MOVES}, {"heat-s", 1, 0, HEAT}, {"corrupt", 1, 0, CORRUPT}, {"seed", 1, 0, SEED},
    {"awake-us", 1, 0, AWAKE},
    {"realtime", 0, 0, REALTIME}, {"machine", 1, 0, MACHINE}, {"first", 1, 0, FIRST}, {"last", 1, 0, LAST},
    {"log", 1, 0, LOG}, {"help", 0, 0, HELP_OPT}, {0}};

static struct firmware firmware = {.settings = {.machine = "Ender-3", .rx_bytes = 128, .queue_lines = 4, .first = 1}};
static struct wire_in wire_in;
static struct wire_out wire_out;
static struct noise noise;
static int master;
static bool flow_control;
static volatile sig_atomic_t stopped, asked;

static void stop(int signal_number) { stopped = signal_number; }

static void ask(int signal_number) { asked = signal_number; }

static ns_t clock_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void reached(const struct firmware *f, const char *event, ns_t at) {
    printf("{\"event\": \"%s\", \"at_s\": %.9f, \"moves\": %ld, \"commands\": %ld, \"useful_bytes\": %ld}\n", event,
           (double)at / 1e9, f->moves, f->commands, f->useful_bytes);
    fflush(stdout);
}

static void reply(struct firmware *f, const char *text, int size, ns_t now) {
    (void)f;
    wire_out_put(&wire_out, text, size, now);
}

static void hand_out(ns_t now) {
    const char *text;
    for (int size = wire_out_take(&wire_out, now, &text), sent = 0; sent < size && !stopped;) {
        ssize_t written = write(master, text + sent, (size_t)(size - sent));
        if (written > 0)
            sent += (int)written;
        else if (errno == EAGAIN)
            poll(&(struct pollfd){.fd = master, .events = POLLOUT}, 1, -1);
        else if (errno != EINTR)
            exit(3);
    }
}

/* Bytes that the host has written since; whether there were any. */
static bool take_in(ns_t now) {
    static unsigned char data[RX_MOST];
    bool has_wire = wire_in.byte_ns > 0;
    int room = has_wire ? wire_in_room(&wire_in) : flow_control ? firmware_rx_room(&firmware) : RX_MOST;
    ssize_t size = room > 0 ? read(master, data, (size_t)room) : 0;
    if (size <= 0) return false;
    noise_pass(&noise, data, (int)size);
    if (has_wire) {
        wire_in_put(&wire_in, data, (int)size, now);
    } else {
        for (ssize_t i = 0; i < size; i++) firmware_arrive(&firmware, data[i], now);
        firmware_run(&firmware, now);
    }
    return true;
}

/* Everything that is due until `now`, in its order and at its own time. */
static void catch_up(ns_t now) {
    for (;;) {
        bool waits = flow_control && firmware_rx_room(&firmware) <= 0;
        ns_t byte_at = waits ? NEVER : wire_in_next(&wire_in), own_at = firmware_next(&firmware);
        ns_t at = byte_at < own_at ? byte_at : own_at;
        if (at > now) return;
        if (byte_at <= own_at) firmware_arrive(&firmware, wire_in_take(&wire_in), byte_at);
        firmware_run(&firmware, at);
    }
}

static void serve(ns_t awake_ns) {
    ns_t awake_until = 0;
    while (!stopped) {
        ns_t now = clock_now();
        catch_up(now);
        if (take_in(now)) {
            awake_until = now + awake_ns;
            catch_up(now);
        }
        if (asked) {
            asked = 0;
            reached(&firmware, "progress", firmware.idle_since);
        }
        if (wire_out_next(&wire_out) <= now) {
            hand_out(now);
            awake_until = now + awake_ns;
        }
        ns_t next = wire_in_next_line(&wire_in), own = firmware_next(&firmware), out = wire_out_next(&wire_out);
        if (own < next) next = own;
        if (out < next) next = out;
        if ((now < awake_until && !wire_in.count) || next - SPIN_NS <= now) continue;
        if (next == NEVER) next = now + 1000000000LL;
        if (firmware.log) fflush(firmware.log);
        fflush(stdout);
        ns_t sleep = next - SPIN_NS - now;
        struct timespec timeout = {sleep / 1000000000LL, sleep % 1000000000LL};
        short events = wire_in_room(&wire_in) > 0 ? POLLIN : 0;
        ppoll(&(struct pollfd){.fd = master, .events = events}, 1, &timeout, NULL);
    }
}

static void tell_counts(void) {
    struct timespec cpu;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    const struct firmware *f = &firmware;
    const struct durations *d = &f->starved;
    printf("{\"event\": \"counts\", \"moves\": %ld, \"moves_crc\": %u, \"commands\": %ld, \"refused\": %ld, "
           "\"overflowed_bytes\": %ld, \"corrupted_bytes\": %lu, \"runs_dry\": %ld, \"starved_p50_us\": %.1f, "
           "\"starved_p99_us\": %.1f, \"starved_longest_us\": %.1f, \"starved_total_us\": %.1f, \"cpu_s\": %.3f}\n",
           f->moves, f->moves_crc, f->commands, f->refused, f->overflowed, noise.corrupted, f->dry_count,
           (double)durations_percentile(d, 50) / 1e3, (double)durations_percentile(d, 99) / 1e3,
           (double)d->longest / 1e3, (double)d->total / 1e3, (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9);
    fflush(stdout);
}

static double number(const char *option, double least, double most) {
    char *end;
    double value = strtod(optarg, &end);
    if (*end || value < least || value > most) {
        fprintf(stderr, "fast_printer: --%s is '%s'; it must be from %.0f to %.0f\n", option, optarg, least, most);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv) {
    const char *link_path = NULL, *log_path = NULL;
    double baud = 0, corrupt = 0, awake_us = 300, moves_per_s = 0;
    uint64_t seed = 1;
    bool realtime = false;
    struct settings *s = &firmware.settings;
    for (int at = 0, option; (option = getopt_long(argc, argv, "", OPTIONS, &at)) != -1;) {
        const char *name = OPTIONS[at].name;
        switch (option) {
        case LINK: link_path = optarg; break;
        case BAUD: baud = number(name, 0, 1e8); break;
        case LATENCY: wire_out.latency_ns = (ns_t)(number(name, 0, 1e6) * 1e3); break;
        case RX: s->rx_bytes = (int)number(name, 64, RX_MOST); break;
        case FLOW: flow_control = true; break;
        case QUEUE: s->queue_lines = (int)number(name, 1, QUEUE_MOST); break;
        case ADVANCED: s->advanced_ok = true; break;
        case LOOP: s->loop_ns = (ns_t)(number(name, 0, 1e6) * 1e3); break;
        case MOVES: moves_per_s = number(name, 0, 1e6); break;
        case HEAT: s->heat_ns = (ns_t)(number(name, 0, 3600) * 1e9); break;
        case CORRUPT: corrupt = number(name, 0, 1e12); break;
        case SEED: seed = (uint64_t)number(name, 0, 1e15); break;
        case AWAKE: awake_us = number(name, 0, 1e6); break;
        case REALTIME: realtime = true; break;
        case MACHINE: s->machine = optarg; break;
        case FIRST: s->first = (long)number(name, 1, 1e9); break;
        case LAST: s->last = (long)number(name, 0, 1e9); break;
        case LOG: log_path = optarg; break;
        case HELP_OPT: fputs(HELP, stdout); return 0;
        default: fputs("fast_printer: see --help\n", stderr); return 2;
        }
    }
    wire_in.byte_ns = wire_out.byte_ns = baud > 0 ? (ns_t)(1e10 / baud) : 0;
    planner_start(&firmware.planner, moves_per_s > 0 ? (ns_t)(1e9 / moves_per_s) : 0);
    noise_start(&noise, corrupt, seed);
    firmware_start(&firmware, *s);
    firmware.say = reply;
    firmware.reached = reached;
    if (log_path && !(firmware.log = fopen(log_path, "w"))) return perror(log_path), 1;

    int terminal;
    char path[64];
    if (openpty(&master, &terminal, path, NULL, NULL)) return perror("openpty"), 1;
    struct termios raw;
    tcgetattr(terminal, &raw);
    cfmakeraw(&raw);
    tcsetattr(terminal, TCSANOW, &raw);
    fcntl(master, F_SETFL, O_NONBLOCK);
    if (link_path && ((unlink(link_path) && errno != ENOENT) || symlink(path, link_path))) return perror(link_path), 1;
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = ask}, NULL);
    prctl(PR_SET_TIMERSLACK, 1);
    realtime = realtime && baud > 0 && !sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1});
    printf("{\"event\": \"ready\", \"port\": \"%s\", \"realtime\": %s}\n", path, realtime ? "true" : "false");
    fflush(stdout);
    reply(&firmware, "start\n", 6, clock_now());
    serve((ns_t)(awake_us * 1e3));
    if (link_path) unlink(link_path);
    if (firmware.log) fclose(firmware.log);
    tell_counts();
    return 0;
}
