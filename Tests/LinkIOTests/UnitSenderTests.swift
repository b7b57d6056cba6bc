import Foundation
import LinkIO
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@Suite struct UnitSenderTests {
    /// Keeps what arrives.
    private final class Receiver: ChannelInboundHandler, Sendable {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        let units = Mutex<[[UInt8]]>([])

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let octets = Array(buffer: unwrapInboundIn(data).data)
            units.withLock { $0.append(octets) }
        }
    }

    private final class StreamReceiver: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let octets = Mutex<[UInt8]>([])

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let read = Array(buffer: unwrapInboundIn(data))
            octets.withLock { $0 += read }
        }
    }

    private func units() -> [[UInt8]] {
        var random = SeededGenerator(seed: 13)
        return (0..<50).map { random.octets(7 + $0 * 20) }
    }

    @Test func eachUnitIsOneDatagram() async throws {
        let receiver = Receiver()
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in channel.pipeline.addHandler(receiver) }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        var sender = try await UnitSender(to: .datagrams(host: "127.0.0.1", port: port), replacing: false)
        for unit in units() { try await sender.send(unit) }
        #expect(sender.units == 50)
        for _ in 0..<200 where receiver.units.withLock({ $0.count }) < 50 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(receiver.units.withLock { $0 } == units())
        await #expect(throws: IOFailure.self) { try await sender.send([UInt8](repeating: 0, count: 70_000)) }
        try await sender.finish()
        try await channel.close()
    }

    @Test func aStreamHoldsTheUnitsInOrder() async throws {
        let receiver = StreamReceiver()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in channel.pipeline.addHandler(receiver) }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        var sender = try await UnitSender(to: .stream(host: "127.0.0.1", port: port), replacing: false)
        for unit in units() { try await sender.send(unit) }
        try await sender.finish()
        let whole = units().flatMap { $0 }
        for _ in 0..<200 where receiver.octets.withLock({ $0.count }) < whole.count {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(receiver.octets.withLock { $0 } == whole)
        try await server.close()
    }

    @Test func nobodyListeningIsSaid() async throws {
        await #expect(throws: IOFailure.self) {
            _ = try await UnitSender(to: .stream(host: "127.0.0.1", port: 1), replacing: false)
        }
    }
}
