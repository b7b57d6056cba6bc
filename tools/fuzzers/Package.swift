// swift-tools-version: 6.2
import PackageDescription

let link = Target.Dependency.product(name: "PeriluneLink", package: "perilune")

let archive = Target.Dependency.product(name: "PeriluneArchive", package: "perilune")

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let database = Target.Dependency.product(name: "PeriluneDatabase", package: "perilune")

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // as in the package that is tried
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
]

// A package of its own: a program without a `main` of its own, which the fuzzer brings, would break a plain build of
// Perilune. It is built by `tools/fuzz`, one product at a time, so that only the libraries in question are built.
let package = Package(
    name: "perilune-fuzzers",
    dependencies: [
        .package(name: "perilune", path: "../.."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .target(name: "FuzzSupport", swiftSettings: swiftSettings),
        // The same files as in the tests of the package that is tried, by links.
        .target(name: "TestSupport", dependencies: [crypto], swiftSettings: swiftSettings),
        .target(
            name: "ArchiveFaults",
            dependencies: ["TestSupport", archive, link, crypto],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "ArchiveForgery",
            dependencies: ["ArchiveFaults", "FuzzSupport", link, crypto],
            swiftSettings: swiftSettings
        ),
        .target(name: "LinkTrials", dependencies: ["FuzzSupport", link], swiftSettings: swiftSettings),
        fuzzer("synchronizer", link),
        fuzzer("reed-solomon", link),
        fuzzer("frames", "LinkTrials", link),
        fuzzer("packets", "LinkTrials", link),
        fuzzer("symbols", "LinkTrials", link),
        fuzzer("link-json", link),
        fuzzer("xtce", database),
        fuzzer("archive", "ArchiveFaults", "ArchiveForgery", archive, link),
        fuzzer("parity", "ArchiveFaults", "ArchiveForgery", archive),
    ],
    swiftLanguageModes: [.v6]
)

/// A program that the fuzzer feeds.
func fuzzer(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(
        name: "fuzz-" + name,
        dependencies: ["FuzzSupport"] + dependencies,
        swiftSettings: swiftSettings
    )
}
