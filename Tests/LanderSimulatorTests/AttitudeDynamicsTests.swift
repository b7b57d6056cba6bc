import LanderSimulator
import RigidBody
import Testing

/// The rigid body against what mechanics says without a computer.
@Suite struct AttitudeDynamicsTests {
    private let lander = Matrix3(xx: 1150, yy: 1080, zz: 880, xy: 8, xz: -5, yz: 4)

    @Test func momentumAndEnergyHoldForAnHourWithoutTorque() throws {
        let dynamics = try #require(AttitudeDynamics(inertia: lander))
        var attitude = Quaternion(rotationVector: Vector3(0.3, -1.1, 0.7))
        var rate = Vector3(0.04, -0.07, 0.05)
        let momentum = attitude.rotate(dynamics.angularMomentum(rate: rate))
        let energy = dynamics.energy(rate: rate)
        for _ in 0..<360_000 { dynamics.advance(attitude: &attitude, rate: &rate, torque: .zero, by: 0.01) }
        let drift = attitude.rotate(dynamics.angularMomentum(rate: rate)) - momentum
        #expect(drift.norm / momentum.norm < 1e-9)
        #expect((dynamics.energy(rate: rate) - energy).magnitude / energy < 1e-9)
    }

    /// A body with two equal moments nutates at (Izz − Ixx)/Ixx·ωz: in the body frame the rate goes round a cone.
    @Test func anAxisymmetricBodyNutatesAtTheRateOfTheTextbook() throws {
        let dynamics = try #require(
            AttitudeDynamics(inertia: Matrix3(xx: 1000, yy: 1000, zz: 800, xy: 0, xz: 0, yz: 0))
        )
        var attitude = Quaternion.identity
        var rate = Vector3(0.02, 0, 0.3)
        for _ in 0..<10_000 { dynamics.advance(attitude: &attitude, rate: &rate, torque: .zero, by: 0.01) }
        let phase = (800.0 - 1000) / 1000 * 0.3 * 100
        #expect((rate.x - 0.02 * Elementary.cosine(phase)).magnitude < 1e-9)
        #expect((rate.y - 0.02 * Elementary.sine(phase)).magnitude < 1e-9)
        #expect((rate.z - 0.3).magnitude < 1e-12)
    }

    @Test func aSteadyTorqueTurnsAsHalfTheAccelerationTimesTimeSquared() throws {
        let dynamics = try #require(AttitudeDynamics(inertia: Matrix3(xx: 100, yy: 200, zz: 300, xy: 0, xz: 0, yz: 0)))
        var attitude = Quaternion.identity
        var rate = Vector3.zero
        for _ in 0..<1000 { dynamics.advance(attitude: &attitude, rate: &rate, torque: Vector3(0, 2, 0), by: 0.01) }
        #expect((rate.y - 0.1).magnitude < 1e-12)
        #expect((attitude.rotationVector - Vector3(0, 0.5, 0)).norm < 1e-12)
    }

    @Test func aTensorWithoutInverseIsNoBody() {
        #expect(AttitudeDynamics(inertia: Matrix3(xx: 1, yy: 0, zz: 1, xy: 0, xz: 0, yz: 0)) == nil)
    }
}
