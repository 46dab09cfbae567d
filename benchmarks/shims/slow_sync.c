/* A slow disk, by LD_PRELOAD: fsync and fdatasync take SLOW_SYNC_MS longer. Each call leaves a byte in SLOW_SYNC_LOG. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void be_slow(void) {
    const char *ms_text = getenv("SLOW_SYNC_MS"), *log_path = getenv("SLOW_SYNC_LOG");
    long ms = ms_text ? atol(ms_text) : 0;
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&left, &left)) {
    }
    int log = log_path ? open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (log < 0) return;
    if (write(log, "s", 1) != 1) abort();
    close(log);
}

int fsync(int descriptor) {
    be_slow();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
}

int fdatasync(int descriptor) {
    be_slow();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
}
