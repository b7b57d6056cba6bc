import RigidBody

extension AttitudeMonitor {
    /// Turns the standing of the watches into events: one cause, one event.
    mutating func report(now: Double, into sink: (borrowing AnomalyEvent) -> Void) {
        var isAnyNew = false
        for index in 0..<WatchID.count where state.watches[index].isAlarmed && state.hosts[index] < 0 {
            isAnyNew = true
        }
        if isAnyNew { assign(now: now) }
        guard state.alarms > 0 || isAnyNew else { return }
        for cause in 0..<Cause.count {
            switch state.causes[cause].change {
            case .raised: emit(cause, .raised, now: now, into: sink)
            case .updated: emit(cause, .updated, now: now, into: sink)
            case .none: clearIfQuiet(cause, now: now, into: sink)
            }
            state.causes[cause].change = .none
        }
    }

    /// Gives each newly alarmed watch its cause, the most specific first.
    private mutating func assign(now: Double) {
        for id in WatchID.order where state.watches[id.index].isAlarmed && state.hosts[id.index] < 0 {
            let cause = host(of: id)
            state.hosts[id.index] = Int8(cause)
            // A gyro that lied has left its lie in the slow lags of the observer.
            if (Cause.gyro(0)...Cause.disagreement).contains(cause) { state.torque.restart() }
            let bit = UInt64(1) << UInt64(id.index)
            if state.causes[cause].id == 0 {
                state.causes[cause].id = state.nextID
                state.nextID &+= 1
                state.alarms += 1
                state.causes[cause].leader = Int8(id.index)
                state.causes[cause].members = bit
                state.causes[cause].onset = state.watches[id.index].onset
                state.causes[cause].change = .raised
                continue
            }
            guard state.causes[cause].members & bit == 0 else { continue }
            state.causes[cause].members |= bit
            if rank(id.index) < rank(Int(state.causes[cause].leader)) {
                state.causes[cause].leader = Int8(id.index)
                state.causes[cause].onset = min(state.causes[cause].onset, state.watches[id.index].onset)
            }
            if state.causes[cause].change == .none { state.causes[cause].change = .updated }
        }
    }

    private func rank(_ index: Int) -> Int { WatchID.order.firstIndex { $0.index == index } ?? WatchID.count }

    private func isActive(_ cause: Int) -> Bool { state.causes[cause].id != 0 }

    /// The cause that explains a witness: its own, or one that stands already and leads to it.
    private func host(of id: WatchID) -> Int {
        let own = id.cause
        if isActive(own) { return own }
        switch id.index {
        case 1...5, 38:
            for unit in 0..<4 where isActive(Cause.gyro(unit)) { return Cause.gyro(unit) }
            if isActive(Cause.disagreement) { return Cause.disagreement }
        case 13...16:
            if isActive(Cause.disagreement) { return Cause.disagreement }
            if isActive(Cause.dynamics) { return Cause.dynamics }
        case 17:
            for unit in 0..<4 where isActive(Cause.gyro(unit)) { return Cause.gyro(unit) }
            if isActive(Cause.dynamics) { return Cause.dynamics }
        case 9...12:
            // A spin drives a gyro to its range; it does not freeze it.
            let isSaturated = state.stuckKinds[id.unit] == StuckKind.saturated.rawValue
            if isSaturated, isActive(Cause.dynamics) { return Cause.dynamics }
            if isActive(Cause.disagreement) { return Cause.disagreement }
        case 18...27: if isActive(Cause.dynamics) { return Cause.dynamics }
        case 8: if isActive(Cause.acceleration) { return Cause.acceleration }
        case 34: if isActive(Cause.dynamics) { return Cause.dynamics }
        default: break
        }
        return own
    }

    private mutating func clearIfQuiet(_ cause: Int, now: Double, into sink: (borrowing AnomalyEvent) -> Void) {
        guard isActive(cause) else { return }
        for index in 0..<WatchID.count where Int(state.hosts[index]) == cause {
            let watch = state.watches[index]
            guard watch.lastJudged - watch.lastAbove >= model.settings.clearTime else { return }
        }
        emit(cause, .cleared, now: now, into: sink)
        for index in 0..<WatchID.count where Int(state.hosts[index]) == cause {
            state.watches[index].clear()
            state.hosts[index] = -1
        }
        if cause == Cause.dynamics { state.torque.end() }
        state.causes[cause] = Cause()
        state.alarms -= 1
    }

    private func emit(
        _ cause: Int,
        _ change: AnomalyEvent.State,
        now: Double,
        into sink: (borrowing AnomalyEvent) -> Void
    ) {
        let event = makeEvent(cause, change, now: now)
        if event.severity >= model.settings.minimumSeverity { sink(event) }
    }
}
