import RigidBody

extension TorqueObserver {
    /// Which thrusters explain an unexplained torque, the likeliest first.
    ///
    /// Open: the torque lies along the thruster's and is about as strong; leaking: along, but weaker; shut: against,
    /// as strong as it was commanded.
    func causes(of torque: Vector3, sigma: Double, now: Double, model: CraftModel) -> [AnomalyEvent.Isolation] {
        var scores: [(cause: String, score: Double)] = [("another torque, such as a leak or a burst", 0.01)]
        let strength = torque.norm
        guard strength > 0 else { return [] }
        for thruster in model.thrusters where thruster.strength > 0 {
            let gain = torque.dot(thruster.torque) / (thruster.strength * thruster.strength)
            let across = (torque - thruster.torque * gain).norm
            let spread = 0.08 * strength + 0.03 * thruster.strength + sigma
            let match = Elementary.exponential(-0.5 * (across / spread) * (across / spread))
            let duty = self.duty(thruster.id, now: now)
            if gain > 0.04, gain < 1.5 {
                let free = max(1 - duty, 0.05)
                let off = (gain - free) / 0.2
                // In the interval in which it began a thruster was open for part of the time only.
                let full = isPartial && gain < free ? 1 : Elementary.exponential(-0.5 * off * off)
                scores.append(("thruster \(thruster.id) open", match * full))
                scores.append(("thruster \(thruster.id) leaking", 0.2 * match * (gain < 0.7 ? 1 : 0.05)))
            } else if gain < -0.04, duty > 0.04 {
                let off = (-gain - duty) / (0.15 * duty + 0.05)
                scores.append(("thruster \(thruster.id) shut", match * Elementary.exponential(-0.5 * off * off)))
            }
        }
        let sum = scores.reduce(0) { $0 + $1.score }
        // Ties keep the order of the table, so that equal input gives equal output.
        return scores.enumerated()
            .sorted { ($0.element.score, -$0.offset) > ($1.element.score, -$1.offset) }
            .prefix(3)
            .filter { $0.element.score > 0.02 * sum }
            .map { AnomalyEvent.Isolation(cause: $0.element.cause, confidence: $0.element.score / sum) }
    }
}
