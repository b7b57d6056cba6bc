import CZlib

/// Compresses to raw deflate, piece by piece, through zlib.
///
/// Not copyable, because zlib's state has one owner who must end it. One instance serves many streams, one after the
/// other: ``restart()`` begins the next without taking memory again.
@safe struct Deflater: ~Copyable {
    /// On the heap, because zlib keeps a pointer back to the stream and refuses one that has moved.
    private let stream: UnsafeMutablePointer<z_stream>

    /// What zlib said when it was asked to begin; anything but `Z_OK` is thrown at the first use.
    private let beginning: Int32

    /// Takes zlib's memory, about 256 KiB; if there is none, the first use throws.
    ///
    /// - Parameter level: 1 (fast) to 9 (small), 0 for stored blocks.
    init(level: Int) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())  // plain C fields, all zero: no allocator of our own
        beginning = unsafe deflateInit2_(
            stream,
            Int32(min(max(level, 0), 9)),
            Z_DEFLATED,
            -MAX_WBITS,  // negative: raw deflate, the gzip header is ours
            9,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        unsafe self.stream = stream
    }

    deinit {
        unsafe deflateEnd(stream)  // gives back what init took; of a stream that never began it takes no notice
        unsafe stream.deallocate()
    }

    /// Forgets what was pushed and begins a new stream.
    mutating func restart() throws(ArchiveError) {
        guard beginning == Z_OK else { throw .zlib(operation: "deflateInit2", code: Int(beginning)) }
        let code = unsafe deflateReset(stream)  // the pointer is ours and initialised for as long as self lives
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

    private mutating func run(_ input: Span<UInt8>, flush: Int32, into output: inout [UInt8]) throws(ArchiveError) {
        guard beginning == Z_OK else { throw .zlib(operation: "deflateInit2", code: Int(beginning)) }
        var start = 0
        repeat {
            let piece = input.extracting(start..<min(input.count, start + zlibPieceLimit))
            start += piece.count
            var consumed = 0
            var isDone = false
            while !isDone {
                let step = unsafe zlibStep(
                    stream,
                    piece.extracting(consumed..<piece.count),
                    into: &output,
                    room: 64 << 10,
                    call: { stream in unsafe deflate(stream, flush) }
                )
                consumed += step.consumed
                guard step.code == Z_OK || step.code == Z_STREAM_END || step.code == Z_BUF_ERROR else {
                    throw .zlib(operation: "deflate", code: Int(step.code))
                }
                isDone =
                    flush == Z_FINISH ? step.code == Z_STREAM_END : consumed == piece.count && step.produced < 64 << 10
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

/// Calls zlib once with a bounded view of input and fresh room at the end of the output.
///
/// - Parameters:
///   - stream: An initialised stream.
///   - input: What zlib may read.
///   - output: Grows by what zlib wrote, at most `room` octets.
///   - room: How much zlib may write.
///   - call: `deflate` or `inflate`.
/// - Returns: The code and how far zlib came.
@unsafe func zlibStep(
    _ stream: UnsafeMutablePointer<z_stream>,
    _ input: Span<UInt8>,
    into output: inout [UInt8],
    room: Int,
    call: (UnsafeMutablePointer<z_stream>) -> Int32
) -> ZlibStep {
    let start = output.count
    var code = Z_OK
    var consumed = 0
    var produced = 0
    output.append(contentsOf: repeatElement(0, count: room))
    // zlib wants raw pointers: both live for the whole call, the counts are those of the buffers, and the stream
    // forgets the pointers before the closures end.
    unsafe input.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { target in
            unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(source.count)
            unsafe stream.pointee.next_out = unsafe target.baseAddress.map { unsafe $0 + start }
            unsafe stream.pointee.avail_out = UInt32(room)
            code = unsafe call(stream)
            consumed = unsafe source.count - Int(stream.pointee.avail_in)
            produced = unsafe room - Int(stream.pointee.avail_out)
            unsafe stream.pointee.next_in = nil
            unsafe stream.pointee.next_out = nil
        }
    }
    output.removeLast(room - produced)
    return ZlibStep(code: code, consumed: consumed, produced: produced)
}
