/// A rotation from the body frame to the inertial frame, scalar last.
///
/// `q` and `-q` are the same rotation. Products compose from right to left: `(a * b).rotate(v)` is
/// `a.rotate(b.rotate(v))`. Reads from and writes to JSON as `[x, y, z, w]`.
public struct Quaternion: Sendable, Hashable {
    /// The first component of the vector part.
    public var x: Double
    /// The second component of the vector part.
    public var y: Double
    /// The third component of the vector part.
    public var z: Double
    /// The scalar part.
    public var w: Double

    /// The rotation that changes nothing.
    public static let identity = Quaternion(0, 0, 0, 1)

    /// Makes a quaternion of its components as given, scalar last; its norm is not touched.
    public init(_ x: Double, _ y: Double, _ z: Double, _ w: Double) {
        self.x = x
        self.y = y
        self.z = z
        self.w = w
    }

    /// Makes the rotation about a vector by its length (rad): the exponential map.
    public init(rotationVector: Vector3) {
        let angle = rotationVector.norm
        // sin(a/2)/a tends to 1/2 - a²/48; below 1e-4 the rest is smaller than a rounding error.
        let factor = angle < 1e-4 ? 0.5 - angle * angle / 48 : Elementary.sine(angle / 2) / angle
        let vector = rotationVector * factor
        self.init(vector.x, vector.y, vector.z, Elementary.cosine(angle / 2))
    }

    /// The vector part.
    public var vector: Vector3 { Vector3(x, y, z) }

    /// The square root of the sum of the squares; one for a rotation.
    public var norm: Double { (x * x + y * y + z * z + w * w).squareRoot() }

    /// The same rotation with norm one, or `nil` where the components say no rotation.
    public var normalized: Quaternion? {
        let length = norm
        guard length > 1e-12, length.isFinite else { return nil }
        return Quaternion(x / length, y / length, z / length, w / length)
    }

    /// The inverse of a rotation.
    public var conjugate: Quaternion { Quaternion(-x, -y, -z, w) }

    /// Whether no component is infinite or not a number.
    public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite && w.isFinite }

    /// The shortest rotation vector (rad, length at most π) of this rotation: the logarithmic map.
    ///
    /// The quaternion must have norm one. `q` and `-q` give the same vector.
    public var rotationVector: Vector3 {
        let part = w < 0 ? -vector : vector
        let sine = part.norm
        // 2·asin(s)/s tends to 2 + s²/3; below 1e-4 the rest is smaller than a rounding error.
        let factor = sine < 1e-4 ? 2 + sine * sine / 3 : 2 * Elementary.arcTangent(sine, w.magnitude) / sine
        return part * factor
    }

    /// The angle (rad, 0…π) of the rotation that leads from this attitude to another.
    public func angle(to other: Quaternion) -> Double { (conjugate * other).rotationVector.norm }

    /// Turns a vector from the body frame to the inertial frame.
    public func rotate(_ vector: Vector3) -> Vector3 {
        let twice = self.vector.cross(vector) * 2
        return vector + twice * w + self.vector.cross(twice)
    }

    /// Turns a vector from the inertial frame to the body frame.
    public func rotateBack(_ vector: Vector3) -> Vector3 { conjugate.rotate(vector) }

    /// The attitude after a rotation by a small vector (rad) seen in the body frame.
    public func turned(byBodyRotation rotation: Vector3) -> Quaternion {
        let turned = self * Quaternion(rotationVector: rotation)
        return turned.normalized ?? turned
    }

    /// The rotation that turns first by `right`, then by `left`.
    public static func * (left: Quaternion, right: Quaternion) -> Quaternion {
        Quaternion(
            left.w * right.x + left.x * right.w + left.y * right.z - left.z * right.y,
            left.w * right.y - left.x * right.z + left.y * right.w + left.z * right.x,
            left.w * right.z + left.x * right.y - left.y * right.x + left.z * right.w,
            left.w * right.w - left.x * right.x - left.y * right.y - left.z * right.z
        )
    }

    /// The same rotation with all signs changed.
    public static prefix func - (quaternion: Quaternion) -> Quaternion {
        Quaternion(-quaternion.x, -quaternion.y, -quaternion.z, -quaternion.w)
    }
}

extension Quaternion: Codable {
    /// Reads `[x, y, z, w]`.
    public init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        self.init(
            try values.decode(Double.self),
            try values.decode(Double.self),
            try values.decode(Double.self),
            try values.decode(Double.self)
        )
        guard values.isAtEnd else {
            throw DecodingError.dataCorruptedError(in: values, debugDescription: "a quaternion has four components")
        }
    }

    /// Writes `[x, y, z, w]`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        try values.encode(x)
        try values.encode(y)
        try values.encode(z)
        try values.encode(w)
    }
}
