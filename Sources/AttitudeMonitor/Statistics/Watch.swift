/// The standing of one condition: a leaky integrator in seconds, and its last witness.
///
/// `S ← clamp(S + (min(r, 11) − 1)·dt, 0, 2h)` with r = |residual| / limit; it alarms above h. Twice the limit needs h
/// seconds, eleven times the limit a tenth of that.
struct Watch: Sendable {
    /// The integrator (s).
    var integrator = 0.0
    /// When the present excursion began (s).
    var onset = Double.nan
    /// When the residual was last above its limit (s).
    var lastAbove = -Double.infinity
    /// When it was last judged at all (s): without judgement nothing is cleared.
    var lastJudged = -Double.infinity
    var value: Float = 0
    var expected: Float = 0
    var limit: Float = 0
    var sigma: Float = 0
    var isAlarmed = false

    /// Takes one residual.
    ///
    /// `start` is when the interval began that the residual speaks of, `dt` its length; no interval counts for more
    /// than two seconds, as a gap is no evidence.
    /// - Returns: Whether the integrator stands above `horizon` and the residual above its limit.
    mutating func add(_ residual: Residual, from start: Double, dt: Double, horizon: Double, now: Double) -> Bool {
        let ratio = residual.ratio
        guard !ratio.isNaN else { return false }
        lastJudged = now
        if ratio > 1, integrator == 0 { onset = start }
        integrator = min(max(integrator + (min(ratio, 11) - 1) * min(dt, 2), 0), 2 * horizon)
        if ratio > 1 { witness(residual, now: now) }
        // What stands falls only when it is well within its limit.
        if isAlarmed, ratio > 0.5 { lastAbove = now }
        return integrator > horizon && ratio > 1
    }

    /// Takes the verdict of a rule that logic decides, not an integrator.
    mutating func decide(_ isTrue: Bool, _ residual: Residual, onset start: Double, now: Double) {
        lastJudged = now
        guard isTrue else {
            integrator = 0
            return
        }
        if !isAlarmed { onset = start }
        witness(residual, now: now)
        integrator = max(integrator, now - onset)
        isAlarmed = true
    }

    /// Forgets the excursion.
    mutating func clear() { self = Watch() }

    private mutating func witness(_ residual: Residual, now: Double) {
        lastAbove = now
        value = Float(residual.value)
        expected = Float(residual.expected)
        limit = Float(residual.limit)
        sigma = Float(residual.sigma)
    }
}

/// A value, what it should have been, and how far it may be off.
struct Residual: Sendable {
    var value: Double
    var expected = 0.0
    var limit: Double
    var sigma = 0.0

    /// The difference in limits.
    var ratio: Double { limit > 0 ? (value - expected).magnitude / limit : 0 }
}
