/// The operators of a calculation in reverse Polish notation that need no C library, so that results are equal on
/// every machine.
enum PostfixOperator: String, Sendable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case modulo = "%"
    case power = "^"
    case powerOf = "y^x"
    case reciprocal = "1/x"
    case factorial = "x!"
    case absolute = "abs"
    case integer = "int"
    case float = "float"
    case integerDivide = "div"
    case minimum = "min"
    case maximum = "max"
    case shiftLeft = "<<"
    case shiftRight = ">>"
    case bitAnd = "&"
    case bitOr = "|"
    case bitXor = "xor"
    case bitNot = "~"
    case logicalAnd = "&&"
    case logicalOr = "||"
    case logicalNot = "!"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case swap
    case drop
    case duplicate = "dup"
    case over

    /// How many values it takes and how many it leaves.
    var arity: (takes: Int, leaves: Int) {
        switch self {
        case .reciprocal, .factorial, .absolute, .integer, .float, .bitNot, .logicalNot: (1, 1)
        case .swap: (2, 2)
        case .drop: (1, 0)
        case .duplicate: (1, 2)
        case .over: (2, 3)
        default: (2, 1)
        }
    }

    /// Whether no operator of a calculation finds too few values, none too many are held, and one is left.
    static func isComplete(_ steps: [PostfixDefinition]) -> Bool {
        var depth = 0
        for step in steps {
            guard case .operation(let operation) = step else {
                depth += 1
                continue
            }
            guard depth >= operation.arity.takes else { return false }
            depth += operation.arity.leaves - operation.arity.takes
        }
        return depth >= 1
    }

    /// Applies the operator to the top of a stack that holds enough values.
    func apply(to stack: inout [Double]) {
        guard stack.count >= arity.takes, let top = stack.popLast() else { return }
        switch self {
        case .reciprocal: stack.append(1 / top)
        case .factorial: stack.append(Self.factorial(top))
        case .absolute: stack.append(top.magnitude)
        case .integer: stack.append(top.rounded(.towardZero))
        case .float: stack.append(top)
        case .bitNot: stack.append(Self.bits(top, 0) { first, _ in ~first })
        case .logicalNot: stack.append(top == 0 ? 1 : 0)
        case .drop: return
        case .duplicate: stack += [top, top]
        default: applyBinary(top, to: &stack)
        }
    }

    private func applyBinary(_ second: Double, to stack: inout [Double]) {
        guard let first = stack.popLast() else { return }
        switch self {
        case .swap: stack += [second, first]
        case .over: stack += [first, second, first]
        default: stack.append(combine(first, second))
        }
    }

    private func combine(_ first: Double, _ second: Double) -> Double {
        switch self {
        case .plus: first + second
        case .minus: first - second
        case .times: first * second
        case .divide: first / second
        case .modulo: first.truncatingRemainder(dividingBy: second)
        case .power, .powerOf: Self.power(first, second)
        case .integerDivide: (first / second).rounded(.towardZero)
        case .minimum: first < second ? first : second
        case .maximum: first > second ? first : second
        case .shiftLeft: Self.bits(first, second) { $0 << $1 }
        case .shiftRight: Self.bits(first, second) { $0 >> $1 }
        case .bitAnd: Self.bits(first, second) { $0 & $1 }
        case .bitOr: Self.bits(first, second) { $0 | $1 }
        case .bitXor: Self.bits(first, second) { $0 ^ $1 }
        case .logicalAnd: first != 0 && second != 0 ? 1 : 0
        case .logicalOr: first != 0 || second != 0 ? 1 : 0
        case .equal: first == second ? 1 : 0
        case .notEqual: first != second ? 1 : 0
        case .less: first < second ? 1 : 0
        case .lessOrEqual: first <= second ? 1 : 0
        case .greater: first > second ? 1 : 0
        case .greaterOrEqual: first >= second ? 1 : 0
        default: .nan
        }
    }

    /// Whole powers and square roots; no number for others.
    private static func power(_ base: Double, _ exponent: Double) -> Double {
        if exponent == 0.5 { return base.squareRoot() }
        guard exponent == exponent.rounded(), exponent.magnitude <= 1024 else { return .nan }
        var result = 1.0
        for _ in 0..<Int(exponent.magnitude) { result *= base }
        return exponent < 0 ? 1 / result : result
    }

    private static func factorial(_ number: Double) -> Double {
        guard number >= 0, number <= 170, number == number.rounded() else { return .nan }
        return (0..<Int(number)).reduce(1) { $0 * Double($1 + 1) }
    }

    private static func bits(_ first: Double, _ second: Double, _ combine: (Int64, Int64) -> Int64) -> Double {
        guard let first = Int64(exactly: first.rounded(.towardZero)),
            let second = Int64(exactly: second.rounded(.towardZero))
        else { return .nan }
        return Double(combine(first, second))
    }
}
