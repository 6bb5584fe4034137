// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors and imports are internal unless a public declaration needs them.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "PyramidSD",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "PyramidDecoding", targets: ["PyramidDecoding"]),
        .library(name: "PyramidEngine", targets: ["PyramidEngine"]),
        .library(name: "GGUF", targets: ["GGUF"]),
        .library(name: "NativeBackend", targets: ["NativeBackend"]),
        .library(name: "LlamaBackend", targets: ["LlamaBackend"]),
        .library(name: "PyramidBackends", targets: ["PyramidBackends"]),
        .library(name: "PyramidServer", targets: ["PyramidServer"]),
        .library(name: "PyramidEvaluation", targets: ["PyramidEvaluation"]),
        .executable(name: "pyramid", targets: ["pyramid"]),
    ],
    dependencies: [
        // The command line.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // llama.cpp's logs reach the embedding program through its own logger.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        // `pyramid pull`: streamed downloads with ranges, and their SHA-256; fingerprints.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // `pyramid serve`: HTTP, its metrics and the types of its headers.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // What async-http-client's settings and errors are made of, and the tests' own server.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        // Evaluation runs generated code and llama.cpp's tools, and the tests the built program.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        // `make docs`.
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        .target(name: "PyramidDecoding", swiftSettings: strict),
        .target(name: "PyramidEngine", dependencies: ["PyramidDecoding"], swiftSettings: strict),
        .target(
            name: "PyramidEvaluation",
            dependencies: [
                "PyramidDecoding", "PyramidEngine",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .target(name: "GGUF", swiftSettings: strict),
        .target(name: "CKernels"),
        .target(
            name: "NativeBackend", dependencies: ["PyramidDecoding", "GGUF", "CKernels"],
            swiftSettings: strict),
        .systemLibrary(name: "CLlama", pkgConfig: "llama"),
        .systemLibrary(name: "CLlamaJinja", pkgConfig: "llama-jinja"),
        .target(name: "CJinja", dependencies: ["CLlamaJinja", "CLlama"]),
        .target(name: "Grammar", swiftSettings: strict),
        .target(
            name: "ChatTemplates", dependencies: ["CJinja", "Grammar"], swiftSettings: strict),
        .target(
            name: "PyramidServer",
            dependencies: [
                "PyramidDecoding", "PyramidEngine", "Grammar",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: [.embedInCode("Page/page.html")],
            swiftSettings: strict),
        .target(
            name: "LlamaBackend",
            dependencies: [
                "PyramidDecoding", "PyramidEngine", "GGUF", "Grammar", "CLlama",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "PyramidBackends",
            dependencies: [
                "PyramidDecoding", "PyramidEngine", "GGUF", "LlamaBackend", "NativeBackend",
                "ChatTemplates",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "ModelStore",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "pyramid",
            dependencies: [
                "PyramidDecoding", "PyramidEngine", "PyramidEvaluation", "GGUF", "LlamaBackend",
                "PyramidBackends", "ModelStore", "PyramidServer", "ChatTemplates", "Grammar",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(
            name: "PyramidTestSupport", dependencies: ["PyramidDecoding"],
            path: "Tests/PyramidTestSupport", swiftSettings: strict),
        .testTarget(
            name: "PyramidDecodingTests",
            dependencies: ["PyramidDecoding", "PyramidTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "PyramidEngineTests",
            dependencies: ["PyramidEngine", "PyramidDecoding", "PyramidTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "PyramidEvaluationTests",
            dependencies: [
                "PyramidEvaluation", "PyramidEngine", "PyramidDecoding", "PyramidTestSupport",
            ],
            swiftSettings: strict),
        .target(
            name: "GGUFTestSupport", path: "Tests/GGUFTestSupport", swiftSettings: strict),
        .testTarget(
            name: "GGUFTests", dependencies: ["GGUF", "GGUFTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ModelStoreTests",
            dependencies: [
                "ModelStore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "NativeBackendTests",
            dependencies: [
                "NativeBackend", "PyramidDecoding", "GGUF", "GGUFTestSupport", "CKernels",
                "PyramidTestSupport",
            ],
            swiftSettings: strict),
        .target(
            name: "BackendTestSupport", dependencies: ["LlamaBackend", "GGUF"],
            path: "Tests/BackendTestSupport", swiftSettings: strict),
        .testTarget(
            name: "LlamaBackendTests",
            dependencies: [
                "LlamaBackend", "PyramidEngine", "PyramidDecoding", "GGUF", "GGUFTestSupport",
                "BackendTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PyramidBackendsTests",
            dependencies: [
                "PyramidBackends", "LlamaBackend", "NativeBackend", "PyramidEngine",
                "PyramidDecoding", "GGUF", "GGUFTestSupport", "BackendTestSupport",
                "PyramidTestSupport", "ChatTemplates",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChatTemplatesTests", dependencies: ["ChatTemplates", "Grammar"],
            swiftSettings: strict),
        .testTarget(
            name: "PyramidServerTests",
            dependencies: [
                "PyramidServer", "PyramidEngine", "PyramidDecoding", "PyramidTestSupport",
                "Grammar",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GrammarTests", dependencies: ["Grammar"], swiftSettings: strict),
        .testTarget(
            name: "PyramidCommandTests",
            dependencies: [.product(name: "Subprocess", package: "swift-subprocess")],
            swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)
