#define _GNU_SOURCE
#include "BenchmarkShim.h"
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

struct bench_usage bench_run(const char *command) {
    struct bench_usage usage = {-1, 0, 0};
    char *const arguments[] = {"sh", "-c", (char *)command, NULL};
    pid_t child;
    double start = bench_wall_seconds();
    if (posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) != 0) return usage;
    int status;
    struct rusage spent;
    if (wait4(child, &status, 0, &spent) != child) return usage;
    usage.wall = bench_wall_seconds() - start;
    usage.processor = (double)(spent.ru_utime.tv_sec + spent.ru_stime.tv_sec)
        + (double)(spent.ru_utime.tv_usec + spent.ru_stime.tv_usec) * 1e-6;
    if (WIFEXITED(status)) usage.status = WEXITSTATUS(status);
    return usage;
}
