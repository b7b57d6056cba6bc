/// The place of one watch among all: which condition, of which unit.
struct WatchID: Sendable, Hashable {
    var index: Int

    static let torque = WatchID(index: 0)
    static let slowTorque = WatchID(index: 1)
    static let tumble = WatchID(index: 2)
    static let divergence = WatchID(index: 3)
    static let rateExceeded = WatchID(index: 4)
    static let attitudeError = WatchID(index: 5)
    static let acceleration = WatchID(index: 6)
    static let overrun = WatchID(index: 7)
    static let thrust = WatchID(index: 8)
    static func gyroStuck(_ unit: Int) -> WatchID { WatchID(index: 9 + unit) }
    static func gyroBias(_ unit: Int) -> WatchID { WatchID(index: 13 + unit) }
    static let disagreement = WatchID(index: 17)
    static func jump(_ unit: Int) -> WatchID { WatchID(index: 18 + unit) }
    static func lost(_ unit: Int) -> WatchID { WatchID(index: 23 + unit) }
    static func norm(_ unit: Int) -> WatchID { WatchID(index: 28 + unit) }
    static let engineInCoast = WatchID(index: 33)
    static let valve = WatchID(index: 34)
    static let altitude = WatchID(index: 35)
    static let gap = WatchID(index: 36)
    static let stale = WatchID(index: 37)
    static let response = WatchID(index: 38)
    static let count = 39

    /// Units of one kind, for the ranges above.
    var unit: Int {
        switch index {
        case 9...12: index - 9
        case 13...16: index - 13
        case 18...22: index - 18
        case 23...27: index - 23
        case 28...32: index - 28
        default: 0
        }
    }

    /// The cause that it belongs to by itself.
    var cause: Int {
        switch index {
        case 0...5: Cause.dynamics
        case 6: Cause.acceleration
        case 7: Cause.overrun
        case 8: Cause.thrust
        case 9...16: Cause.gyro(unit)
        case 17: Cause.disagreement
        case 18...32: Cause.tracker(unit)
        case 33: 15
        case 34: 16
        case 35: 17
        case 36: 18
        case 38: Cause.dynamics
        default: 19
        }
    }

    /// The more specific a witness, the smaller: it gives the event its name.
    static let order: [WatchID] = [
        .torque, .gyroStuck(0), .gyroStuck(1), .gyroStuck(2), .gyroStuck(3), .gyroBias(0), .gyroBias(1), .gyroBias(2),
        .gyroBias(3), .disagreement, .slowTorque, .response, .acceleration, .overrun, .thrust, .tumble, .divergence,
        .rateExceeded, .attitudeError, .jump(0), .jump(1), .jump(2), .jump(3), .jump(4), .norm(0), .norm(1), .norm(2),
        .norm(3), .norm(4), .lost(0), .lost(1), .lost(2), .lost(3), .lost(4), .engineInCoast, .valve, .altitude, .gap,
        .stale,
    ]
}

/// One cause: what was reported of it so far.
struct Cause: Sendable {
    static let dynamics = 0
    static let acceleration = 1
    static let overrun = 2
    static let thrust = 3
    static func gyro(_ unit: Int) -> Int { 4 + unit }
    static let disagreement = 8
    static func tracker(_ unit: Int) -> Int { 9 + unit }
    static let count = 20

    /// The number under which it was raised; 0 while it is not.
    var id: Int32 = 0
    /// The watch that gives it its name.
    var leader: Int8 = -1
    /// The watches that joined, a bit each.
    var members: UInt64 = 0
    var onset = Double.nan
    var change = Change.none

    enum Change: UInt8 {
        case none
        case raised
        case updated
    }
}
