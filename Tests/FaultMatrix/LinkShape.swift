public import SpaceLink

/// A kind of link that the matrix is run over.
public struct LinkShape: Sendable, CustomStringConvertible {
    /// What it is.
    public let description: String
    /// The link.
    public let link: LinkDescription
    /// Whether it can tell a damaged frame.
    public let canTell: Bool

    /// The insults that its rules are held under.
    ///
    /// Where nothing but markers can tell, no more of them may be missing in a row than the flywheel bridges.
    public var insults: [Insult] { Insult.all.filter { canTell || !$0.name.contains("in a row") } }

    /// Reed-Solomon with several interleavings; an error control field alone; neither.
    public static let all: [LinkShape] =
        [1, 4, 5].map { interleave in
            var code = LinkDescription.ReedSolomonBlock()
            code.interleave = interleave
            var link = LinkDescription()
            link.block = .reedSolomon(code)
            return LinkShape("RS(255,223) I=\(interleave), AOS", link)
        } + [
            uncoded("TM of 1115 octets with FECF, no block code", .tm, hasCheck: true),
            uncoded("AOS of 1115 octets with FECF, no block code", .aos, hasCheck: true),
            uncoded("AOS of 1115 octets, nothing checked", .aos, hasCheck: false),
        ]

    private init(_ description: String, _ link: LinkDescription, canTell: Bool = true) {
        self.description = description
        self.link = link
        self.canTell = canTell
    }

    private static func uncoded(_ name: String, _ type: LinkDescription.Frame.Kind, hasCheck: Bool) -> LinkShape {
        var link = LinkDescription()
        link.block = .none(length: 1115)
        link.frame.type = type
        link.frame.fecf = hasCheck
        return LinkShape(name, link, canTell: hasCheck)
    }
}
