import Subprocess
import Testing

/// How a run of the program ended and what it said.
struct CommandRun {
    /// How a process ends.
    enum End: Equatable {
        case exited(Int32)
        case signaled(Int32)
    }

    let end: End
    let output: [UInt8]
    let errors: String

    init(_ status: TerminationStatus, output: [UInt8] = [], errors: String) {
        end =
            switch status {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .signaled(signal)
            }
        self.output = output
        self.errors = errors
    }

    /// Standard output as text; what is not UTF-8 shows as U+FFFD.
    var text: String { String(decoding: output, as: UTF8.self) }

    /// The lines on standard error.
    var complaints: [Substring] { errors.split(separator: "\n") }

    /// The program has refused: this exit code, nothing on standard output, and one line of error
    /// with all `words`.
    func expectRefusal(
        _ code: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(end == .exited(code), "\(errors)", sourceLocation: sourceLocation)
        #expect(output.isEmpty, sourceLocation: sourceLocation)
        #expect(complaints.count == 1, "\(errors)", sourceLocation: sourceLocation)
        #expect(complaints.first?.hasPrefix("error: ") == true, sourceLocation: sourceLocation)
        for word in words {
            #expect(errors.contains(word), "\(errors)", sourceLocation: sourceLocation)
        }
    }

    /// The program has failed after it had said other things: its last line is an error with all
    /// `words`.
    func expectFailure(
        _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(end == .exited(1), "\(errors)", sourceLocation: sourceLocation)
        for word in ["error: "] + words {
            #expect(
                complaints.last?.contains(word) == true, "\(errors)",
                sourceLocation: sourceLocation)
        }
    }

    /// The program has done its work.
    func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(end == .exited(0), "\(errors)", sourceLocation: sourceLocation)
    }
}
