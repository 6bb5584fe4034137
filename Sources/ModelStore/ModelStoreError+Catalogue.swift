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

    /// The program did not come with `file`, or is not beside it.
    static func notShipped(_ file: ModelFile, folder: String?) -> ModelStoreError {
        let place = folder.map { "it is not in \($0)" } ?? "no such folder is near the program"
        return ModelStoreError(
            code: .noSource,
            message: """
                \(file.name) comes with the program's source in the folder Models, and \(place): \
                run the program that was built there once, or set PYRAMID_MODELS to that folder.
                """)
    }

    /// The whole file has another SHA-256 than it should.
    static func checksumMismatch(
        _ file: ModelFile, expected: String, found: String
    ) -> ModelStoreError {
        let cause =
            file.isShipped
            ? notOfThisProgram
            : "the download was damaged or altered and has been deleted. Pull it again."
        return ModelStoreError(
            code: .checksumMismatch,
            message: "\(file.name) has SHA-256 \(found), expected \(expected): \(cause)")
    }

    /// The source gave another number of bytes than it should.
    static func sizeMismatch(
        _ file: ModelFile, expected: Int, found: Int
    ) -> ModelStoreError {
        let cause =
            file.isShipped
            ? notOfThisProgram
            : "the source holds another file. The partial file has been deleted."
        return ModelStoreError(
            code: .sizeMismatch,
            message: "\(file.name) ended after \(found) bytes, expected \(expected): \(cause)")
    }

    private static let notOfThisProgram =
        "the file in the folder Models is not the one that this program was built with. Check out "
        + "both from one commit and build again."
}
