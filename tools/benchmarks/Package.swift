// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // as in the package that is measured
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
]

// A package of its own, so that users of Perilune never resolve or build it.
let package = Package(
    name: "perilune-benchmarks",
    dependencies: [
        .package(name: "perilune", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // Clocks, the machine's limits, and the peers written in C.
        .target(name: "BenchmarkShim", linkerSettings: [.linkedLibrary("dl")]),
        // The same files as in the tests of the package that is measured, by links.
        .target(name: "TestSupport", swiftSettings: swiftSettings),
        .target(
            name: "FaultMatrix",
            dependencies: ["TestSupport", .product(name: "Perilune", package: "perilune")],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "ArchiveFaults",
            dependencies: ["TestSupport", .product(name: "Perilune", package: "perilune")],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "perilune-benchmarks",
            dependencies: [
                "ArchiveFaults", "BenchmarkShim", "FaultMatrix", "TestSupport",
                .product(name: "Perilune", package: "perilune"),
                .product(name: "PeriluneSimulator", package: "perilune"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings
        ),
    ],
    swiftLanguageModes: [.v6]
)
