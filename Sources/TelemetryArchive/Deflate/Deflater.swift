import CZlib

/// Compresses to raw deflate, piece by piece, through zlib.
///
/// Not copyable, because zlib's state has one owner who must end it. One instance serves many streams, one after the
/// other: ``restart()`` begins the next without taking memory again.
@safe struct Deflater: ~Copyable {
    /// What zlib looks for.
    enum Strategy {
        case usual
        /// Longer matches only: for residuals, where short ones are chance.
        case filtered
        /// Repeats of the octet before only: nearly as fast as no matches.
        case runs
        /// No matches at all.
        case huffmanOnly

        fileprivate var code: Int32 {
            switch self {
            case .usual: Z_DEFAULT_STRATEGY
            case .filtered: Z_FILTERED
            case .runs: Z_RLE
            case .huffmanOnly: Z_HUFFMAN_ONLY
            }
        }
    }

    private var stream = ZlibStream()

    /// What zlib said when it was asked to begin; anything but `Z_OK` is thrown at the first use.
    private let beginning: Int32

    /// Whether a full flush was the last thing: zlib has forgotten what came before.
    private var isFlushed = false

    /// Takes zlib's memory, about 256 KiB; if there is none, the first use throws.
    ///
    /// - Parameters:
    ///   - level: 1 (fast) to 9 (small), 0 for stored blocks.
    ///   - strategy: What zlib looks for.
    init(level: Int, strategy: Strategy = .usual) {
        beginning = unsafe deflateInit2_(
            stream.pointer,
            Int32(min(max(level, 0), 9)),
            Z_DEFLATED,
            -MAX_WBITS,  // negative: raw deflate, the gzip header is ours
            9,
            strategy.code,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
    }

    deinit {
        unsafe deflateEnd(stream.pointer)  // gives back what init took; of a stream that never began it takes no notice
    }

    /// Forgets what was pushed and begins a new stream.
    mutating func restart() throws(ArchiveError) {
        guard beginning == Z_OK else { throw .zlib(operation: "deflateInit2", code: Int(beginning)) }
        let code = unsafe deflateReset(stream.pointer)  // the pointer is ours and initialised for as long as self lives
        guard code == Z_OK else { throw .zlib(operation: "deflateReset", code: Int(code)) }
    }

    /// Compresses the next octets of the stream, appended to `output`.
    mutating func push(_ input: Span<UInt8>, into output: inout [UInt8]) throws(ArchiveError) {
        try run(input, flush: Z_NO_FLUSH, into: &output)
    }

    /// Ends the stream: everything still held comes out, with the last block marked.
    mutating func finish(into output: inout [UInt8]) throws(ArchiveError) {
        try run(Span(), flush: Z_FINISH, into: &output)
    }

    /// Compresses one whole stream and begins anew.
    mutating func compress(_ input: Span<UInt8>, into output: inout [UInt8]) throws(ArchiveError) {
        try restart()
        output.reserveCapacity(output.count + input.count / 2 + 64)
        try push(input, into: &output)
        try finish(into: &output)
    }

    /// Compresses a piece of a stream that refers to nothing before it and does not end the stream.
    mutating func compressPiece(_ input: Span<UInt8>, into output: inout [UInt8]) throws(ArchiveError) {
        // Either clears 128 KiB, so one is enough; but a second flush with nothing between gives nothing.
        if !isFlushed || input.isEmpty { try restart() }
        try run(input, flush: Z_FULL_FLUSH, into: &output)
        isFlushed = true
    }

    private mutating func run(_ input: Span<UInt8>, flush: Int32, into output: inout [UInt8]) throws(ArchiveError) {
        guard beginning == Z_OK else { throw .zlib(operation: "deflateInit2", code: Int(beginning)) }
        isFlushed = false
        var start = 0
        repeat {
            let piece = input.extracting(start..<min(input.count, start + zlibPieceLimit))
            start += piece.count
            var consumed = 0
            var isDone = false
            while !isDone {
                let step = unsafe stream.step(piece.extracting(consumed..<piece.count), into: &output) { stream in
                    unsafe deflate(stream, flush)
                }
                consumed += step.consumed
                guard step.code == Z_OK || step.code == Z_STREAM_END || step.code == Z_BUF_ERROR else {
                    throw .zlib(operation: "deflate", code: Int(step.code))
                }
                isDone =
                    flush == Z_FINISH
                    ? step.code == Z_STREAM_END : consumed == piece.count && step.produced < ZlibStream.room
            }
        } while start < input.count
    }
}

/// zlib counts in 32 bits; longer inputs go in pieces.
let zlibPieceLimit = 1 << 30

/// What one call into zlib did.
struct ZlibStep {
    let code: Int32
    let consumed: Int
    let produced: Int
}

/// A zlib stream on the heap, because zlib keeps a pointer back to it, with room for what one call gives.
@safe struct ZlibStream: ~Copyable {
    /// How much one call may give.
    static let room = 64 << 10

    let pointer: UnsafeMutablePointer<z_stream>
    private let room: UnsafeMutablePointer<UInt8>

    init() {
        let pointer = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe pointer.initialize(to: z_stream())  // plain C fields, all zero: no allocator of our own
        unsafe self.pointer = pointer
        unsafe room = UnsafeMutablePointer<UInt8>.allocate(capacity: ZlibStream.room)
    }

    deinit {
        unsafe pointer.deallocate()
        unsafe room.deallocate()
    }

    /// Calls zlib once with a view of input.
    ///
    /// - Parameters:
    ///   - input: What zlib may read, at most ``zlibPieceLimit`` octets.
    ///   - output: Grows by what zlib wrote.
    ///   - limit: How much zlib may write, at most ``room`` octets.
    ///   - call: `deflate` or `inflate`.
    /// - Returns: The code and how far zlib came.
    mutating func step(
        _ input: Span<UInt8>,
        into output: inout [UInt8],
        limit: Int = ZlibStream.room,
        call: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> ZlibStep {
        let limit = min(limit, ZlibStream.room)
        // zlib wants raw pointers: the input's lives for the whole call, the room as long as self, both counts are those
        // of the buffers, and the stream forgets the input before the closure ends.
        return unsafe input.withUnsafeBufferPointer { source in
            unsafe pointer.pointee.next_in = unsafe UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe pointer.pointee.avail_in = UInt32(source.count)
            unsafe pointer.pointee.next_out = room
            unsafe pointer.pointee.avail_out = UInt32(limit)
            let code = unsafe call(pointer)
            let produced = unsafe limit - Int(pointer.pointee.avail_out)
            unsafe output.append(contentsOf: UnsafeBufferPointer(start: room, count: produced))
            unsafe pointer.pointee.next_in = nil
            let consumed = unsafe source.count - Int(pointer.pointee.avail_in)
            return ZlibStep(code: code, consumed: consumed, produced: produced)
        }
    }
}
