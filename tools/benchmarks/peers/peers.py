"""Peers in Python: each task prints `wall`, `processor` and what proves its work, a name and a number a line."""
import sys
import time


def timed(work):
    """Runs work once and prints what it took."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    print("wall", time.perf_counter() - wall)
    print("processor", time.process_time() - processor)
    return result


def crc(file, length):
    """CRC-16 of frames; the loop is Python's, the CRC is C's."""
    from binascii import crc_hqx

    octets = memoryview(open(file, "rb").read())
    length = int(length)
    frames = [octets[i * length:(i + 1) * length] for i in range(len(octets) // length)]
    print("sum", timed(lambda: sum(crc_hqx(frame, 0xFFFF) for frame in frames)))


def split_space_packet_parser(file):
    from space_packet_parser.generators import ccsds_generator

    octets = open(file, "rb").read()
    print("packets", timed(lambda: sum(1 for _ in ccsds_generator(octets))))


def split_ccsdspy(file):
    from ccsdspy.utils import iter_packet_bytes

    print("packets", timed(lambda: sum(1 for _ in iter_packet_bytes(file))))


def xtce(file, definition, parameter):
    """Every packet parsed and calibrated by an XTCE file; the file is read untimed."""
    import space_packet_parser
    from space_packet_parser.generators import ccsds_generator

    database = space_packet_parser.load_xtce(definition)
    octets = open(file, "rb").read()

    def work():
        count, total = 0, 0.0
        for binary in ccsds_generator(octets):
            packet = database.parse_bytes(binary)
            count += 1
            total += packet[parameter]
        return count, total

    count, total = timed(work)
    print("packets", count)
    print("sum", repr(float(total)))


if __name__ == "__main__":
    globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:])
