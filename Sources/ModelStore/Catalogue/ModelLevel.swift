/// One level of a family's pyramid.
public struct ModelLevel: Sendable, Hashable {
    /// What the level consists of.
    public enum Content: Sendable, Hashable {
        /// A file to be pulled.
        case file(ModelFile)
        /// A copy of the family's target that the program itself makes by requantising it to the
        /// named GGUF type, such as `Q4_0`; nothing is downloaded.
        case requantizedTarget(type: String)
        /// No weights: proposals come from n-grams of the text so far.
        case ngram
    }

    /// The place in the pyramid.
    public let role: ModelRole

    /// What the level consists of.
    public let content: Content

    /// Puts `content` at `role`.
    public init(role: ModelRole, content: Content) {
        self.role = role
        self.content = content
    }

    /// The file to be pulled for this level, nil if it needs none.
    public var file: ModelFile? {
        guard case .file(let file) = content else { return nil }
        return file
    }
}
