/// Why a schema cannot be made a grammar, with the place and the way out.
public struct GrammarError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    public var description: String

    /// An error that says `description`.
    public init(_ description: String) {
        self.description = description
    }
}
