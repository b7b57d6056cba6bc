#pragma once
#include <stddef.h>
#include <stdint.h>

// Seconds on the wall clock and of this thread's processor time.
double bench_wall_seconds(void);
double bench_processor_seconds(void);

// The machine's limits: a buffer far larger than the caches is read whole, or copied to another.
// Prepare returns 0 if there is no memory for both; read returns a sum, so that nothing can be left out.
int bench_memory_prepare(size_t octets);
uint64_t bench_memory_read(void);
uint64_t bench_memory_copy(void);
void bench_memory_release(void);

// libfec (package libfec0), found at run time: Reed-Solomon (255,223) in the dual basis, with the interleaving that
// libfec leaves to its caller. Blocks lie one after the other; corrects in place and returns the number of corrected
// symbols, or -1 if a codeword is uncorrectable.
int bench_libfec_open(void);
long bench_libfec_decode(uint8_t *blocks, size_t count, int interleave);

// What a command took.
struct bench_usage {
    int status;        // exit status, or -1 if it could not be run or was ended by a signal
    double wall;       // s
    double processor;  // s, user and system
};
struct bench_usage bench_run(const char *command);

// libfec's Reed-Solomon of any shape in the conventional basis: `decode_rs_char` of a code made by `init_rs_char`.
// Returns as bench_libfec_decode does.
long bench_libfec_decode_general(uint8_t *blocks, size_t count, int interleave, int errors);

// libfec's Viterbi decoder for the CCSDS code (K=7, rate 1/2, second symbol inverted): symbols of two for each bit, 0 to
// 255, of the data and of six zero bits behind them; data gets the bits, packed. Returns 0 if the library has none.
int bench_libfec_viterbi(const uint8_t *symbols, size_t bits, uint8_t *data);

// A command that reads a pipe: its process, and the pipe's other end. The process is -1 if it could not be started.
struct bench_piped {
    int process;
    int descriptor;
};
struct bench_piped bench_pipe_open(const char *command);
// Writes all, or returns 0.
int bench_pipe_write(int descriptor, const uint8_t *octets, size_t count);
// Ends the pipe and waits for the command.
struct bench_usage bench_pipe_close(struct bench_piped piped);
