extension ModelStoreError {
    /// No family is called `name`.
    static func unknownFamily(
        _ name: String, known: [String], nearest: String?
    ) -> ModelStoreError {
        let guess = nearest.map { " Did you mean \($0)?" } ?? ""
        return ModelStoreError(
            code: .unknownFamily,
            message: """
                There is no model family "\(name)".\(guess) Known: \
                \(known.joined(separator: ", ")).
                """)
    }

    /// Every source of `file` failed, each for its own reason.
    static func allSourcesFailed(
        _ file: ModelFile, reasons: [(source: ModelSource, error: ModelStoreError)]
    ) -> ModelStoreError {
        let lines = reasons.map { "\n  \($0.source): \($0.error.message)" }
        return ModelStoreError(
            code: .allSourcesFailed,
            message: "No source could give \(file.name):\(lines.joined())")
    }

    /// The whole file has another SHA-256 than it should.
    static func checksumMismatch(
        _ file: ModelFile, expected: String, found: String
    ) -> ModelStoreError {
        ModelStoreError(
            code: .checksumMismatch,
            message: """
                \(file.name) has SHA-256 \(found), expected \(expected): the download was damaged \
                or altered and has been deleted. Pull it again.
                """)
    }

    /// The source gave another number of bytes than it should.
    static func sizeMismatch(
        _ file: ModelFile, expected: Int, found: Int
    ) -> ModelStoreError {
        ModelStoreError(
            code: .sizeMismatch,
            message: """
                \(file.name) ended after \(found) bytes, expected \(expected): the source holds \
                another file. The partial file has been deleted.
                """)
    }
}
