"""gr-satellites' deframer on a file of hard bits: its frames go to a file, one behind the other, and to the counts that
it prints. Needs Debian's gnuradio and gr-satellites, so the Python of the system."""
import sys
import time

import numpy
import pmt
from gnuradio import blocks, gr

# Debian's gr-satellites is written for a GNU Radio that kept this name here; Debian's GNU Radio has moved it.
if not hasattr(blocks, "byte_t"):
    blocks.byte_t = gr.types.byte_t

from satellites.components.deframers import ccsds_rs_deframer


def main(file, interleave, output):
    bits = numpy.unpackbits(numpy.fromfile(file, dtype=numpy.uint8))
    # Some symbols behind the end, without which the last frame would stay in the buffers.
    symbols = numpy.concatenate([bits.astype(numpy.float32) * 2 - 1, -numpy.ones(1 << 16, dtype=numpy.float32)])
    graph = gr.top_block()
    source = blocks.vector_source_f(symbols.tolist(), False)
    deframer = ccsds_rs_deframer(frame_size=223 * int(interleave), rs_interleaving=int(interleave), options="")
    frames = blocks.message_debug()
    graph.connect(source, deframer)
    graph.msg_connect((deframer, "out"), (frames, "store"))
    wall, processor = time.perf_counter(), time.process_time()
    graph.start()
    graph.wait()
    # Frames are messages between threads: some may still be on their way when the last symbol is through.
    spent, seen, quiet = time.perf_counter(), -1, 0
    while quiet < 5:
        time.sleep(0.1)
        now = frames.num_messages()
        quiet = quiet + 1 if now == seen else 0
        seen = now
    print("wall", spent - wall)
    print("processor", time.process_time() - processor)
    with open(output, "wb") as stream:
        for index in range(frames.num_messages()):
            stream.write(bytes(pmt.u8vector_elements(pmt.cdr(frames.get_message(index)))))
    print("frames", frames.num_messages())


if __name__ == "__main__":
    main(*sys.argv[1:])
