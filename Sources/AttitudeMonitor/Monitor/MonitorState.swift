import RigidBody

/// All that a monitor remembers between samples: plain values of fixed size.
struct MonitorState: Sendable {
    var watches = InlineArray<39, Watch>(repeating: Watch())
    var causes = InlineArray<20, Cause>(repeating: Cause())
    var hosts = InlineArray<39, Int8>(repeating: -1)
    var nextID: Int32 = 1
    var clock = SampleClock()
    var gyros = InlineArray<4, GyroChannel>(repeating: GyroChannel())
    var stuckKinds = InlineArray<4, UInt8>(repeating: 0)
    var primary: Int8 = -1
    var secondary: Int8 = -1
    var pair = GyroPair()
    var trackers = InlineArray<5, TrackerChannel>(repeating: TrackerChannel())
    var stars = StarParity()
    var torque = TorqueObserver()
    var torqueVector = Vector3.zero
    var torqueIsResponse = false
    var onTimesSeen = false
    var effortSum = 0.0
    var stir = 0.0
    var quietSamples: Int32 = 0
    var rates = RateHistory()
    var burn = BurnWatch()
    var mode: Int16 = -1
    var previousMode: Int16 = -1
    var modeSince = -Double.infinity
    var slewingUntil = -Double.infinity
    var massRatio = 1.0
    var altitudeCount: Int32 = 0
    var valveCount: Int32 = 0
    var valveUnit: Int8 = -1
    var valveSince = Double.nan
    var errorSeen = false
    var alarms: Int32 = 0
}
