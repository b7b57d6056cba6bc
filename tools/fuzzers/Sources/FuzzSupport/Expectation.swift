/// Ends the program, which is a finding, if something does not hold.
///
/// - Parameters:
///   - holds: What must hold for every input.
///   - rule: The rule in words.
@inline(__always)
public func expect(_ holds: Bool, _ rule: @autoclosure () -> String) {
    if !holds { stop(rule()) }
}

@inline(never)
private func stop(_ rule: String) -> Never { preconditionFailure(rule) }
