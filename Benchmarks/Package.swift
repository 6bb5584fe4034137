// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "PyramidSD", path: "..")],
    targets: [
        // What the machine can do at most.
        .target(name: "CCeilings"),
        .executableTarget(
            name: "forward-benchmark",
            dependencies: [
                "CCeilings",
                .product(name: "PyramidDecoding", package: "PyramidSD"),
                .product(name: "GGUF", package: "PyramidSD"),
                .product(name: "NativeBackend", package: "PyramidSD"),
                .product(name: "LlamaBackend", package: "PyramidSD"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "decode-benchmark",
            dependencies: [
                .product(name: "PyramidDecoding", package: "PyramidSD"),
                .product(name: "PyramidEngine", package: "PyramidSD"),
                .product(name: "PyramidBackends", package: "PyramidSD"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "accuracy-benchmark",
            dependencies: [
                .product(name: "PyramidDecoding", package: "PyramidSD"),
                .product(name: "PyramidEngine", package: "PyramidSD"),
                .product(name: "GGUF", package: "PyramidSD"),
                .product(name: "NativeBackend", package: "PyramidSD"),
                .product(name: "LlamaBackend", package: "PyramidSD"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "core-benchmark",
            dependencies: [.product(name: "PyramidDecoding", package: "PyramidSD")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)],
            // Nothing else here imports the C library, which would link it.
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    ]
)
