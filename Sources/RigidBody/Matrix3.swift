/// Three rows of three: an inertia tensor, or a map between two frames.
public struct Matrix3: Sendable, Hashable {
    /// The first row.
    public var row0: Vector3
    /// The second row.
    public var row1: Vector3
    /// The third row.
    public var row2: Vector3

    /// The map that changes nothing.
    public static let identity = Matrix3(Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))

    /// Makes a matrix of its rows.
    public init(_ row0: Vector3, _ row1: Vector3, _ row2: Vector3) {
        self.row0 = row0
        self.row1 = row1
        self.row2 = row2
    }

    /// Makes a symmetric matrix of its upper triangle.
    public init(xx: Double, yy: Double, zz: Double, xy: Double, xz: Double, yz: Double) {
        self.init(Vector3(xx, xy, xz), Vector3(xy, yy, yz), Vector3(xz, yz, zz))
    }

    /// The determinant.
    public var determinant: Double { row0.dot(row1.cross(row2)) }

    /// The matrix with rows and columns exchanged.
    public var transposed: Matrix3 {
        Matrix3(
            Vector3(row0.x, row1.x, row2.x),
            Vector3(row0.y, row1.y, row2.y),
            Vector3(row0.z, row1.z, row2.z)
        )
    }

    /// The inverse, or `nil` for a matrix without one.
    public var inverse: Matrix3? {
        let determinant = determinant
        guard determinant.isFinite, determinant.magnitude > 1e-300 else { return nil }
        let columns = Matrix3(row1.cross(row2), row2.cross(row0), row0.cross(row1)).transposed
        return columns * (1 / determinant)
    }

    /// The matrix applied to a vector.
    public static func * (matrix: Matrix3, vector: Vector3) -> Vector3 {
        Vector3(matrix.row0.dot(vector), matrix.row1.dot(vector), matrix.row2.dot(vector))
    }

    /// The matrix scaled by a factor.
    public static func * (matrix: Matrix3, factor: Double) -> Matrix3 {
        Matrix3(matrix.row0 * factor, matrix.row1 * factor, matrix.row2 * factor)
    }
}
