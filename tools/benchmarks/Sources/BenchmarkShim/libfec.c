#include "BenchmarkShim.h"
#include <dlfcn.h>
#include <string.h>

static int (*decode)(unsigned char *data, int *erasures, int count, int pad);

int bench_libfec_open(void) {
    void *library = dlopen("libfec.so.0", RTLD_NOW);
    if (!library) library = dlopen("libfec.so", RTLD_NOW);
    if (!library) return 0;
    *(void **)&decode = dlsym(library, "decode_rs_ccsds");
    return decode != NULL;
}

long bench_libfec_decode(uint8_t *blocks, size_t count, int interleave) {
    long corrected = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t *block = blocks + i * 255 * (size_t)interleave;
        for (int word = 0; word < interleave; word++) {
            unsigned char symbols[255];
            for (int j = 0; j < 255; j++) symbols[j] = block[j * interleave + word];
            int found = decode(symbols, NULL, 0, 0);
            if (found < 0) return -1;
            if (found == 0) continue;
            corrected += found;
            for (int j = 0; j < 255; j++) block[j * interleave + word] = symbols[j];
        }
    }
    return corrected;
}
