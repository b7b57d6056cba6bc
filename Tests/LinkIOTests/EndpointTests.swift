import LinkIO
import Testing

@Suite struct EndpointTests {
    @Test func readsWhatPeopleWrite() throws {
        #expect(try Endpoint("udp://127.0.0.1:10015") == .datagrams(host: "127.0.0.1", port: 10015))
        #expect(try Endpoint("tcp://[::1]:9") == .stream(host: "::1", port: 9))
        #expect(try Endpoint("out.bin") == .path("out.bin"))
        #expect(try Endpoint("-") == .path("-"))
    }

    @Test(arguments: ["udp://host", "udp://:5", "udp://host:0", "udp://host:70000", "http://host:80", "", "tcp://"])
    func refusesWhatNamesNoPlace(_ text: String) {
        #expect(throws: IOFailure.badEndpoint(text)) { try Endpoint(text) }
    }
}

@Suite struct ReplayPaceTests {
    @Test func delaysAreStreamTimeOverSpeed() {
        var pace = ReplayPace(speed: 50)
        #expect(pace.due(at: 1_000_000_000) == .zero)
        #expect(pace.due(at: 51_000_000_000) == .seconds(1))
        #expect(pace.due(at: 26_000_000_000) == .seconds(1), "what was late is due at once, not twice")
        #expect(pace.due(at: 101_000_000_000) == .seconds(2))
    }

    @Test func errorsDoNotAddUp() {
        var pace = ReplayPace(speed: 3)
        var last = Duration.zero
        for step in 0...36_000 { last = pace.due(at: Int64(step) * 100_000_000) }
        #expect((last - .seconds(1200)) < .microseconds(1) && (.seconds(1200) - last) < .microseconds(1))
    }

    @Test func noSpeedMeansNoWaiting() {
        var pace = ReplayPace(speed: nil)
        #expect(pace.due(at: 0) == .zero)
        #expect(pace.due(at: .max) == .zero)
        var extreme = ReplayPace(speed: 1)
        #expect(extreme.due(at: .min) == .zero)
        #expect(extreme.due(at: .max) == .zero, "a jump that no number holds is not waited for")
    }
}
