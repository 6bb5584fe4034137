import Subprocess
import Testing

/// Signals, and readers that go away.
@Suite(.serialized, .timeLimit(.minutes(2)), .needsModel, .tags(.weights))
struct InterruptTests {
    private let model: String

    init() throws {
        model = try TestModel.path
    }

    private var endless: [String] {
        [
            "generate", "-t", "1", "-n", "4000", "--temp", "1", "--ignore-eos", "-p", "So", "-m",
            model,
        ]
    }

    @Test(
        "A signal ends the text after the round, with statistics",
        arguments: [(Signal.interrupt, Int32(130)), (.terminate, 143)])
    func once(signal: Signal, code: Int32) async throws {
        let run = try await PyramidProgram.run(endless + ["-md", "ngram"]) { program in
            var isSent = false
            for try await _ in program.standardOutput where !isSent {
                try program.send(signal: signal)
                isSent = true
            }
        }
        #expect(run.end == .exited(code))
        #expect(run.errors.contains("ended by cancelled"))
        #expect(run.errors.contains("mode exact"))
        #expect(!run.errors.contains("error"))
    }

    @Test("A second signal ends the program at once, in the middle of a round")
    func twice() async throws {
        // A round of 256 drafts takes a second or two.
        let slow = ["-md", model, "--lookahead", "256", "--temp", "0"]
        let run = try await PyramidProgram.run(endless + slow) { program in
            var isSent = false
            for try await _ in program.standardOutput where !isSent {
                // The text of the first round is written at once; wait for the second round.
                try await Task.sleep(for: .milliseconds(200))
                try program.send(signal: .interrupt)
                try await Task.sleep(for: .milliseconds(50))
                try program.send(signal: .interrupt)
                isSent = true
            }
        }
        #expect(run.end == .exited(130))
        #expect(!run.errors.contains("ended by"))
    }

    @Test("A reader that goes away ends the program quietly")
    func closedPipe() async throws {
        let run = try await PyramidProgram.shell(
            #"{ "$0" "$@"; echo "code $?" >&2; } | head -c 1"#, endless + ["--no-stats"])
        #expect(run.output.count == 1)
        // 128 + SIGPIPE, as of other programs in a pipe.
        #expect(run.complaints == ["code 141"])
    }

    @Test(
        "A full disk is an error, whatever is printed",
        arguments: [["generate"], ["generate", "--json"], ["inspect"], ["models"]])
    func fullDisk(command: [String]) async throws {
        let rest =
            command[0] == "generate"
            ? ["-t", "1", "-n", "4", "--no-stats", "-p", "So", "-m", model]
            : command[0] == "inspect" ? [model] : []
        try await PyramidProgram.shell(#"exec "$0" "$@" >/dev/full"#, command + rest)
            .expectRefusal(1, "cannot write to standard output", "No space left")
    }

    @Test("A closed standard output is an error")
    func closedOutput() async throws {
        try await PyramidProgram.shell(#"exec "$0" "$@" >&-"#, ["inspect", model])
            .expectRefusal(1, "cannot write to standard output")
    }

    @Test("Statistics that cannot be written do not matter", arguments: ["2>/dev/full", "2>&-"])
    func lostStatistics(redirection: String) async throws {
        let run = try await PyramidProgram.shell(
            #"exec "$0" "$@" "# + redirection,
            ["generate", "-t", "1", "-n", "2", "-p", "So", "-m", model])
        run.expectSuccess()
        #expect(!run.output.isEmpty)
    }
}
