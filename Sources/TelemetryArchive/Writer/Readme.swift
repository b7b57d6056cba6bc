/// The text at the start of every archive, for whoever finds one without this program.
enum Readme {
    static let id = "PR"

    static let text = """

        PERILUNE TELEMETRY ARCHIVE (.plar), format version 1

        This file is a sequence of gzip members (RFC 1952). Members of kind RAW hold the archived octets as they
        are: zcat FILE prints all of them in order; every other member of such a file inflates to nothing. Members
        of kind PACKED hold columns and need the program perilune, or the description of the format, "Payload of a
        packed member".

        Each member's gzip extra field begins with subfield PL of 112 octets, numbers little-endian:
        version u8 = 1, kind u8, flags u16, memberSize u64, sequence u64, firstOrdinal u64, unitCount u32,
        rawSize u32, receptionMin i64, receptionMax i64, onboardMin i64, onboardMax i64 (ns since 1958-01-01 TAI,
        -2^63 unknown), crc32cDeflate u32, crc32cRaw u32, previousSHA256 [32], headerCRC32C u32 (of the whole gzip
        header with these four octets zero). flags bit 0: packets, else frames.
        Kinds: 1 readme, 2 raw, 3 packed, 4 index, 5 seal, 6 journal, 7 parity, 8 metadata. Skip others by memberSize.

        Further subfields: PR this text; PM metadata in CBOR (RFC 8949); PU, in RAW and PACKED members, the table
        of units: version u8, codec u8 (1 raw deflate), part u16, parts u16, u16, firstPart u64, length u32, octets, which
        inflate to: version u8, units u32, then 14 columns: mode u8 and, unless 0, length u32 and zig-zag base-128
        numbers (mode 1 values, 2 differences, 3 differences of differences): flags (1 reception known, 2 on-board
        known, 4 idle, 8 gap before, 16 encapsulation, 32 packet), length in octets, quality, reception ns,
        on-board ns, spacecraft, virtual channel, APID, count (these four less what the unit's header says), first
        frame, last frame less first, input offset less the end of the unit before, missing frames, marker errors.
        PI index, PE seal: for speed only; everything can be read without them.

        """
}
