import MissionDatabase
import TestSupport
import Testing

/// A small database on the bench: decode octets, look at what comes out.
struct Bench {
    let database: MissionDatabase
    private var decoder: PacketDecoder
    var samples = SampleBuffer()

    init(_ text: String, root: String? = nil, options: MissionDatabase.Options = .init()) throws {
        database = try MissionDatabase(xtce: Array(text.utf8), options: options)
        decoder = try database.makeDecoder(root: root)
    }

    init(_ fields: [Document.Field], containers: String, root: String? = nil) throws {
        try self.init(Document.text(fields, containers: containers), root: root)
    }

    /// Decodes octets written in hexadecimal digits.
    @discardableResult
    mutating func decode(_ hex: String) -> DecodeOutcome {
        let packet = Hex.octets(hex)
        return decoder.decode(packet.span, into: &samples)
    }

    /// The names of the samples in order.
    var names: [String] { (0..<samples.count).map { database.parameters[samples.parameter(at: $0)].name } }

    /// The engineering values in order, as text.
    var texts: [String] { (0..<samples.count).map { samples.text(at: $0) } }

    /// The engineering value of the first sample of a parameter.
    subscript(name: String) -> Value? { sample(name).map { samples.engineering(at: $0) } }

    /// The index of the first sample of a parameter.
    func sample(_ name: String) -> Int? {
        database.parameterIndex(name).flatMap { samples.firstIndex(ofParameter: $0) }
    }

    /// The name of the container that the packet was found to be.
    var container: String { database.containers[samples.container].name }
}
