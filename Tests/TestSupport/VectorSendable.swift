/// A vector can be an argument of a test: what it holds was read from JSON and never changes.
extension Vector: @unchecked Sendable {}
