import Missions

/// What can break.
enum FaultType: String, Sendable, Hashable, Codable, CaseIterable {
    case thrusterOpen
    case thrusterShut
    case thrusterWeak
    case thrusterReversed
    case leakTorque
    case engineWeak
    case engineDoesNotStart
    case engineDoesNotStop
    case gyroZero
    case gyroFrozen
    case gyroBias
    case gyroScale
    case gyroNoise
    case accelerometerOff
    case starTrackerLost
    case starTrackerJump

    /// What its target must be.
    var targetPattern: String {
        switch self {
        case .thrusterOpen, .thrusterShut, .thrusterWeak, .thrusterReversed: "thruster.N or thruster.*"
        case .leakTorque: "body"
        case .engineWeak, .engineDoesNotStart, .engineDoesNotStop: "engine"
        case .gyroZero, .gyroFrozen, .gyroBias, .gyroScale, .gyroNoise: "gyro.a or gyro.b"
        case .accelerometerOff: "accelerometer"
        case .starTrackerLost, .starTrackerJump: "starTracker.1"
        }
    }

    /// Whether a target is one.
    func accepts(target: String) -> Bool {
        switch self {
        case .thrusterOpen, .thrusterShut, .thrusterWeak, .thrusterReversed:
            target == "thruster.*" || (target.hasPrefix("thruster.") && Int(target.dropFirst(9)) != nil)
        case .leakTorque: target == "body"
        case .engineWeak, .engineDoesNotStart, .engineDoesNotStop: target == "engine"
        case .gyroZero, .gyroFrozen, .gyroBias, .gyroScale, .gyroNoise: target == "gyro.a" || target == "gyro.b"
        case .accelerometerOff: target == "accelerometer"
        case .starTrackerLost, .starTrackerJump: target == "starTracker.1"
        }
    }

    /// Its size where the file names none: a factor, N·m, rad/s or rad, as the type has it.
    var usualSize: Double {
        switch self {
        case .thrusterWeak, .engineWeak: 0.5
        case .leakTorque: 0.5
        case .gyroBias: 1e-4
        case .gyroScale: 0.05
        case .gyroNoise: 10
        case .starTrackerJump: 0.01
        case .thrusterOpen, .thrusterShut, .thrusterReversed, .engineDoesNotStart, .engineDoesNotStop, .gyroZero,
            .gyroFrozen, .accelerometerOff, .starTrackerLost:
            1
        }
    }
}

/// A fault as a scenario file asks for it.
struct FaultRequest: Sendable, Hashable, Decodable {
    var type: FaultType
    var target: String
    var onset: Onset
    /// Seconds from the start at which it ends; absent for one that stays.
    var end: Double?
    var size: Double?
    /// The chance that it happens at all; 1 if absent.
    var probability: Double?

    /// When it begins.
    enum Onset: Sendable, Hashable {
        /// Seconds from the start, between two.
        case seconds(Double, Double)
        /// A share of the duration, between two.
        case fraction(Double, Double)
        /// When the burn is commanded.
        case ignition
    }

    private enum CodingKeys: String, CodingKey {
        case type, target, onset, end, size, probability
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let name = try values.decode(String.self, forKey: .type)
        guard let type = FaultType(rawValue: name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .type,
                in: values,
                debugDescription: "no fault \(name) is simulated; "
                    + NearestName.hint(for: name, among: FaultType.allCases.map(\.rawValue))
            )
        }
        self.type = type
        target = try values.decode(String.self, forKey: .target)
        onset = try values.decode(Onset.self, forKey: .onset)
        end = try values.decodeIfPresent(Double.self, forKey: .end)
        size = try values.decodeIfPresent(Double.self, forKey: .size)
        probability = try values.decodeIfPresent(Double.self, forKey: .probability)
    }

    /// The first figure that cannot be, with its key.
    var defect: (key: String, reason: String)? {
        if !type.accepts(target: target) {
            return ("target", "a \(type.rawValue) has the target \(type.targetPattern)")
        }
        if let size, !size.isFinite { return ("size", "this is no number") }
        if let probability, !(0...1).contains(probability) { return ("probability", "a chance is 0 to 1") }
        switch onset {
        case .seconds(let low, let high) where !(low >= 0 && high >= low):
            return ("onset", "from 0 up, low before high")
        case .fraction(let low, let high) where !(low >= 0 && high >= low && high <= 1):
            return ("onset.fraction", "shares from 0 to 1, low before high")
        case .seconds, .fraction, .ignition: return nil
        }
    }
}

extension FaultRequest.Onset: Decodable {
    private enum CodingKeys: String, CodingKey {
        case fraction, seconds
    }

    init(from decoder: any Decoder) throws {
        if let single = try? decoder.singleValueContainer() {
            if let seconds = try? single.decode(Double.self) {
                self = .seconds(seconds, seconds)
                return
            }
            if let word = try? single.decode(String.self) {
                guard word == "ignition" else {
                    throw DecodingError.dataCorruptedError(
                        in: single,
                        debugDescription: "an onset is seconds, \"ignition\", {\"fraction\": [low, high]} or "
                            + "{\"seconds\": [low, high]}"
                    )
                }
                self = .ignition
                return
            }
        }
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if values.contains(.fraction) {
            let pair = try Self.pair(values, .fraction)
            self = .fraction(pair.0, pair.1)
        } else {
            let pair = try Self.pair(values, .seconds)
            self = .seconds(pair.0, pair.1)
        }
    }

    private static func pair(
        _ values: KeyedDecodingContainer<CodingKeys>,
        _ key: CodingKeys
    ) throws -> (Double, Double) {
        let pair = try values.decode([Double].self, forKey: key)
        guard pair.count == 2 else {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: values,
                debugDescription: "two numbers, low and high"
            )
        }
        return (pair[0], pair[1])
    }
}
