/// One setting of a sweep.
public struct SweepCell: Sendable, Equatable {
    /// The kinds of settings that are compared.
    public enum Group: String, Sendable, Codable, CaseIterable {
        /// The target alone.
        case plain
        /// Exact speculative decoding with one lower level.
        case sd
        /// Fuzzy speculative decoding.
        case fsd
        /// PyramidSD, assisted.
        case psdA = "psd-a"
        /// PyramidSD, fuzzy.
        case psdF = "psd-f"

        /// Whether its cells are what the others are measured against; no filter leaves them out.
        public var isReference: Bool { self == .plain || self == .sd }
    }

    /// The kind of setting.
    public let group: Group
    /// How it decodes.
    public let method: BenchMethod

    init(_ group: Group, _ method: BenchMethod) {
        self.group = group
        self.method = method
    }

    /// The method's name.
    public var name: String { method.name }
}
