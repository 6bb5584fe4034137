public import PyramidDecoding

/// Where a level comes from.
public enum LevelSource: Sendable, Hashable {
    /// A GGUF file, or the first part of a split one.
    case file(path: String)
    /// Prompt lookup, without a model.
    case ngram

    /// What the command line says: a path, or `ngram`.
    public init(_ text: String) {
        self = text == "ngram" ? .ngram : .file(path: text)
    }

    /// The path, or `ngram`.
    public var text: String {
        switch self {
        case .file(let path): path
        case .ngram: "ngram"
        }
    }

    /// The path; `nil` for a lookup.
    public var path: String? {
        if case .file(let path) = self { path } else { nil }
    }
}

extension [LevelSource] {
    /// As many of these levels, bottom first, as a mode is for: where there are more, the bottom
    /// model and those nearest to the target.
    public func forMode(_ mode: DecodingMode) -> [LevelSource] {
        guard let needed = mode.requiredLevels, count > needed else { return self }
        return mode.levels(of: filter { $0 != .ngram })
    }
}
