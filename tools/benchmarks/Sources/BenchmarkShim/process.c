#define _GNU_SOURCE
#include "BenchmarkShim.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static struct bench_usage bench_wait(pid_t child, double start) {
    struct bench_usage usage = {-1, 0, 0};
    int status;
    struct rusage spent;
    if (wait4(child, &status, 0, &spent) != child) return usage;
    usage.wall = bench_wall_seconds() - start;
    usage.processor = (double)(spent.ru_utime.tv_sec + spent.ru_stime.tv_sec)
        + (double)(spent.ru_utime.tv_usec + spent.ru_stime.tv_usec) * 1e-6;
    if (WIFEXITED(status)) usage.status = WEXITSTATUS(status);
    return usage;
}

struct bench_usage bench_run(const char *command) {
    struct bench_usage usage = {-1, 0, 0};
    char *const arguments[] = {"sh", "-c", (char *)command, NULL};
    pid_t child;
    double start = bench_wall_seconds();
    if (posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) != 0) return usage;
    return bench_wait(child, start);
}

struct bench_piped bench_pipe_open(const char *command) {
    struct bench_piped piped = {-1, -1};
    int ends[2];
    if (pipe(ends) != 0) return piped;
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    // As large as an ordinary user may have it: the writer then sleeps less often.
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    char *const arguments[] = {"sh", "-c", (char *)command, NULL};
    pid_t child;
    if (posix_spawn(&child, "/bin/sh", &actions, NULL, arguments, environ) == 0) {
        piped.process = child;
        piped.descriptor = ends[1];
    } else {
        close(ends[1]);
    }
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    // A command that ends early shows as a failed write.
    signal(SIGPIPE, SIG_IGN);
    return piped;
}

int bench_pipe_write(int descriptor, const uint8_t *octets, size_t count) {
    while (count > 0) {
        ssize_t written = write(descriptor, octets, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return 0;
        octets += written;
        count -= (size_t)written;
    }
    return 1;
}

struct bench_usage bench_pipe_close(struct bench_piped piped) {
    close(piped.descriptor);
    return bench_wait(piped.process, bench_wall_seconds());
}
