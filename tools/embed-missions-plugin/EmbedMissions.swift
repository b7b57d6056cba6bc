import Foundation
import PackagePlugin

/// Runs `embed-missions` over the profiles of a target, so that the binary carries them.
@main
struct EmbedMissions: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let target = target as? SourceModuleTarget else { return [] }
        let profiles = target.directoryURL.appending(path: "Profiles")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedProfiles.swift")
        let files = FileManager.default.enumerator(at: profiles, includingPropertiesForKeys: [.isRegularFileKey])
        let inputs = (files?.compactMap { $0 as? URL } ?? [])
            .filter { ["json", "xml"].contains($0.pathExtension) }
            .sorted { $0.path < $1.path }
        return [
            .buildCommand(
                displayName: "Embedding mission profiles",
                executable: try context.tool(named: "embed-missions").url,
                arguments: [output.path, profiles.path] + inputs.map(\.path),
                inputFiles: inputs,
                outputFiles: [output]
            )
        ]
    }
}
