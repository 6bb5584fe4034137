import Testing

/// What a newcomer types first.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HelpTests {
    @Test(
        "The program alone, help and --help show the commands", arguments: [[], ["help"], ["-h"]])
    func overview(arguments: [String]) async throws {
        let run = try await PyramidProgram.run(arguments)
        run.expectSuccess()
        for command in Self.commands {
            #expect(run.text.contains("\n  \(command) "))
        }
        #expect(run.text.contains("pyramid pull qwen2.5-coder"))
        #expect(run.text.contains("Exit codes: 0 done"))
    }

    private static let commands = [
        "generate", "serve", "worker", "bench", "eval", "sweep", "pull", "models", "inspect",
        "derive",
    ]

    @Test("Every command has help", arguments: commands)
    func help(command: String) async throws {
        let short = try await PyramidProgram.run(["help", command])
        short.expectSuccess()
        #expect(short.text.contains("USAGE: pyramid \(command)"))
        #expect(short.errors.isEmpty)
        #expect(try await PyramidProgram.run([command, "--help"]).text == short.text)
    }

    @Test("The help of generate states the defaults")
    func defaults() async throws {
        let help = try await PyramidProgram.run(["generate", "--help"]).text
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for words in [
            "(default: exact)", "(default: 0.4)", "(default: 0.5, and 0.4 for fsd)",
            "<auto|native|llama.cpp>", "(default: auto)", "Native levels are always invariant",
            "[LLAMA_ARG_MODEL]", "-1 is until the context is full. (default: 512)",
            "(default: auto; fixed with --lookahead, with fsd, psd-a and psd-f,",
        ] {
            #expect(help.contains(words), "\(words)")
        }
        #expect(!help.contains("draft-max"))
    }
}
