/// A database compiled for decoding from one root container: flat tables that refer to each other by index.
///
/// ```
/// node ──▶ steps ──▶ runs of fields of fixed size, texts, octets, moves, conditions, loops
///   └────▶ branches: a condition and the node of a derived container
/// ```
/// A packet is decoded by walking steps; no name is looked up and nothing is allocated. Parameters on which something
/// depends have a *register* that remembers their latest sample.
final class DecodingPlan: Sendable {
    /// A container in the tree of inheritance, with its own entries only.
    struct Node: Sendable {
        let container: Int32
        let isAbstract: Bool
        /// The container's fixed size in bits, or −1.
        let size: Int
        let steps: Range<Int>
        let branches: Range<Int>
        /// How to find the few branches that a value allows, or −1 to try all.
        let dispatch: Int32
    }

    /// A derived container and the test that a packet must pass to be one; −1 always passes.
    struct Branch: Sendable {
        let test: Int32
        let node: Int32
    }

    /// Branches by the value of a parameter that they demand, so that a packet meets only those it can be.
    struct Dispatch: Sendable {
        let register: Int32
        let isCalibrated: Bool
        /// The rows of ``Tables/dispatchRows``, sorted by value.
        let rows: Range<Int>
        /// The branches that demand no value, for values without a row.
        let others: Range<Int>
    }

    /// The branches, by index, that one value allows, in document order.
    struct DispatchRow: Sendable {
        let value: UInt64
        let branches: Range<Int>
    }

    /// One step of decoding; numbers are indices into the tables of the plan.
    enum Step: Sendable {
        case run(Int32)
        case text(Int32)
        case octets(Int32)
        /// Moves on, or back, by a size.
        case move(size: Int32)
        /// Goes to a distance from the start of the container.
        case seek(size: Int32)
        /// Goes so far before the end of the container.
        case seekFromEnd(size: Int32, entry: Int32)
        /// Opens an included container; of a size in bits, or −1.
        case enter(size: Int32)
        case leave
        /// Skips the next steps unless a test passes.
        case unless(test: Int32, skip: Int32)
        /// Repeats the next steps.
        case loop(count: Int32, gap: Int32, body: Int32)
        case unsupported
    }

    /// Consecutive fields of fixed size, and the samples among them that need more than extraction.
    struct Run: Sendable {
        let fields: Range<Int>
        let bits: Int
        let polynomials: Range<Int>
        let attentions: Range<Int>
    }

    /// A field of a run, by its place there, whose only treatment is a polynomial.
    struct Polynomial: Sendable {
        let offset: Int32
        let kind: SampleKind
        let coefficients: Range<Int>
    }

    /// A number in a packet.
    struct Field: Sendable {
        let parameter: Int32
        let state: SampleBuffer.State
        let codec: FieldCodec
    }

    /// A field of a run, by its place there, and how its value is treated.
    struct Attention: Sendable {
        let offset: Int32
        let treatment: Int32
    }

    /// What happens to a value after its extraction; negative indices mean none.
    struct Treatment: Sendable {
        enum Conversion: UInt8, Sendable {
            case none
            case float
            case integer
            case enumeration
            case boolean
        }

        var conversion = Conversion.none
        var register: Int32 = -1
        var calibrator: Int32 = -1
        var contexts = 0..<0
        /// Rows of the label table.
        var labels = 0..<0
        var zeroLabel: Int32 = 0
        var oneLabel: Int32 = 0
        var validRange: Int32 = -1
        var validRangeIsCalibrated = true
        var alarm: Int32 = -1
        var alarmContexts = 0..<0

        var isTrivial: Bool {
            conversion == .none && calibrator < 0 && isOnlyConversion
        }

        /// Whether nothing else depends on the value, and nothing is judged.
        var isOnlyConversion: Bool {
            register < 0 && contexts.isEmpty && validRange < 0 && alarm < 0 && alarmContexts.isEmpty
        }
    }

    struct Context: Sendable {
        let test: Int32
        let calibrator: Int32
    }

    struct AlarmContext: Sendable {
        let test: Int32
        let alarm: Int32
    }

    /// A function from raw to engineering values; its numbers lie in ``numbers``.
    enum Calibrator: Sendable {
        case polynomial(Range<Int>)
        /// Pairs of raw and calibrated values.
        case spline(order: Int, extrapolates: Bool, Range<Int>)
        case postfix(Range<Int>)
    }

    enum PostfixStep: Sendable {
        case value(Double)
        case this
        case parameter(register: Int32, calibrated: Bool)
        case operation(PostfixOperator)
    }

    /// Raw values with a label, disjoint and sorted.
    struct LabelRange: Sendable {
        let low: Int128
        let high: Int128
        let label: Int32
    }

    /// Rows of the tables of bands, the most severe first, and of alarming labels.
    struct Alarm: Sendable {
        let bands: Range<Int>
        let isInside: Bool
        let labels: Range<Int>
        let defaultLevel: AlarmLevel
    }

    struct AlarmBand: Sendable {
        let level: AlarmLevel
        let range: NumberRange
    }

    struct AlarmLabel: Sendable {
        let label: UInt64
        let level: AlarmLevel
    }

    /// One comparison, with where to go on when it holds and when not: −1 accepts, −2 rejects.
    struct Test: Sendable {
        static let accept: Int32 = -1
        static let reject: Int32 = -2

        var register: Int32
        var isCalibrated: Bool
        var comparator: Comparator
        /// The constant's kind and word; texts and octets by an index into ``constants``.
        var kind: SampleKind
        var word: UInt64
        /// The register of the other parameter, or −1 for a constant.
        var other: Int32
        var otherIsCalibrated: Bool
        var onTrue: Int32
        var onFalse: Int32
    }

    /// A size in bits or a count.
    enum Size: Sendable {
        case fixed(Int)
        case dynamic(register: Int32, calibrated: Bool, slope: Double, intercept: Double)
        case lookup(Range<Int>)
    }

    struct Lookup: Sendable {
        let test: Int32
        let value: Int
    }

    /// A text in a packet.
    struct Text: Sendable {
        let parameter: Int32
        let treatment: Int32
        let charset: Charset
        /// The size of its buffer, or −1.
        let buffer: Int32
        /// The octets that end it, by an index into ``constants``, or −1.
        let terminator: Int32
        /// The bits of the number in front, or 0.
        let leadingBits: Int
        /// How many bits one count of that number means.
        let leadingUnit: Int
        let maximum: Int
    }

    /// Octets in a packet.
    struct Octets: Sendable {
        let parameter: Int32
        let treatment: Int32
        let size: Int32
    }

    struct Tables: Sendable {
        var nodes: [Node] = []
        var branches: [Branch] = []
        var dispatches: [Dispatch] = []
        var dispatchRows: [DispatchRow] = []
        var dispatchBranches: [Int] = []
        var steps: [Step] = []
        var runs: [Run] = []
        var fields: [Field] = []
        var polynomials: [Polynomial] = []
        var attentions: [Attention] = []
        var treatments: [Treatment] = []
        var contexts: [Context] = []
        var alarmContexts: [AlarmContext] = []
        var calibrators: [Calibrator] = []
        var numbers: [Double] = []
        var postfix: [PostfixStep] = []
        var labelRanges: [LabelRange] = []
        var labels: [String] = []
        var ranges: [NumberRange] = []
        var alarms: [Alarm] = []
        var alarmBands: [AlarmBand] = []
        var alarmLabels: [AlarmLabel] = []
        var tests: [Test] = []
        var sizes: [Size] = []
        var lookups: [Lookup] = []
        var texts: [Text] = []
        var octets: [Octets] = []
        var constants: [[UInt8]] = []
        var registerCount = 0
    }

    let tables: Tables
    let root: Int
    let nodes: [Node]
    let labels: [String]

    init(tables: Tables, root: Int) {
        self.tables = tables
        self.root = root
        nodes = tables.nodes
        labels = tables.labels
    }
}
