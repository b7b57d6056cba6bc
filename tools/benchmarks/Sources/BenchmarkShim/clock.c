#include "BenchmarkShim.h"
#include <time.h>

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double bench_wall_seconds(void) { return seconds(CLOCK_MONOTONIC); }
double bench_processor_seconds(void) { return seconds(CLOCK_THREAD_CPUTIME_ID); }
