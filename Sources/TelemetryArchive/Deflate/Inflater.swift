import CZlib
import ChannelCoding

/// Decompresses raw deflate, piece by piece, through zlib, and never gives more than it was told to expect.
@safe struct Inflater: ~Copyable {
    private var stream = ZlibStream()
    /// Whether the last block has come.
    private(set) var isFinished = false

    /// What zlib said when it was asked to begin; anything but `Z_OK` is thrown at the first use.
    private let beginning: Int32

    /// Takes zlib's memory, about 44 KiB; if there is none, the first use throws.
    init() {
        beginning = unsafe inflateInit2_(stream.pointer, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    }

    deinit {
        unsafe inflateEnd(stream.pointer)  // gives back what init took; of a stream that never began it takes no notice
    }

    /// Forgets everything and begins a new stream.
    mutating func restart() throws(FormatFault) {
        try requireBeginning()
        let code = unsafe inflateReset(stream.pointer)  // the pointer is ours and initialised for as long as self lives
        guard code == Z_OK else { throw FormatFault("zlib cannot begin to inflate (code \(code))") }
        isFinished = false
    }

    private func requireBeginning() throws(FormatFault) {
        guard beginning == Z_OK else { throw FormatFault("zlib cannot begin to inflate (code \(beginning))") }
    }

    /// Decompresses the next octets, appended to `output`, until input or room ends.
    ///
    /// - Parameters:
    ///   - input: The next octets of the stream.
    ///   - output: Grows by at most `room` octets.
    ///   - room: How much may come out of this call.
    /// - Returns: How many octets of `input` were used. Fewer than all: the room is full or the stream has ended.
    /// - Throws: `FormatFault` for a stream that is no deflate.
    mutating func push(_ input: Span<UInt8>, into output: inout [UInt8], room: Int) throws(FormatFault) -> Int {
        try requireBeginning()
        var consumed = 0
        var left = room
        while !isFinished, left > 0 {
            let piece = input.extracting(consumed..<min(input.count, consumed + zlibPieceLimit))
            let step = unsafe stream.step(piece, into: &output, limit: left) { stream in
                unsafe inflate(stream, Z_NO_FLUSH)
            }
            consumed += step.consumed
            left -= step.produced
            switch step.code {
            case Z_STREAM_END: isFinished = true
            case Z_OK: if consumed == input.count, step.produced == 0 { return consumed }
            case Z_BUF_ERROR: return consumed  // no progress without more input
            default: throw FormatFault("the deflate stream is damaged (zlib code \(step.code))")
            }
        }
        return consumed
    }

    /// Decompresses one whole stream whose length is known.
    ///
    /// Memory is taken as octets come, never more than `expected` and one octet: a stream that would give more is
    /// refused there.
    ///
    /// - Parameters:
    ///   - input: Exactly one stream.
    ///   - expected: How many octets it must give.
    /// - Returns: The octets.
    /// - Throws: `FormatFault` if the stream is damaged, ends early or late, or gives another number of octets.
    mutating func inflateWhole(_ input: Span<UInt8>, expecting expected: Int) throws(FormatFault) -> [UInt8] {
        try restart()
        var output: [UInt8] = []
        output.reserveCapacity(min(expected, 64 * input.count + 64))
        let consumed = try push(input, into: &output, room: expected + 1)
        guard output.count <= expected else {
            throw FormatFault("the deflate stream gives more than the \(expected) octets its header announces")
        }
        guard isFinished else { throw FormatFault("the deflate stream has no end") }
        guard output.count == expected else {
            throw FormatFault("the deflate stream gives \(output.count) octets where its header announces \(expected)")
        }
        guard consumed == input.count else {
            throw FormatFault("\(input.count - consumed) octets follow the end of the deflate stream")
        }
        return output
    }

    /// Decompresses a piece of a stream that refers to nothing before it and ends at an octet.
    ///
    /// - Parameters:
    ///   - input: The piece.
    ///   - room: How many octets it may give.
    /// - Returns: The octets.
    /// - Throws: `FormatFault` if the piece is damaged or gives more.
    mutating func inflatePiece(_ input: Span<UInt8>, room: Int) throws(FormatFault) -> [UInt8] {
        try restart()
        var output: [UInt8] = []
        output.reserveCapacity(min(room, 64 * input.count + 64))
        let consumed = try push(input, into: &output, room: room + 1)
        guard consumed == input.count, output.count <= room else {
            throw FormatFault("a piece of a deflate stream gives more than the \(room) octets that it can")
        }
        return output
    }
}

/// The CRC-32 in gzip's trailer: zlib's, after the octets were folded where the processor can.
struct GzipCRC32 {
    private static let fold = RemainderFold(polynomial: 0x04C1_1DB7, bits: 32, isReflected: true)

    /// The checksum of what was pushed.
    private(set) var value: UInt32 = 0

    /// Takes the next octets.
    mutating func push(_ octets: Span<UInt8>) {
        guard octets.count >= RemainderFold.worthwhile, let fold = GzipCRC32.fold else { return pushPlainly(octets) }
        var block = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<4 {
            block[index] = UInt8(truncatingIfNeeded: ~value >> (8 * UInt32(index)))
        }
        fold.fold(octets, into: &block)
        value = UInt32.max  // the register, which is kept as its complement, is in the block
        pushPlainly(block.span)
    }

    /// Takes the next octets by zlib alone.
    mutating func pushPlainly(_ octets: Span<UInt8>) {
        var start = 0
        while start < octets.count {
            let piece = octets.extracting(start..<min(octets.count, start + zlibPieceLimit))
            // The pointer is read only during the call, and only over the buffer's own count.
            value = unsafe piece.withUnsafeBufferPointer { buffer in
                unsafe UInt32(truncatingIfNeeded: crc32(UInt(value), buffer.baseAddress, UInt32(buffer.count)))
            }
            start += piece.count
        }
    }

    /// The checksum of one run of octets.
    static func checksum(_ octets: Span<UInt8>) -> UInt32 {
        var crc = GzipCRC32()
        crc.push(octets)
        return crc.value
    }
}
