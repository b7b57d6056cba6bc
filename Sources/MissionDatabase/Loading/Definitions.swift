/// A parameter whose value something depends on.
struct ParameterReference: Sendable, Hashable {
    let parameter: Int
    let usesCalibrated: Bool
}

/// A size in bits, or a count, that is fixed or follows from values decoded before.
enum SizeDefinition: Sendable {
    case fixed(Int)
    case dynamic(ParameterReference, slope: Double, intercept: Double)
    case lookup([(criterion: Criterion, value: Int)])
}

/// A condition on values decoded before.
indirect enum Criterion: Sendable {
    case comparison(Comparison)
    case all([Criterion])
    case any([Criterion])
    /// Exactly one of them (XTCE 1.3).
    case exactlyOne([Criterion])
    /// A condition that cannot be evaluated; it holds never.
    case never
}

/// The comparison of a parameter with a constant or another parameter.
struct Comparison: Sendable {
    enum Operand: Sendable {
        case text(String)
        case parameter(ParameterReference)
    }

    let place: Place
    let left: ParameterReference
    let comparator: Comparator
    let right: Operand
}

/// How two values are compared.
enum Comparator: UInt8, Sendable {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual

    init?(text: String) {
        switch text {
        case "==": self = .equal
        case "!=": self = .notEqual
        case "<": self = .less
        case "<=": self = .lessOrEqual
        case ">": self = .greater
        case ">=": self = .greaterOrEqual
        default: return nil
        }
    }
}

/// A function from raw to engineering values.
enum CalibratorDefinition: Sendable {
    /// Coefficients by rising exponent.
    case polynomial([Double])
    /// Points sorted by raw value.
    case spline(order: Int, extrapolates: Bool, points: [(raw: Double, calibrated: Double)])
    case postfix([PostfixDefinition])
}

/// One element of a calculation in reverse Polish notation.
enum PostfixDefinition: Sendable {
    case value(Double)
    case this
    case parameter(ParameterReference)
    case operation(PostfixOperator)
}

/// A calibrator that holds under a condition.
struct ContextCalibrator: Sendable {
    let criterion: Criterion
    let calibrator: CalibratorDefinition
}

/// A span of numbers.
struct NumberRange: Sendable, Hashable {
    var low = -Double.infinity
    var high = Double.infinity
    var includesLow = true
    var includesHigh = true

    func contains(_ number: Double) -> Bool {
        (includesLow ? number >= low : number > low) && (includesHigh ? number <= high : number < high)
    }
}

/// The labels of raw values of an enumeration.
struct EnumerationEntry: Sendable {
    let low: Int128
    let high: Int128
    let label: String
}

/// When a value is alarming.
struct AlarmDefinition: Sendable {
    /// Levels with their ranges, the most severe first.
    var bands: [(level: AlarmLevel, range: NumberRange)] = []
    /// Whether being inside a band is the alarm, and not being outside.
    var isInside = false
    var labels: [(label: String, level: AlarmLevel)] = []
    var defaultLevel = AlarmLevel.none
}

/// Alarms that hold under a condition.
struct ContextAlarm: Sendable {
    let criterion: Criterion
    let alarm: AlarmDefinition
}

/// How a text lies in a packet.
struct TextDefinition: Sendable {
    var charset = Charset.utf8
    /// The size of the buffer in bits, if the text lies in one.
    var buffer: SizeDefinition?
    /// The octets that end the text.
    var terminator: [UInt8]?
    /// The size in bits of the number in front that tells the length.
    var leadingSize: Int?
    /// The largest size of a text without a buffer, in bits.
    var maximum: Int?
}

/// How a value lies in a packet.
enum DataEncoding: Sendable {
    case number(FieldCodec)
    case text(TextDefinition)
    case binary(SizeDefinition)
    /// It does not, or in a way that is not supported: why.
    case none(String)
}

/// A parameter type, everything inherited resolved.
struct TypeDefinition: Sendable {
    enum Shape: Sendable {
        case integer
        case float
        case enumerated
        case boolean
        case string
        case binary
        case time
        /// Elements of a type, with the first and last index of each dimension; `nil` if they are not fixed here.
        case array(element: Int, dimensions: [ClosedRange<Int>]?)
        case aggregate([(name: String, type: Int)])
    }

    let place: Place
    let name: String
    var shape: Shape
    var encoding = DataEncoding.none("its type has no data encoding")
    var calibrator: CalibratorDefinition?
    var contexts: [ContextCalibrator] = []
    var enumeration: [EnumerationEntry] = []
    var oneLabel = "True"
    var zeroLabel = "False"
    var validRange: NumberRange?
    var validRangeIsCalibrated = true
    var alarm: AlarmDefinition?
    var alarmContexts: [ContextAlarm] = []
    var unit: String?
    var initialValue: String?
    var epoch: String?
}

/// One entry of a container.
struct EntryDefinition: Sendable {
    enum Kind: Sendable {
        /// A parameter, already taken apart into its members.
        case parameters([Int])
        case container(Int)
        /// Bits without meaning here.
        case gap(Int)
        case unsupported
    }

    enum Origin: Sendable {
        case previousEntry
        case containerStart
        case containerEnd
    }

    let place: Place
    var kind: Kind
    var location: (origin: Origin, bits: SizeDefinition)?
    var repeats: (count: SizeDefinition, gap: SizeDefinition)?
    var condition: Criterion?
}

/// A container with names resolved.
struct ContainerDefinition: Sendable {
    let place: Place
    let name: String
    var base: Int?
    /// What must hold for a packet of the base to be one of this; `nil` holds always.
    var criterion: Criterion?
    var entries: [EntryDefinition] = []
    var isAbstract = false
    /// The size in bits, if it is fixed.
    var size: Int?
}
