/// Elementary functions made of + − × ÷ and √ only, so that every machine gives the same bits.
///
/// The C library's sine differs in its last bit between platforms and versions; a truth file or an event log must
/// not. Errors stay below 8 units in the last place over the ranges named.
public enum Elementary {
    private static let halfPi = 1.5707963267948966
    // π/2 in three parts of 33 bits each: a multiple below 2^20 of each of the first two is exact.
    private static let halfPiHigh = 0x1.921fb544p+0
    private static let halfPiMiddle = 0x1.0b4611a6p-34
    private static let halfPiLow = 0x1.3198a2e037073p-69

    /// The sine of an angle (rad) of magnitude below 1e6; not a number beyond.
    public static func sine(_ angle: Double) -> Double {
        guard let (quadrant, rest) = reduce(angle) else { return .nan }
        switch quadrant {
        case 0: return sineSeries(rest)
        case 1: return cosineSeries(rest)
        case 2: return -sineSeries(rest)
        default: return -cosineSeries(rest)
        }
    }

    /// The cosine of an angle (rad) of magnitude below 1e6; not a number beyond.
    public static func cosine(_ angle: Double) -> Double {
        guard let (quadrant, rest) = reduce(angle) else { return .nan }
        switch quadrant {
        case 0: return cosineSeries(rest)
        case 1: return -sineSeries(rest)
        case 2: return -cosineSeries(rest)
        default: return sineSeries(rest)
        }
    }

    /// The angle (rad, −π…π) of the point (x, y) seen from the origin.
    public static func arcTangent(_ y: Double, _ x: Double) -> Double {
        guard y.isFinite, x.isFinite else { return .nan }
        if y == 0, x == 0 { return 0 }
        let steep = y.magnitude > x.magnitude
        let slope = steep ? x.magnitude / y.magnitude : y.magnitude / x.magnitude
        var angle = arcTangentOfSlope(slope)
        if steep { angle = halfPi - angle }
        if x < 0 { angle = 2 * halfPi - angle }
        return y < 0 ? -angle : angle
    }

    /// The angle (rad, −π/2…π/2) of a sine; values beyond ±1 count as ±1.
    public static func arcSine(_ sine: Double) -> Double {
        let bounded = min(max(sine, -1), 1)
        return arcTangent(bounded, ((1 - bounded) * (1 + bounded)).squareRoot())
    }

    /// The angle (rad, 0…π) of a cosine; values beyond ±1 count as ±1.
    public static func arcCosine(_ cosine: Double) -> Double {
        let bounded = min(max(cosine, -1), 1)
        return arcTangent(((1 - bounded) * (1 + bounded)).squareRoot(), bounded)
    }

    /// The exponential; 0 below −745 and infinity above 709.
    public static func exponential(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x > 709.7 { return .infinity }
        if x < -745 { return 0 }
        // x = k·ln 2 + r with |r| ≤ ln 2 / 2; ln 2 in two parts so that k·high is exact.
        let k = (x * 1.4426950408889634).rounded()
        let r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33
        var sum = 1.0
        for n in stride(from: 16.0, through: 1, by: -1) { sum = 1 + sum * r / n }
        // Two steps, because 2^k alone may be subnormal where the product is not.
        let half = Int(k) / 2
        return sum * powerOfTwo(half) * powerOfTwo(Int(k) - half)
    }

    /// The natural logarithm; not a number below zero.
    public static func logarithm(_ x: Double) -> Double {
        guard x > 0 else { return x == 0 ? -.infinity : .nan }
        guard x.isFinite else { return x }
        var exponent = Double(x.exponent)
        var mantissa = x.significand
        if mantissa > 1.4142135623730951 {
            mantissa /= 2
            exponent += 1
        }
        // ln m = 2·artanh(t), t = (m−1)/(m+1), |t| ≤ 0.1716: 13 terms leave less than 1e-19.
        let t = (mantissa - 1) / (mantissa + 1)
        let square = t * t
        var sum = 0.0
        for n in stride(from: 25.0, through: 3, by: -2) { sum = (sum + 1 / n) * square }
        return exponent * 0x1.62e42feep-1 + (exponent * 0x1.a39ef35793c76p-33 + 2 * t * (1 + sum))
    }

    private static func powerOfTwo(_ exponent: Int) -> Double {
        Double(sign: .plus, exponent: exponent, significand: 1)
    }

    private static func reduce(_ angle: Double) -> (quadrant: Int, rest: Double)? {
        guard angle.magnitude < 1e6 else { return nil }
        let count = (angle / halfPi).rounded()
        let rest = ((angle - count * halfPiHigh) - count * halfPiMiddle) - count * halfPiLow
        return (Int(count) & 3, rest)
    }

    /// Taylor's series on |x| ≤ π/4, where the first term left out is below 1e-17.
    private static func sineSeries(_ x: Double) -> Double {
        let square = x * x
        var sum = 0.0
        for n in stride(from: 16.0, through: 2, by: -2) { sum = (1 - sum) * square / (n * (n + 1)) }
        return x - x * sum
    }

    private static func cosineSeries(_ x: Double) -> Double {
        let square = x * x
        var sum = 0.0
        for n in stride(from: 17.0, through: 1, by: -2) { sum = (1 - sum) * square / (n * (n + 1)) }
        return 1 - sum
    }

    /// Arc tangent on 0…1: halve the angle twice, then the series in the small slope.
    private static func arcTangentOfSlope(_ slope: Double) -> Double {
        let half = slope / (1 + (1 + slope * slope).squareRoot())
        let quarter = half / (1 + (1 + half * half).squareRoot())
        let square = quarter * quarter
        // quarter ≤ tan(π/16) = 0.199: 13 terms leave less than 1e-19.
        var sum = 0.0
        for n in stride(from: 25.0, through: 3, by: -2) { sum = (1 / n - sum) * square }
        return 4 * quarter * (1 - sum)
    }
}
