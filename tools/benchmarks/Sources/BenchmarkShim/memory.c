#include "BenchmarkShim.h"
#include <stdlib.h>
#include <string.h>

static uint64_t *source, *target;
static size_t words;

int bench_memory_prepare(size_t octets) {
    words = octets / sizeof(uint64_t);
    source = malloc(octets);
    target = malloc(octets);
    if (!source || !target) return 0;
    for (size_t i = 0; i < words; i++) source[i] = i * 0x9E3779B97F4A7C15u;
    memset(target, 0, octets);
    return 1;
}

uint64_t bench_memory_read(void) {
    uint64_t sum = 0;
    for (size_t i = 0; i < words; i++) sum += source[i];
    return sum;
}

uint64_t bench_memory_copy(void) {
    memcpy(target, source, words * sizeof(uint64_t));
    return target[words / 2];
}

void bench_memory_release(void) {
    free(source);
    free(target);
    source = target = NULL;
}
