/// A line of a results file: a JSON object whose key `type` says what it is.
public protocol Record: Codable, Sendable {
    /// What `type` says.
    static var type: String { get }
}
