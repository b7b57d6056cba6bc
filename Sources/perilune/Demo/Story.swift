/// What the demonstration tells, and whether everything in it was true.
struct Story {
    private(set) var checks = 0
    private(set) var failures: [String] = []
    private let paint: Paint
    private var chapter = 0

    init(paint: Paint) { self.paint = paint }

    /// Whether every check held.
    var isSound: Bool { failures.isEmpty }

    /// Opens a chapter with the command that does the same by hand.
    mutating func open(_ title: String, _ commands: String...) {
        chapter += 1
        print("\n" + paint.bold("\(chapter). \(title)"))
        for command in commands { print(paint.dim("   $ \(command)")) }
    }

    /// Tells something.
    func tell(_ text: String) { print("   \(text)") }

    /// Compares something with the truth.
    mutating func check(_ holds: Bool, _ statement: String, otherwise: @autoclosure () -> String = "") {
        checks += 1
        if holds {
            print("   \(paint.green("✓")) \(statement)")
        } else {
            let reason = otherwise()
            print("   \(paint.red("✗ \(statement)"))\(reason.isEmpty ? "" : ": \(reason)")")
            failures.append(statement)
        }
    }

    /// Ends the story.
    func close() {
        let verdict =
            isSound
            ? paint.green("\(checks) of \(checks) checks hold.")
            : paint.red("\(failures.count) of \(checks) checks do not hold: \(failures.joined(separator: "; "))")
        print("\n" + verdict)
    }
}
