/// Why a results file cannot be read or written.
public struct RecordError: Error, Equatable, CustomStringConvertible {
    /// The file.
    public var path: String
    /// The line at fault, from 1; `nil` when the file as a whole is.
    public var line: Int?
    /// What is wrong, and what to do.
    public var reason: String

    /// `path:line: reason`.
    public var description: String {
        let place = line.map { "\(path):\($0)" } ?? path
        return "\(place): \(reason)"
    }
}
