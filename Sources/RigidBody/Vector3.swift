/// Three components along the axes of one frame; the name of the value says which frame and unit.
///
/// Reads from and writes to JSON as `[x, y, z]`.
public struct Vector3: Sendable, Hashable {
    /// The component along the first axis.
    public var x: Double
    /// The component along the second axis.
    public var y: Double
    /// The component along the third axis.
    public var z: Double

    /// The vector without length.
    public static let zero = Vector3(0, 0, 0)

    /// Makes a vector of three components in one unit.
    public init(_ x: Double, _ y: Double, _ z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// The square of the Euclidean length.
    public var normSquared: Double { x * x + y * y + z * z }

    /// The Euclidean length.
    public var norm: Double { normSquared.squareRoot() }

    /// The largest magnitude among the components.
    public var largestMagnitude: Double { max(x.magnitude, y.magnitude, z.magnitude) }

    /// Whether no component is infinite or not a number.
    public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

    /// The vector of length one in the same direction, or `nil` where there is no direction.
    public var normalized: Vector3? {
        let length = norm
        guard length > 0, length.isFinite else { return nil }
        return self * (1 / length)
    }

    /// The scalar product.
    public func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }

    /// The vector product `self × other`.
    public func cross(_ other: Vector3) -> Vector3 {
        Vector3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }

    /// The component along axis 0, 1 or 2.
    public subscript(axis: Int) -> Double {
        get {
            precondition((0..<3).contains(axis), "a vector has the axes 0, 1 and 2")
            return axis == 0 ? x : axis == 1 ? y : z
        }
        set {
            precondition((0..<3).contains(axis), "a vector has the axes 0, 1 and 2")
            switch axis {
            case 0: x = newValue
            case 1: y = newValue
            default: z = newValue
            }
        }
    }

    /// The sum, component by component.
    public static func + (left: Vector3, right: Vector3) -> Vector3 {
        Vector3(left.x + right.x, left.y + right.y, left.z + right.z)
    }

    /// The difference, component by component.
    public static func - (left: Vector3, right: Vector3) -> Vector3 {
        Vector3(left.x - right.x, left.y - right.y, left.z - right.z)
    }

    /// The vector of the opposite direction.
    public static prefix func - (vector: Vector3) -> Vector3 { Vector3(-vector.x, -vector.y, -vector.z) }

    /// The vector scaled by a factor.
    public static func * (vector: Vector3, factor: Double) -> Vector3 {
        Vector3(vector.x * factor, vector.y * factor, vector.z * factor)
    }

    /// Adds component by component.
    public static func += (left: inout Vector3, right: Vector3) { left = left + right }

    /// Subtracts component by component.
    public static func -= (left: inout Vector3, right: Vector3) { left = left - right }
}

extension Vector3: Codable {
    /// Reads `[x, y, z]`.
    public init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        self.init(try values.decode(Double.self), try values.decode(Double.self), try values.decode(Double.self))
        guard values.isAtEnd else {
            throw DecodingError.dataCorruptedError(in: values, debugDescription: "a vector has three components")
        }
    }

    /// Writes `[x, y, z]`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        try values.encode(x)
        try values.encode(y)
        try values.encode(z)
    }
}
