/// What can be wrong with the attitude of a craft, or with what it tells of it.
public enum Condition: String, Sendable, Hashable, Codable, CaseIterable {
    /// The craft turns faster than its actuators could stop in time.
    case tumble
    /// The rate grows towards loss within a minute.
    case divergence
    /// A torque acts that nobody commanded.
    case uncommandedTorque
    /// Thrusters do not do what they are told.
    case thrusterResponse
    /// The engine burns and no acceleration is measured.
    case accelerationMissingInBurn
    /// The engine burns past its planned cut-off.
    case burnOverrun
    /// The engine gives too much thrust, too little, or none.
    case thrustAnomaly
    /// A gyro repeats one reading.
    case gyroFrozen
    /// A gyro reads exactly zero, or declares itself invalid.
    case gyroZero
    /// A gyro is at the end of its range.
    case gyroSaturated
    /// The spin axis leaves the axis of largest inertia.
    case nutation
    /// A gyro reads a rate that the stars do not confirm.
    case gyroBias
    /// Two gyros contradict each other and nothing tells which is right.
    case gyroDisagreement
    /// A small torque acts for long that nobody commanded.
    case slowTorque
    /// The rate is off its reference by more than the guidance mode keeps to.
    case rateExceeded
    /// The attitude is off its target by more than the guidance mode keeps to.
    case attitudeError
    /// A star tracker jumps to another attitude.
    case starTrackerJump
    /// A star tracker gives no attitude at a rate at which it should.
    case starTrackerLost
    /// A quaternion is none: its norm is not one.
    case quaternionNorm
    /// A wheel is near its largest speed.
    case wheelSaturation
    /// The link fades at one period, as the craft turns.
    case linkModulation
    /// Two statements of telemetry exclude each other.
    case contradiction
    /// A channel went silent while others go on.
    case telemetryStale
    /// Nothing was received for a while.
    case telemetryGap

    /// The severity that the condition has by itself.
    public var severity: Severity {
        switch self {
        case .tumble, .divergence, .uncommandedTorque, .thrusterResponse, .accelerationMissingInBurn, .burnOverrun,
            .thrustAnomaly, .gyroFrozen, .gyroZero, .gyroSaturated:
            .critical
        case .nutation, .gyroBias, .gyroDisagreement, .slowTorque, .rateExceeded, .attitudeError, .starTrackerJump,
            .starTrackerLost, .quaternionNorm, .wheelSaturation, .linkModulation, .contradiction:
            .warning
        case .telemetryStale, .telemetryGap: .information
        }
    }

    /// A paragraph for people: what it means and what it is judged by.
    public var summary: String {
        switch self {
        case .tumble:
            """
            The craft turns faster than its actuators can be trusted to stop. Judged by the rate itself, from the gyro \
            that is believed or from the change of attitude, against a limit for the guidance mode; planned spins \
            have a limit of their own.
            """
        case .divergence:
            """
            The rate grows, and at this pace the craft reaches the rate of loss within a minute. Judged by the slope \
            of the rate once it is well off its reference, so that slews and burns do not count.
            """
        case .uncommandedTorque:
            """
            The craft turns up faster than its thrusters, engine and own momentum explain: something pushes it that \
            nobody commanded, such as a thruster stuck open, a leak or a burst. Judged by the difference of measured \
            and predicted angular momentum; the direction of the torque names the likely thruster.
            """
        case .thrusterResponse:
            """
            The craft does not answer to its thrusters as commanded: one is dead, weak, swapped or reversed. Judged \
            by measured against commanded torque once there was enough of it.
            """
        case .accelerationMissingInBurn:
            """
            The engine burns and the accelerometers measure no acceleration. A burn that is to end by velocity change \
            will then not end. Judged by the accelerometer's own enable flag, or by readings below half of what \
            thrust and mass predict.
            """
        case .burnOverrun:
            """
            The engine still burns after the planned cut-off, allowing two per cent and 0.6 s. Time during gaps in \
            the telemetry is not counted as burn time.
            """
        case .thrustAnomaly:
            """
            The engine gives clearly more or less acceleration than its nominal thrust, or does not light when \
            commanded.
            """
        case .gyroFrozen:
            """
            A gyro repeats the same reading more often than chance allows for its noise and resolution: its output \
            no longer follows the craft.
            """
        case .gyroZero:
            """
            A gyro reads exactly zero on all axes, or has declared itself invalid, after having worked: a drop-out. \
            Whoever steers by it believes that the craft stands still.
            """
        case .gyroSaturated: "A gyro reads the end of its range: the true rate is at least that and is not known."
        case .nutation:
            "The spin axis coned away from the axis of largest inertia: energy is being lost at constant momentum."
        case .gyroBias:
            """
            A gyro reads a rate that the star tracker, or another gyro together with it, does not confirm. Steering \
            by it turns the craft without anyone noticing.
            """
        case .gyroDisagreement:
            """
            Two gyros contradict each other by more than their noise and scale errors, and no third source tells \
            which one is right.
            """
        case .slowTorque:
            """
            A small torque acts steadily that nobody commanded, such as a slow leak. Judged as the sudden one, over \
            some twenty seconds.
            """
        case .rateExceeded:
            "The rate is off its reference by more than the guidance mode keeps to, and stays so after the grace time."
        case .attitudeError:
            "The attitude is off its target by more than the guidance mode keeps to, and stays so after the grace time."
        case .starTrackerJump:
            """
            The attitude of a star tracker jumped by more than the gyros confirm, and stayed there: a wrong star or \
            a wrong catalogue match.
            """
        case .starTrackerLost:
            """
            A star tracker that worked has given no new attitude for minutes, at a rate at which it should see stars.
            """
        case .quaternionNorm:
            "The norm of a quaternion differs from one by more than rounding explains: its data are corrupt."
        case .wheelSaturation: "A wheel is near its largest speed, or will soon be: no torque is left in one direction."
        case .linkModulation:
            "Frames are lost or the signal fades at one period: the craft turns, whatever else is heard."
        case .contradiction:
            """
            Two statements of telemetry exclude each other, such as an engine that burns in coast or a valve open \
            that nobody commanded. The rule is named in the event.
            """
        case .telemetryStale:
            "A channel that used to come went silent while others go on; what it last said is no evidence of health."
        case .telemetryGap: "Nothing was received for a while; what happened meanwhile is not known."
        }
    }
}
