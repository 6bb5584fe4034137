// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "PyramidSD", path: "..")],
    targets: [
        .executableTarget(
            name: "core-benchmark",
            dependencies: [.product(name: "PyramidDecoding", package: "PyramidSD")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)],
            // Nothing else here imports the C library, which would link it.
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))])
    ]
)
