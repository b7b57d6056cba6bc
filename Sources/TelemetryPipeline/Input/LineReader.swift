import LinkIO

/// The lines of a text, one after the other, with bounded memory.
struct LineReader: ~Copyable {
    /// The number of the line that was read last, from 1.
    private(set) var number = 0
    let path: String
    private var source: OctetSource
    private var buffer: [UInt8] = []
    private var start = 0
    private var piece = [UInt8](repeating: 0, count: 1 << 16)

    private static let longest = 1 << 20

    init(path: String) throws(IOFailure) {
        self.path = path
        source = try OctetSource(path: path)
    }

    /// The next line without its line break, or `nil` at the end.
    mutating func next() throws -> String? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                number += 1
                let isCarriage = end > start && buffer[end - 1] == 0x0D
                return String(decoding: buffer[start..<(isCarriage ? end - 1 : end)], as: UTF8.self)
            }
            guard buffer.count - start < Self.longest else {
                throw PipelineFailure.badFile(
                    path: path,
                    reason: "line \(number + 1) is longer than \(Self.longest) octets; is it a text?"
                )
            }
            buffer.removeSubrange(..<start)
            start = 0
            searched = buffer.count
            let count = try source.read(into: &piece)
            if count == 0 {
                guard !buffer.isEmpty else { return nil }
                defer { buffer = [] }
                number += 1
                return String(decoding: buffer, as: UTF8.self)
            }
            buffer.append(contentsOf: piece[..<count])
        }
    }
}
