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
