#include "BenchmarkShim.h"
#include <dlfcn.h>
#include <string.h>

static void *library;
static int (*decode)(unsigned char *data, int *erasures, int count, int pad);

int bench_libfec_open(void) {
    if (!library) library = dlopen("libfec.so.0", RTLD_NOW);
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

long bench_libfec_decode_general(uint8_t *blocks, size_t count, int interleave, int errors) {
    static void *(*make)(int, int, int, int, int, int);
    static int (*decode_char)(void *, unsigned char *, int *, int);
    static void *codes[33];
    *(void **)&make = dlsym(library, "init_rs_char");
    *(void **)&decode_char = dlsym(library, "decode_rs_char");
    if (!make || !decode_char || errors < 1 || errors > 32) return -1;
    // Field polynomial and roots of CCSDS: alpha to 11 j, from j = 128 - E on.
    if (!codes[errors]) codes[errors] = make(8, 0x187, 128 - errors, 11, 2 * errors, 0);
    if (!codes[errors]) return -1;
    long corrected = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t *block = blocks + i * 255 * (size_t)interleave;
        for (int word = 0; word < interleave; word++) {
            unsigned char symbols[255];
            for (int j = 0; j < 255; j++) symbols[j] = block[j * interleave + word];
            int found = decode_char(codes[errors], symbols, NULL, 0);
            if (found < 0) return -1;
            if (found == 0) continue;
            corrected += found;
            for (int j = 0; j < 255; j++) block[j * interleave + word] = symbols[j];
        }
    }
    return corrected;
}

int bench_libfec_viterbi(const uint8_t *symbols, size_t bits, uint8_t *data) {
    void *(*create)(int);
    int (*start)(void *, int);
    int (*update)(void *, unsigned char *, int);
    int (*trace)(void *, unsigned char *, unsigned int, unsigned int);
    void (*delete)(void *);
    void (*set)(int *);
    *(void **)&create = dlsym(library, "create_viterbi27");
    *(void **)&start = dlsym(library, "init_viterbi27");
    *(void **)&update = dlsym(library, "update_viterbi27_blk");
    *(void **)&trace = dlsym(library, "chainback_viterbi27");
    *(void **)&delete = dlsym(library, "delete_viterbi27");
    *(void **)&set = dlsym(library, "set_viterbi27_polynomial");
    if (!create || !start || !update || !trace || !delete || !set) return 0;
    // 171 and 133 octal with the newest bit lowest; a negative one is sent inverted.
    int polynomials[2] = {0x4F, -0x6D};
    set(polynomials);
    void *decoder = create((int)bits);
    if (!decoder) return 0;
    start(decoder, 0);
    update(decoder, (unsigned char *)symbols, (int)bits + 6);
    trace(decoder, data, (unsigned int)bits, 0);
    delete(decoder);
    return 1;
}
