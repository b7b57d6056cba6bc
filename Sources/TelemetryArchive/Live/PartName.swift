/// The names of an archive's files: `pass.plar`, `pass.0001.plar`, …, each with journals `.j0`, `.j1`, ….
struct PartName: Hashable, Comparable {
    /// The name that was asked for, which the first part has.
    let first: String
    /// 0 for the first part.
    let number: Int

    /// The part's own file.
    var file: String {
        guard number > 0 else { return first }
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let (stem, ending) = PartName.split(first)
        return "\(stem).\(padded)\(ending)"
    }

    /// The lock of all parts together.
    var lock: String { "\(first).lock" }

    func journal(_ number: UInt64) -> String { "\(file).j\(number)" }

    /// The number of a journal of this part, or `nil` if it is another file.
    func journalNumber(_ name: String) -> UInt64? {
        let beginning = "\(file).j"
        guard name.hasPrefix(beginning) else { return nil }
        let digits = name.dropFirst(beginning.count)
        guard (1...18).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return UInt64(digits)
    }

    /// The parts among the files of a folder, in order.
    static func parts(of first: String, among names: [String]) -> [PartName] {
        let (stem, ending) = split(first)
        return names.compactMap { name -> PartName? in
            if name == first { return PartName(first: first, number: 0) }
            guard name.hasPrefix("\(stem)."), name.hasSuffix(ending) else { return nil }
            let digits = name.dropFirst(stem.count + 1).dropLast(ending.count)
            guard digits.count >= 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits),
                number > 0
            else { return nil }
            let part = PartName(first: first, number: number)
            return part.file == name ? part : nil
        }.sorted()
    }

    /// The journals of all parts, also of one whose own name did not survive a loss of power.
    static func journals(of first: String, among names: [String]) -> [String] {
        names.filter { name in
            guard let point = name.lastIndex(of: ".") else { return false }
            return parts(of: first, among: [String(name[..<point])]).contains { $0.journalNumber(name) != nil }
        }
    }

    static func < (left: PartName, right: PartName) -> Bool { left.number < right.number }

    private static func split(_ name: String) -> (stem: String, ending: String) {
        name.hasSuffix(".plar") ? (String(name.dropLast(5)), ".plar") : (name, "")
    }
}

/// The names of files that belong together.
public enum ArchiveNames {
    /// The journals of one archive file.
    ///
    /// - Parameters:
    ///   - name: The archive's name.
    ///   - names: The files of its folder.
    /// - Returns: Those that are its journals.
    public static func journals(of name: String, among names: [String]) -> [String] {
        let part = PartName(first: name, number: 0)
        return names.filter { part.journalNumber($0) != nil }.sorted { ($0.count, $0) < ($1.count, $1) }
    }

    /// The parts of an archive.
    ///
    /// - Parameters:
    ///   - name: The first part's name.
    ///   - names: The files of its folder.
    /// - Returns: Those that are its parts, in order.
    public static func parts(of name: String, among names: [String]) -> [String] {
        PartName.parts(of: name, among: names).map(\.file)
    }

    /// The parity files of an archive's parts.
    ///
    /// - Parameters:
    ///   - name: The first part's name.
    ///   - names: The files of its folder.
    /// - Returns: Those that are its parity, also of parts that are no longer there.
    public static func parities(of name: String, among names: [String]) -> [String] {
        let covered = names.filter { $0.hasSuffix(".parity") }.map { String($0.dropLast(7)) }
        return parts(of: name, among: covered).map { "\($0).parity" }
    }

    /// All files of an archive that may have several parts: parts and journals.
    ///
    /// - Parameters:
    ///   - name: The first part's name.
    ///   - names: The files of its folder.
    /// - Returns: Journals first, so that a folder from which they are taken one by one never seems to have lost units.
    public static func all(of name: String, among names: [String]) -> [String] {
        let parts = PartName.parts(of: name, among: names)
        let journals = PartName.journals(of: name, among: names)
        return journals + parts.reversed().map(\.file)
    }
}
