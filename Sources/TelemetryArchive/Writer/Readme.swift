/// The text at the start of every archive, for whoever finds one without this program.
///
/// Short, because it is in each archive, however small; the whole description is that of the format.
enum Readme {
    static let id = "PR"

    static let text = """

        PERILUNE TELEMETRY ARCHIVE 1: gzip members (RFC 1952). zcat FILE prints the octets of RAW members in order; PACKED
        ones hold columns: see "The file, octet by octet". Extra field: PL, u16, version u8, kind u8 (1 readme 2 raw 3 packed
        4 index 5 seal 6 journal 7 parity 8 metadata 9 input), flags u16 (1 packets, else frames), memberSize u64, sequence u64,
        firstOrdinal u64, units u32, rawSize u32, reception min max, onboard min max i64 (ns since 1958 TAI), CRC-32C of deflate
        u32, of raw u32, SHA-256 of member before, CRC-32C of header; little-endian. PM: CBOR. PU: units.

        """
}
