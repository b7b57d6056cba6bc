/// What the headers of a capture file say: byte order, link types, clocks.
struct CaptureFormat: Sendable {
    /// What a block of a pcapng file holds.
    enum BlockContent {
        /// Nothing that was captured.
        case nothing
        /// The description of the next interface.
        case interface(Interface)
        /// A captured record, there in the block.
        case record(Range<Int>, linkType: UInt32, time: ReceptionTime?)
        /// A block that contradicts itself.
        case malformed(rule: String)
    }

    /// An interface of a pcapng section.
    struct Interface: Sendable {
        var linkType: UInt32
        /// The most octets of a record that are captured; 0 for all.
        var captureLimit: Int
        /// Ticks of its clock; none if it is finer than is counted here.
        var ticksPerSecond: UInt64? = 1_000_000
        var clockOffset: Int64 = 0
    }

    static let sectionType: UInt32 = 0x0A0D_0D0A
    private static let byteOrderMagic: UInt32 = 0x1A2B_3C4D
    /// How many interfaces are kept, so that a file of nothing else cannot fill the memory.
    private static let mostInterfaces = 4096

    /// Whether the file is a pcapng file.
    private(set) var isBlocks = false
    private(set) var fractionsPerSecond: UInt64 = 1_000_000
    /// The link type of all records of a pcap file.
    var linkType: UInt32 = 0
    private var isLittleEndian = false
    private var interfaces: [Interface] = []

    init() {}

    /// Reads the magic number, of which `magic` is the big-endian value.
    init?(magic: UInt32) {
        switch magic {
        case Self.sectionType: isBlocks = true
        case 0xA1B2_C3D4: break
        case 0xD4C3_B2A1: isLittleEndian = true
        case 0xA1B2_3C4D: fractionsPerSecond = 1_000_000_000
        case 0x4D3C_B2A1:
            isLittleEndian = true
            fractionsPerSecond = 1_000_000_000
        default: return nil
        }
    }

    func uint16(_ octets: Span<UInt8>, at offset: Int) -> UInt16 {
        let value = octets.uint16(at: offset)
        return isLittleEndian ? value.byteSwapped : value
    }

    func uint32(_ octets: Span<UInt8>, at offset: Int) -> UInt32 {
        let value = octets.uint32(at: offset)
        return isLittleEndian ? value.byteSwapped : value
    }

    /// The link type in the header of a pcap file.
    func linkType(inHeader octets: Span<UInt8>) -> UInt32 {
        // The four highest bits tell of a check sequence behind each record.
        uint32(octets, at: 20) & 0x0FFF_FFFF
    }

    /// Starts a section, which has its own byte order and interfaces.
    ///
    /// - Returns: Whether the byte-order magic, big-endian here, is one.
    mutating func startSection(byteOrderMagic magic: UInt32) -> Bool {
        guard magic == Self.byteOrderMagic || magic.byteSwapped == Self.byteOrderMagic else { return false }
        isLittleEndian = magic != Self.byteOrderMagic
        interfaces.removeAll()
        return true
    }

    /// Reads a block; its two lengths were found equal.
    func content(ofBlock block: Span<UInt8>, type: UInt32) -> BlockContent {
        switch type {
        case 1:
            guard block.count >= 20 else { return .malformed(rule: Self.tooShort) }
            guard interfaces.count < Self.mostInterfaces else {
                return .malformed(rule: "A section has more than \(Self.mostInterfaces) interfaces.")
            }
            return .interface(interface(block))
        case 3: return simplePacket(block)
        case 6: return enhancedPacket(block)
        default: return .nothing
        }
    }

    /// Adds an interface to those of the section.
    mutating func add(_ interface: Interface) { interfaces.append(interface) }

    private static let tooShort = "A pcapng block is too short for its fields."

    private func simplePacket(_ block: Span<UInt8>) -> BlockContent {
        guard block.count >= 16 else { return .malformed(rule: Self.tooShort) }
        guard let interface = interfaces.first else { return .malformed(rule: Self.noInterface) }
        var captured = Int(uint32(block, at: 8))
        if interface.captureLimit > 0 { captured = min(captured, interface.captureLimit) }
        guard captured <= block.count - 16 else { return .malformed(rule: Self.tooShort) }
        return .record(12..<12 + captured, linkType: interface.linkType, time: nil)
    }

    private static let noInterface = "A captured record names an interface that was not described."

    private func enhancedPacket(_ block: Span<UInt8>) -> BlockContent {
        guard block.count >= 32 else { return .malformed(rule: Self.tooShort) }
        let number = Int(uint32(block, at: 8))
        guard number < interfaces.count else { return .malformed(rule: Self.noInterface) }
        let captured = Int(uint32(block, at: 20))
        guard captured <= block.count - 32 else { return .malformed(rule: Self.tooShort) }
        let ticks = UInt64(uint32(block, at: 12)) << 32 | UInt64(uint32(block, at: 16))
        let interface = interfaces[number]
        return .record(28..<28 + captured, linkType: interface.linkType, time: time(ticks, interface))
    }

    private func time(_ ticks: UInt64, _ interface: Interface) -> ReceptionTime? {
        guard let perSecond = interface.ticksPerSecond else { return nil }
        guard let seconds = Int64(exactly: ticks / perSecond) else { return nil }
        let (sum, isTooLarge) = seconds.addingReportingOverflow(interface.clockOffset)
        guard !isTooLarge else { return nil }
        return ReceptionTime(seconds: sum, fraction: ticks % perSecond, fractionsPerSecond: perSecond)
    }

    /// Reads an interface and, of its options, its clock.
    private func interface(_ block: Span<UInt8>) -> Interface {
        var interface = Interface(
            linkType: UInt32(uint16(block, at: 8)),
            captureLimit: Int(uint32(block, at: 12))
        )
        var position = 16
        let end = block.count - 4
        while position + 4 <= end {
            let code = uint16(block, at: position)
            let length = Int(uint16(block, at: position + 2))
            let value = position + 4
            guard code != 0, value + length <= end else { break }
            switch (code, length) {
            case (9, 1): interface.ticksPerSecond = ticks(resolution: block[value])
            case (14, 8):
                let high = UInt64(uint32(block, at: isLittleEndian ? value + 4 : value))
                let low = UInt64(uint32(block, at: isLittleEndian ? value : value + 4))
                interface.clockOffset = Int64(bitPattern: high << 32 | low)
            default: break
            }
            position = value + (length + 3) / 4 * 4
        }
        return interface
    }

    /// Powers of ten, or of two if the highest bit is set.
    private func ticks(resolution: UInt8) -> UInt64? {
        let exponent = Int(resolution & 0x7F)
        if resolution & 0x80 != 0 { return exponent < 64 ? 1 << UInt64(exponent) : nil }
        guard exponent < 20 else { return nil }
        return (0..<exponent).reduce(UInt64(1)) { power, _ in power * 10 }
    }
}
