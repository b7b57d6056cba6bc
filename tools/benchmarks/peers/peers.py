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


def split_ccsds(file):
    from ccsds import decode_packets

    print("packets", timed(lambda: sum(1 for _ in decode_packets(file))))


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


def fields(definition, container):
    """The fields of a container behind the primary header, as ccsdspy wants them; plain integers only."""
    from xml.etree import ElementTree
    from ccsdspy import PacketField

    space = {"x": "http://www.omg.org/spec/XTCE/20180204"}
    root = ElementTree.parse(definition).getroot()
    encodings = {kind.get("name"): kind.find(".//x:IntegerDataEncoding", space)
                 for kind in root.find(".//x:ParameterTypeSet", space)}
    types = {parameter.get("name"): parameter.get("parameterTypeRef")
             for parameter in root.find(".//x:ParameterSet", space)}
    chain = []
    while container != "CCSDSPacket":
        element = root.find(f".//x:SequenceContainer[@name='{container}']", space)
        chain.insert(0, [entry.get("parameterRef") for entry in element.find("x:EntryList", space)])
        container = element.find("x:BaseContainer", space).get("containerRef")
    found = []
    for name in sum(chain, []):
        encoding = encodings[types[name]]
        kind = "int" if encoding.get("encoding") == "twosComplement" else "uint"
        found.append(PacketField(name=name, data_type=kind, bit_length=int(encoding.get("sizeInBits"))))
    return found


def columns(file, definition, container, parameter):
    """Packets of one fixed layout to arrays of raw values, primary header included."""
    from ccsdspy import FixedLength

    layout = FixedLength(fields(definition, container))
    arrays = timed(lambda: layout.load(file, include_primary_header=True))
    print("packets", len(arrays[parameter]))
    print("fields", len(arrays))
    print("sum", repr(float(arrays[parameter].sum())))


if __name__ == "__main__":
    globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:])
