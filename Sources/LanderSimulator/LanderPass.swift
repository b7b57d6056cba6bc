import Crypto
import FoundationEssentials
import MissionDatabase
import Missions
import RigidBody
public import SpaceLink

/// A pass of a craft over a station: it flies, fails if the scenario has it so, and transmits.
///
/// The same mission, scenario, seed and version give the same octets and the same truth on every machine.
/// ```swift
/// let craft = try MissionProfile.named("luna-25").craft("lander")
/// let pass = try LanderPass(PassRequest(craft: craft, scenario: "spin-out", seed: 7))
/// let truth = try pass.run { octets in try file.write(octets) }
/// ```
public struct LanderPass: Sendable {
    /// What was asked for.
    public let request: PassRequest
    /// Seconds.
    public let duration: Double
    /// Fast packets a second.
    public let rate: Double
    /// The name of the link.
    public let link: String
    /// The instant of the first sample.
    public let start: TAITime

    private let settings: SimulatorSettings
    private let linkSettings: SimulatorSettings.Link
    private let plan: FlightPlan
    private let flight: LanderFlight
    private let row: SampleRow
    private let writers: [PacketWriter]
    private let stream: FrameStream

    /// Draws a pass and checks that it can be flown.
    ///
    /// - Parameter request: Which pass.
    /// - Throws: What cannot be, and what to try.
    public init(_ request: PassRequest) throws(SimulationError) {
        self.request = request
        let craft = request.craft
        let content = request.scenario.content
        guard let settings = craft.simulator else { throw .noSimulator(craft: craft.id) }
        self.settings = settings
        for (wanted, given) in [(content.mission, craft.mission), (content.craft, craft.id)] {
            if let wanted, wanted != given {
                throw .otherCraft(scenario: request.scenario.name, wants: wanted, given: given)
            }
        }
        duration = request.duration ?? content.duration ?? 600
        link = request.link ?? content.link ?? settings.defaultLink
        guard let linkSettings = settings.links[link] else {
            throw .unknownLink(link, known: Array(settings.links.keys))
        }
        self.linkSettings = linkSettings
        rate = request.rate ?? content.rate ?? linkSettings.rates[settings.fastPacket] ?? 1
        guard rate >= 1e-4, rate <= 50 else { throw .badRate(rate) }
        guard let start = request.start ?? TAITime(utc: settings.start) else { throw .badStart(settings.start) }
        self.start = start
        plan = try FlightPlan(request: request, settings: settings, duration: duration)
        flight = try LanderFlight(
            craft: craft,
            plan: plan,
            seed: request.seed,
            factor: content.dispersion?.factor ?? 1
        )
        var row = SampleRow()
        row.read(flight)
        self.row = row
        do {
            stream = try FrameStream(request: request, virtualChannel: settings.virtualChannel, link: linkSettings)
        } catch { throw .link(error) }
        writers = try Self.makeWriters(
            craft: craft,
            settings: settings,
            link: linkSettings,
            rate: rate,
            row: row,
            start: start
        )
        let needed = writers.reduce(0.0) { $0 + Double($1.length * 8) * $1.rate }
        let carried = stream.capacity
        guard request.format == .packets || needed <= carried else {
            throw .linkTooSlow(link: link, needed: needed, carried: carried)
        }
    }

    private static func makeWriters(
        craft: Craft,
        settings: SimulatorSettings,
        link: SimulatorSettings.Link,
        rate: Double,
        row: SampleRow,
        start: TAITime
    ) throws(SimulationError) -> [PacketWriter] {
        do {
            let database = try craft.makeDatabase()
            let known = database.containers.map(\.name)
            for name in link.rates.keys.sorted() where !known.contains(name) {
                throw SimulationError.noPacket(name, craft: craft.id)
            }
            var writers: [PacketWriter] = []
            for name in known {
                guard let usual = link.rates[name] else { continue }
                writers.append(
                    try PacketWriter(
                        container: name,
                        rate: name == settings.fastPacket ? rate : usual,
                        database: database,
                        row: row,
                        timeCode: craft.timeCode,
                        start: start
                    )
                )
            }
            return writers
        } catch let error as XTCEError {
            throw .database(error)
        } catch let error as SimulationError {
            throw error
        } catch {
            throw .noPacket(settings.fastPacket, craft: craft.id)
        }
    }

    /// Flies the pass.
    ///
    /// - Parameters:
    ///   - output: Takes the octets as they are sent, a frame (or packet) at a time.
    ///   - samples: Takes the samples of each fast packet, before they are packed.
    /// - Returns: What really happened.
    /// - Throws: What the closures throw.
    public func run<Failure: Error>(
        output: (Span<UInt8>) throws(Failure) -> Void,
        samples: (PassSample) throws(Failure) -> Void
    ) throws(Failure) -> PassTruth {
        var flight = flight
        var row = row
        var writers = writers
        var stream = stream
        var record = PassRecord(roles: row)
        let last = Int((duration * 100).rounded())
        var next = 0
        for step in 0...last {
            flight.runComputer()
            if step % 100 == 0 { record.note(flight) }
            if step >= next {
                row.read(flight)
                next = .max
                for index in writers.indices {
                    if writers[index].nextStep <= step {
                        let time = TAITime(nanoseconds: start.nanoseconds + Int64(step) * 10_000_000)
                        writers[index].make(row: row, time: time)
                        record.count(packet: writers[index].octets, apid: writers[index].apid)
                        try stream.push(packet: writers[index].octets, time: flight.time, output: output)
                        if writers[index].name == settings.fastPacket {
                            try samples(record.sample(time: flight.time, row: row))
                        }
                    }
                    next = min(next, writers[index].nextStep)
                }
            }
            try stream.advance(to: flight.time, output: output)
            if step < last { flight.advance() }
        }
        try stream.finish(output: output)
        return record.truth(pass: self, plan: plan, flight: flight, stream: stream, bitRate: linkSettings.bitRate)
    }

    /// Flies the pass.
    ///
    /// - Parameter output: Takes the octets as they are sent, a frame (or packet) at a time.
    /// - Returns: What really happened.
    /// - Throws: What the closure throws.
    public func run<Failure: Error>(
        _ output: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) -> PassTruth {
        try run(output: output, samples: { (_: PassSample) throws(Failure) in })
    }

    /// When the burn is commanded (s), if one is flown.
    public var ignition: Double? { plan.burn?.ignition }

    /// The kinds of the faults that were drawn.
    public var faultTypes: [String] { plan.faults.map(\.type.rawValue) }

    /// The virtual channel of the packets.
    var virtualChannel: Int { settings.virtualChannel }
}
