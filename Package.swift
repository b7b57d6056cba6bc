// swift-tools-version: 6.2
import PackageDescription

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

// Continuous integration sets it; builds of users stay friendly.
let warnings: [SwiftSetting] =
    Context.environment["PERILUNE_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)]

let swiftSettings: [SwiftSetting] =
    warnings + [
        .enableUpcomingFeature("ExistentialAny"),  // a dynamic call must be visible where it is paid for
        .enableUpcomingFeature("InternalImportsByDefault"),  // what a target imports is not what it offers
        .enableUpcomingFeature("MemberImportVisibility"),  // a member comes only from a module the file names
        .strictMemorySafety(),  // every unsafe construct is marked, so that it can be counted
    ]

let package = Package(
    name: "perilune",
    products: [
        .library(
            name: "Perilune",
            targets: [
                "RigidBody", "ChannelCoding", "SpaceLink", "MissionDatabase", "AttitudeMonitor", "TelemetryArchive",
                "Missions", "LinkIO", "TelemetryPipeline",
            ]
        ),
        // Parts of it that bring no other package along.
        .library(name: "PeriluneLink", targets: ["ChannelCoding", "SpaceLink"]),
        .library(name: "PeriluneDatabase", targets: ["MissionDatabase"]),
        .library(name: "PeriluneArchive", targets: ["TelemetryArchive"]),
        // Apart, because it is no part of receiving: for tools that make their own telemetry.
        .library(name: "PeriluneSimulator", targets: ["LanderSimulator"]),
        .executable(name: "perilune", targets: ["perilune"]),
        .executable(name: "perilune-generate", targets: ["perilune-generate"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "RigidBody", swiftSettings: swiftSettings),
        // Loops for instructions that Swift cannot name, behind safe faces in ChannelCoding; never needed.
        .target(name: "CKernels"),
        .target(name: "ChannelCoding", dependencies: ["CKernels"], swiftSettings: swiftSettings),
        .target(name: "SpaceLink", dependencies: ["ChannelCoding"], swiftSettings: swiftSettings),
        .target(name: "MissionDatabase", dependencies: ["SpaceLink"], swiftSettings: swiftSettings),
        .target(name: "AttitudeMonitor", dependencies: ["RigidBody"], swiftSettings: swiftSettings),
        .target(
            name: "TelemetryArchive",
            dependencies: ["CZlib", "ChannelCoding", "SpaceLink", crypto],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "Missions",
            dependencies: ["SpaceLink", "MissionDatabase", "RigidBody", "AttitudeMonitor"],
            exclude: ["Profiles"],
            swiftSettings: swiftSettings,
            plugins: ["EmbedMissions"]
        ),
        .target(
            name: "LanderSimulator",
            dependencies: ["Missions", "MissionDatabase", "SpaceLink", "ChannelCoding", "RigidBody", crypto],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "LinkIO",
            dependencies: ["SpaceLink", nioCore, nioPosix, system],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "TelemetryPipeline",
            dependencies: [
                "RigidBody", "ChannelCoding", "SpaceLink", "MissionDatabase", "AttitudeMonitor", "TelemetryArchive",
                "Missions", "LinkIO", crypto,
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "perilune",
            dependencies: [
                "RigidBody", "ChannelCoding", "SpaceLink", "MissionDatabase", "AttitudeMonitor", "TelemetryArchive",
                "Missions", "LanderSimulator", "LinkIO", "TelemetryPipeline", argumentParser, system,
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "perilune-generate",
            dependencies: ["LanderSimulator", "LinkIO", "Missions", argumentParser],
            path: "tools/perilune-generate",
            swiftSettings: swiftSettings
        ),

        // Mission profiles stay real files; the plugin writes them into the binary as literals.
        .executableTarget(name: "embed-missions", path: "tools/embed-missions", swiftSettings: swiftSettings),
        .plugin(
            name: "EmbedMissions",
            capability: .buildTool(),
            dependencies: ["embed-missions"],
            path: "tools/embed-missions-plugin"
        ),

        .target(name: "TestSupport", dependencies: [crypto], path: "Tests/TestSupport", swiftSettings: swiftSettings),
        // Insults to a downlink and the rules that a decoder holds under them; the benchmarks tabulate them too.
        .target(
            name: "FaultMatrix",
            dependencies: ["TestSupport", "ChannelCoding", "SpaceLink"],
            path: "Tests/FaultMatrix",
            swiftSettings: swiftSettings
        ),
        // The same for archives: what is read of one that was cut short, damaged, killed or forged.
        .target(
            name: "ArchiveFaults",
            dependencies: ["TestSupport", "ChannelCoding", "SpaceLink", "TelemetryArchive", crypto],
            path: "Tests/ArchiveFaults",
            swiftSettings: swiftSettings
        ),
    ]
        + testTarget("RigidBody")
        + testTarget("ChannelCoding")
        + testTarget("SpaceLink", "ChannelCoding", "FaultMatrix")
        + testTarget("MissionDatabase", "SpaceLink")
        + testTarget("AttitudeMonitor", "RigidBody")
        + testTarget("TelemetryArchive", "ChannelCoding", "SpaceLink", "ArchiveFaults")
        + testTarget("Missions", "SpaceLink", "MissionDatabase", "AttitudeMonitor", "RigidBody")
        + testTarget("LanderSimulator", "Missions", "MissionDatabase", "SpaceLink", "RigidBody")
        + testTarget("LinkIO", "SpaceLink", more: [nioCore, nioPosix])
        + testTarget(
            "TelemetryPipeline",
            "RigidBody",
            "SpaceLink",
            "MissionDatabase",
            "AttitudeMonitor",
            "TelemetryArchive",
            "Missions",
            "LanderSimulator"
        )
        + testTarget("perilune", "ArchiveFaults", "TelemetryArchive")
        + [
            // Of no one target: the reference vectors, through the public interfaces of all that they speak of.
            .testTarget(
                name: "VectorTests",
                dependencies: ["TestSupport", "ChannelCoding", "SpaceLink", "MissionDatabase"],
                swiftSettings: swiftSettings
            )
        ],
    swiftLanguageModes: [.v6]
)

/// The tests of one target, in a folder that mirrors it.
func testTarget(_ name: String, _ others: String..., more: [Target.Dependency] = []) -> [Target] {
    [
        .testTarget(
            name: name == "perilune" ? "CommandTests" : name + "Tests",
            dependencies: ["TestSupport", .target(name: name)] + others.map { .target(name: $0) } + more + [crypto],
            swiftSettings: swiftSettings
        )
    ]
}
