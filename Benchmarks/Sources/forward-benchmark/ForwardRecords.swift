import Foundation

/// The benchmark's figures as a results file: one JSON object a line, for `make report`.
final class ForwardRecords {
    private let file: FileHandle

    /// Makes or empties the file at `path`.
    init(path: String) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    /// The time of a forward.
    struct Forward: Encodable {
        var type = "forward"
        var model: String
        var backend: String
        var rows: Int
        var milliseconds: Double
        var threads: Int
        /// Tokens before the forward's.
        var context: Int
    }

    /// What the machine can do at most, and what a forward of one row of a model needs of it.
    struct Ceiling: Encodable {
        var type = "ceiling"
        var model: String
        var threads: Int
        var bytesPerSecond: Double
        /// Products of int8; `nil` where they are not measured.
        var productsPerSecond: Double?
        var weightBytes: Double
        var weightElements: Double
    }

    func write(_ record: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try file.write(contentsOf: encoder.encode(record) + Data("\n".utf8))
    }
}
