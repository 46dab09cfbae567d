/* From bytes to commands, in Marlin's order of checks: that decides what it says. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "intake.h"

int firmware_rx_room(const struct firmware *f) { return f->settings.rx_bytes - 1 - f->rx_count; }

void firmware_arrive(struct firmware *f, unsigned char byte, ns_t now) {
    if (firmware_rx_room(f) <= 0) {
        f->overflowed++;
        return;
    }
    f->rx[(f->rx_first + f->rx_count++) % RX_MOST] = byte;
    ns_t loop_ns = f->settings.loop_ns;
    if (f->look_at == NEVER) f->look_at = loop_ns ? (now / loop_ns + 1) * loop_ns : now;
}

/* Three lines of text; what has been received behind the line is thrown away. */
static void refuse(struct firmware *f, const char *why, ns_t now) {
    char text[160];
    long last = f->last_number;
    int size = snprintf(text, sizeof text, "Error:%s, Last Line: %ld\nResend: %ld\nok\n", why, last, last + 1);
    f->refused++;
    f->rx_count = 0;
    f->say(f, text, size, now);
}

static void accept(struct firmware *f, const char *text, long number, int bytes) {
    struct command *c = &f->queue[(f->queue_first + f->queue_count++) % QUEUE_MOST];
    while (*text == ' ') text++;
    strcpy(c->text, text);
    for (size_t n = strlen(c->text); n && c->text[n - 1] == ' '; n--) c->text[n - 1] = 0;
    c->number = number;
    c->bytes = bytes;
}

static void take_line(struct firmware *f, ns_t now) {
    char *line = f->line;
    int bytes = f->line_size + 1;
    line[f->line_size] = 0;
    f->line_size = 0;
    f->in_comment = false;
    while (*line == ' ') line++;
    if (!*line) return;
    char *star = strrchr(line, '*');
    if (*line != 'N') {
        if (star) *star = 0;
        accept(f, line, -1, bytes);
        return;
    }
    char *m110 = strstr(line, "M110"), *second = m110 ? strchr(line + 4, 'N') : NULL, *rest;
    long number = strtol(line + 1, &rest, 10);
    if (second) number = strtol(second + 1, NULL, 10);
    if (number != f->last_number + 1 && !m110) {
        bool is_repeated = number == f->last_number || number == f->last_number - 1;
        if (!is_repeated) refuse(f, "Line Number is not Last Line Number+1", now);
        return;
    }
    if (!star) {
        refuse(f, "No Checksum with line number", now);
        return;
    }
    unsigned char checksum = 0;
    for (const char *c = line; c < star; c++) checksum ^= (unsigned char)*c;
    if (strtol(star + 1, NULL, 10) != checksum) {
        refuse(f, "checksum mismatch", now);
        return;
    }
    *star = 0;
    f->last_number = number;
    accept(f, rest, number, bytes);
}

void intake_fill(struct firmware *f, ns_t now) {
    while (f->rx_count && f->queue_count < f->settings.queue_lines) {
        char byte = (char)f->rx[f->rx_first];
        f->rx_first = (f->rx_first + 1) % RX_MOST;
        f->rx_count--;
        if (byte == '\n' || byte == '\r')
            take_line(f, now);
        else if (byte == '\b')
            f->line_size -= f->line_size > 0;
        else if (byte == ';')
            f->in_comment = true;
        else if (!f->in_comment && f->line_size < LINE_BYTES - 1)
            f->line[f->line_size++] = byte;
    }
}
