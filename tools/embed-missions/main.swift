// Writes files as Swift literals: embed-missions OUTPUT.swift ROOT FILE…
//
// Raw StaticString literals compile in seconds where an array of octets takes minutes, and need no resource bundle
// beside the binary.
import Foundation

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    FileHandle.standardError.write(Data("usage: embed-missions OUTPUT ROOT FILE…\n".utf8))
    exit(2)
}
let root = arguments[2].hasSuffix("/") ? arguments[2] : arguments[2] + "/"
var source = """
    /// Mission profiles as they lie in the source tree, by their path below `Profiles`.
    enum EmbeddedProfiles {
        static let files: [(path: StaticString, text: StaticString)] = [

    """
for path in arguments.dropFirst(3) {
    guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8),
        path.hasPrefix(root)
    else {
        FileHandle.standardError.write(Data("embed-missions: \(path): not a UTF-8 file below \(root)\n".utf8))
        exit(1)
    }
    guard !text.contains("\"\"\"####") else {
        FileHandle.standardError.write(Data("embed-missions: \(path): holds the literal's own end\n".utf8))
        exit(1)
    }
    // A multi-line literal drops its last line break; the empty line before the delimiter keeps the file's own.
    source += "        (\"\(path.dropFirst(root.count))\", ####\"\"\"\n\(text)\n\"\"\"####),\n"
}
source += "    ]\n}\n"
do {
    try Data(source.utf8).write(to: URL(fileURLWithPath: arguments[1]))
} catch {
    FileHandle.standardError.write(Data("embed-missions: \(arguments[1]): \(error)\n".utf8))
    exit(1)
}
