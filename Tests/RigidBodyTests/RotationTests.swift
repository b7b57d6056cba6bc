import Foundation
import RigidBody
import TestSupport
import Testing

@Suite struct RotationTests {
    private var random = SeededGenerator(seed: 7)

    private mutating func vector(_ size: Double) -> Vector3 {
        Vector3(
            .random(in: -size...size, using: &random),
            .random(in: -size...size, using: &random),
            .random(in: -size...size, using: &random)
        )
    }

    @Test func quarterTurnAboutZTurnsXToY() {
        let quarter = Quaternion(rotationVector: Vector3(0, 0, .pi / 2))
        let turned = quarter.rotate(Vector3(1, 0, 0))
        #expect((turned - Vector3(0, 1, 0)).norm < 1e-15)
        #expect((quarter.rotateBack(turned) - Vector3(1, 0, 0)).norm < 1e-15)
    }

    @Test mutating func logarithmUndoesExponential() {
        for _ in 0..<2000 {
            let rotation = vector(1.7)
            guard rotation.norm < .pi else { continue }
            let back = Quaternion(rotationVector: rotation).rotationVector
            #expect((back - rotation).norm < 1e-13, "\(rotation)")
        }
        for size in [1e-3, 1e-5, 1e-9, 0] {
            let rotation = Vector3(size, -size, size / 2)
            #expect((Quaternion(rotationVector: rotation).rotationVector - rotation).norm <= 1e-15)
        }
    }

    @Test mutating func bothSignsAreOneRotation() {
        let q = Quaternion(rotationVector: vector(1))
        #expect(q.rotationVector == (-q).rotationVector)
        #expect(q.angle(to: -q) < 1e-15)
    }

    @Test mutating func productComposesFromTheRight() {
        let a = Quaternion(rotationVector: vector(2))
        let b = Quaternion(rotationVector: vector(2))
        let v = vector(3)
        #expect(((a * b).rotate(v) - a.rotate(b.rotate(v))).norm < 1e-14)
    }

    @Test mutating func inverseOfAnInertiaTensorGivesTheIdentity() throws {
        let inertia = Matrix3(xx: 1150, yy: 1080, zz: 880, xy: 8, xz: -5, yz: 4)
        let inverse = try #require(inertia.inverse)
        let v = vector(1)
        #expect((inverse * (inertia * v) - v).norm < 1e-14)
        #expect(Matrix3(.zero, .zero, .zero).inverse == nil)
    }

    @Test func zeroQuaternionHasNoDirection() {
        #expect(Quaternion(0, 0, 0, 0).normalized == nil)
        #expect(Vector3.zero.normalized == nil)
        #expect(Quaternion(.nan, 0, 0, 1).normalized == nil)
    }
}

@Suite struct VehicleTests {
    @Test func everyKeyIsOptional() throws {
        let vehicle = try JSONDecoder().decode(Vehicle.self, from: Data("{}".utf8))
        #expect(vehicle == Vehicle())
    }

    @Test func valuesSurviveARoundTrip() throws {
        let text = """
            {"mass": 1330, "inertia": {"xx": 1150, "yy": 1080, "zz": 880, "xy": 8, "uncertainty": 0.05},
             "thrusters": [{"id": 1, "torque": [24, 0, 0], "scaleTolerance": 0.1, "minimumOnTime": 0.01}],
             "starTrackers": {"1": {"across": 2.9e-5, "boresight": [0, 0, 1]}}, "modes": {"hold": {"rate": 0.0044}}}
            """
        let vehicle = try JSONDecoder().decode(Vehicle.self, from: Data(text.utf8))
        #expect(vehicle.thrusters?.first?.torque == Vector3(24, 0, 0))
        #expect(vehicle.inertia?.matrix.row0 == Vector3(1150, 8, 0))
        let again = try JSONDecoder().decode(Vehicle.self, from: JSONEncoder().encode(vehicle))
        #expect(again == vehicle)
    }

    @Test(arguments: ["[1,2]", "[1,2,3,4]", "{\"x\":1}"])
    func vectorsOfOtherLengthsAreRefused(_ text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Vector3.self, from: Data(text.utf8)) }
    }
}
