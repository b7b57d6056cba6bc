import AttitudeMonitor
import Testing

@Suite struct NominalTests {
    @Test(arguments: [Flight.Plan.hold, .slews, .burns, .spin], [false, true])
    func anHourOfHealthyFlightIsSilent(plan: Flight.Plan, isAccumulating: Bool) throws {
        var pass = Pass()
        pass.settings.plan = plan
        pass.settings.isAccumulating = isAccumulating
        pass.settings.seed = isAccumulating ? 3 : 4
        pass.duration = 3600
        pass.gap = 1000...1010
        for (rate, events) in zip(pass.rates, try pass.fly()) {
            #expect(events.alarms.isEmpty, "at \(rate) Hz:\n\(events.story)")
        }
    }
}
