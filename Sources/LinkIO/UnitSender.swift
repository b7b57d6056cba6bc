import NIOCore
import NIOPosix

/// Sends units to an ``Endpoint``, one after the other, and waits for each: what the receiver's side cannot take is
/// an error or a delay, never a silent loss on ours.
public struct UnitSender: ~Copyable {
    /// Where the units go.
    public let endpoint: Endpoint
    /// How many units were handed over.
    public private(set) var units = 0
    /// How many octets were handed over.
    public private(set) var octets: Int64 = 0
    private var channel: (any Channel)?
    private var datagramAddress: SocketAddress?
    private var file: OctetOutput?

    private static let largestDatagram = 65507

    /// Opens the way to an endpoint; a TCP receiver must listen already.
    ///
    /// - Parameters:
    ///   - endpoint: Where the units go.
    ///   - replacing: Whether a file of that name may be replaced.
    /// - Throws: `.network` with what the system said, or what ``OctetOutput`` throws.
    public init(to endpoint: Endpoint, replacing: Bool) async throws(IOFailure) {
        self.endpoint = endpoint
        let group = MultiThreadedEventLoopGroup.singleton
        switch endpoint {
        case .datagrams(let host, let port):
            let address = try await Self.network(endpoint) {
                try SocketAddress.makeAddressResolvingHost(host, port: port)
            }
            let local = address.protocol == .inet6 ? "::" : "0.0.0.0"
            channel = try await Self.network(endpoint) {
                try await DatagramBootstrap(group: group).bind(host: local, port: 0).get()
            }
            datagramAddress = address
            file = nil
        case .stream(let host, let port):
            channel = try await Self.network(endpoint) {
                let bootstrap = ClientBootstrap(group: group)
                    .channelOption(.socketOption(.tcp_nodelay), value: 1)
                    .connectTimeout(.seconds(5))
                return try await bootstrap.connect(host: host, port: port).get()
            }
            datagramAddress = nil
            file = nil
        case .path(let path):
            channel = nil
            datagramAddress = nil
            file = try OctetOutput(path: path, replacing: replacing)
        }
    }

    /// Sends one unit and waits until the system has it.
    ///
    /// - Parameter unit: The octets of the unit.
    /// - Throws: `.network`, `.tooLargeForDatagram`, or what ``OctetOutput`` throws.
    public mutating func send(_ unit: [UInt8]) async throws(IOFailure) {
        try Interruption.check()
        if let channel, let datagramAddress {
            guard unit.count <= Self.largestDatagram else {
                throw .tooLargeForDatagram(endpoint: endpoint.description, octets: unit.count)
            }
            let envelope = AddressedEnvelope(remoteAddress: datagramAddress, data: ByteBuffer(bytes: unit))
            try await Self.network(endpoint) { try await channel.writeAndFlush(envelope) }
        } else if let channel {
            try await Self.network(endpoint) { try await channel.writeAndFlush(ByteBuffer(bytes: unit)) }
        } else {
            try file?.write(unit.span)
        }
        units += 1
        octets += Int64(unit.count)
    }

    /// Hands over what a file still buffers.
    ///
    /// - Throws: What ``OctetOutput/flush()`` throws.
    public mutating func flush() throws(IOFailure) {
        try file?.flush()
    }

    /// Closes the way; a file appears under its name.
    ///
    /// - Throws: What ``OctetOutput/commit()`` throws.
    public consuming func finish() async throws(IOFailure) {
        if let channel { try? await channel.close() }
        if let output = file.take() { try output.commit() }
    }

    private static func network<Result>(
        _ endpoint: Endpoint,
        _ body: () async throws -> Result
    ) async throws(IOFailure) -> Result {
        do {
            return try await body()
        } catch let error as IOError {
            throw .network(endpoint: endpoint.description, reason: String(describing: error))
        } catch {
            throw .network(endpoint: endpoint.description, reason: String(describing: error))
        }
    }
}
