public import Missions
import SpaceLink

/// What a person said of an input: where it is, and what is known of its link.
public struct InputRequest: Sendable {
    /// Paths, `-` for standard input.
    public var paths: [String]
    /// A preset's name or the path of a JSON file.
    public var link: String?
    /// A mission's name or folder.
    public var mission: String?
    /// Which of the mission's craft, if it has several.
    public var craft: String?
    /// Keys of the link that override the rest, as `block.interleave` and `4`.
    public var settings: [(key: String, value: String)]
    /// Whether an archive that was cut short is read as far as it goes.
    public var allowsPartialArchive = false

    /// Makes a request for paths.
    public init(
        paths: [String],
        link: String? = nil,
        mission: String? = nil,
        craft: String? = nil,
        settings: [(key: String, value: String)] = []
    ) {
        self.paths = paths
        self.link = link
        self.mission = mission
        self.craft = craft
        self.settings = settings
    }

    /// The craft that was named, if one was.
    ///
    /// - Returns: The craft, or `nil` if no mission was named.
    /// - Throws: `MissionError` with the nearest right name.
    public func namedCraft() throws(MissionError) -> Craft? {
        guard let mission else { return nil }
        return try MissionProfile.find(mission).craft(craft)
    }

    /// The link that was named: by `--link`, else by single keys, else by the craft; `nil` if none was.
    func namedLink(_ craft: Craft?) throws -> (link: LinkDescription, origin: String)? {
        var named: (link: LinkDescription, origin: String)?
        if let link {
            named = (try Self.link(named: link), "link \(link)")
        } else if let craft {
            named = (craft.link, "link of \(craft.title)")
        } else if settings.contains(where: {
            $0.key == "input" || $0.key == "frame.length" || $0.key.hasPrefix("block.")
        }) {
            named = (Self.bare(settings), "link as described")
        }
        guard var named else { return nil }
        try applySettings(to: &named.link)
        return named
    }

    /// Overrides single keys of a link.
    func applySettings(to link: inout LinkDescription) throws {
        for setting in settings {
            do throws(LinkDescriptionError) { try link.set(setting.key, to: setting.value) } catch {
                throw PipelineFailure.badLink(
                    origin: "--set \(setting.key)=\(setting.value)",
                    reason: error.description
                )
            }
        }
        do throws(LinkDescriptionError) { try link.validate() } catch {
            throw PipelineFailure.badLink(origin: "the link", reason: error.description)
        }
    }

    /// A frame length without a word on coding means frames that are decoded already.
    private static func bare(_ settings: [(key: String, value: String)]) -> LinkDescription {
        var link = LinkDescription()
        let keys = settings.map(\.key)
        if !keys.contains(where: { $0.hasPrefix("block") }), keys.contains("frame.length") {
            link.block = .none(length: nil)
            if !keys.contains("input") { link.input = .frames }
        }
        return link
    }

    private static func link(named name: String) throws -> LinkDescription {
        if let preset = LinkDescription.preset(name) { return preset }
        guard name.contains("/") || name.hasSuffix(".json") else {
            throw PipelineFailure.badValue(
                name: "--link",
                text: name,
                wanted: "a preset's name or the path of a JSON file; "
                    + NearestName.hint(for: name, among: LinkDescription.presetNames)
            )
        }
        do {
            return try JSONFile.read(LinkDescription.self, path: name)
        } catch PipelineFailure.badFile(let path, let reason) {
            throw PipelineFailure.badLink(origin: path, reason: reason)
        }
    }
}
