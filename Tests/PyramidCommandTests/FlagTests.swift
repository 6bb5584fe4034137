import Testing

/// Values that no option takes: refused before a model is opened, with the code for a wrong
/// command line.
@Suite(.serialized, .timeLimit(.minutes(2))) struct FlagTests {
    private let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        model = try folder.write("model.gguf", TinyGGUF().bytes)
    }

    @Test(
        "A value out of range is refused by its name, itself and the range", arguments: Misuse.all)
    func value(misuse: Misuse) async throws {
        let run = try await PyramidProgram.run(
            ["generate", "-p", "x", "-m", model, "-md", "ngram"] + misuse.flags)
        run.expectRefusal(64, misuse.name, misuse.rule)
    }

    @Test(
        "llama.cpp's removed options are answered with their successors",
        arguments: ["--draft-max", "--draft-min"], ["8", "-1", "x"])
    func removed(flag: String, value: String) async throws {
        try await PyramidProgram.run(["generate", "-p", "x", "-m", model, flag, value])
            .expectRefusal(64, "\(flag) has been removed, use --lookahead")
    }

    @Test(
        "llama.cpp's short options are not read as others of ours",
        arguments: ["-fa", "-ctk", "-ctv", "-tb", "-ub", "-np", "-ngld", "-devd", "-sm"])
    func foreign(flag: String) async throws {
        try await PyramidProgram.run(["generate", "-m", model, flag, "on"])
            .expectRefusal(64, "\(flag) is an option of llama.cpp", "pyramid generate --help")
    }

    @Test("A misspelt option is answered with the nearest and the way to help")
    func misspelt() async throws {
        try await PyramidProgram.run(["generate", "--lokahead", "4"])
            .expectRefusal(64, "'--lokahead'", "'--lookahead'", "pyramid generate --help")
    }

    @Test("An unknown command is refused with the way to help")
    func unknownCommand() async throws {
        try await PyramidProgram.run(["generrate"])
            .expectRefusal(
                64, "'generrate'", "the commands are generate, serve, worker", "pyramid --help")
    }

    @Test("A prompt without its option is answered with the option")
    func strayPrompt() async throws {
        try await PyramidProgram.run(["generate", "-m", model, "Once upon a time"])
            .expectRefusal(64, "'Once upon a time'", "the prompt goes after -p")
    }

    @Test("An option without its value is refused")
    func missingValue() async throws {
        try await PyramidProgram.run(["generate", "-n"])
            .expectRefusal(64, "Missing value for '-n", "pyramid generate --help")
    }

    @Test("A prompt that starts with a dash is a prompt", .needsModel, .tags(.weights))
    func dash() async throws {
        try await TestModel.generate(["-m", TestModel.path], "- one\n- two\n-", tokens: 1)
            .expectSuccess()
    }

    @Test("-1 is until the context is full", .needsModel, .tags(.weights))
    func unlimited() async throws {
        let run = try await PyramidProgram.run([
            "generate", "-m", TestModel.path, "-t", "1", "-c", "256", "-n", "-1", "--temp", "0",
            "--ignore-eos", "--json", "-p", String(repeating: "on and ", count: 122),
        ])
        run.expectSuccess()
        let report = try GenerationJSON(run)
        #expect(report.promptTokens + report.generatedTokens <= 257)
        #expect(report.promptTokens + report.generatedTokens >= 256)
        #expect(report.finishReason == "length")
    }

    @Test("A bias on a token that the model does not have is refused", .needsModel)
    func unknownToken() async throws {
        try await TestModel.generate(["-m", TestModel.path], "x", "--logit-bias", "90000+1")
            .expectRefusal(64, "--logit-bias", "90000", "49151")
    }
}

/// An option with a value that it does not take.
struct Misuse: Sendable, CustomTestStringConvertible {
    let flags: [String]
    /// What the message calls the option.
    let name: String
    /// What the message says of the value.
    let rule: String

    var testDescription: String { flags.joined(separator: " ") }

    private init(_ flags: String..., name: String? = nil, rule: String) {
        self.flags = flags
        self.name = name ?? flags[0]
        self.rule = rule
    }

    static let all = sampling + lossy + lengths + words

    private static let sampling = [
        Misuse("--temp", "-1", name: "temperature is -1", rule: "0 or more"),
        Misuse("--temp", "nan", name: "temperature is nan", rule: "0 or more"),
        Misuse("--temp", "inf", name: "temperature is inf", rule: "0 or more"),
        Misuse("--top-p", "0", name: "top-p is 0", rule: "more than 0, at most 1"),
        Misuse("--top-p", "1.5", name: "top-p is 1.5", rule: "more than 0, at most 1"),
        Misuse("--top-k", "-1", name: "top-k is -1", rule: "0 (off) or more"),
        Misuse("--min-p", "2", name: "min-p is 2", rule: "0 to 1"),
        Misuse("--repeat-penalty", "0", name: "repeat penalty is 0", rule: "more than 0"),
        Misuse("--logit-bias", "foo", rule: "'foo' is not TOKEN+BIAS"),
        Misuse("--logit-bias", "5+nan", name: "token 5 is nan", rule: "must be a number"),
    ]

    private static let lossy = [
        Misuse("--tau-t", "-1", "--mode", "fsd", name: "tau-t is -1", rule: "0 or more"),
        Misuse("--tau-t", "0.3", rule: "needs --mode fsd, psd-a or psd-f"),
        Misuse("--tau-q", "nan", "--mode", "psd-f", name: "psd-f", rule: "3 levels"),
        Misuse("--tau-q", "0.3", "--mode", "psd-a", rule: "needs --mode psd-f"),
        Misuse("--divergence", "foo", rule: "'foo'; known: js"),
        Misuse("--divergence", "kl", rule: "needs --mode fsd, psd-a or psd-f"),
        Misuse("--tau-t", "0.3", "--mode", "budget", rule: "needs --mode fsd, psd-a or psd-f"),
        Misuse("--divergence", "kl", "--mode", "budget", rule: "needs --mode fsd, psd-a or psd-f"),
        Misuse("--budget", "0.02", rule: "needs --mode budget"),
        Misuse("--budget", "0.02", "--mode", "fsd", rule: "needs --mode budget"),
        Misuse("--budget", "1.5", "--mode", "budget", name: "budget is 1.5", rule: "0 to 1"),
        Misuse("--budget", "-1", "--mode", "budget", name: "budget is -1", rule: "0 to 1"),
        Misuse("--budget", "nan", "--mode", "budget", name: "budget is nan", rule: "0 to 1"),
        Misuse("--budget", "x", "--mode", "budget", rule: "'x' is invalid"),
    ]

    private static let lengths = [
        Misuse("--lookahead", "-1", name: "--lookahead -1", rule: "1 to 256"),
        Misuse("--lookahead", "0", name: "--lookahead 0", rule: "do not name it"),
        Misuse("--spec-draft-n-max", "0", name: "--spec-draft-n-max 0", rule: "1 to 256"),
        Misuse("--lookahead", "300", name: "--lookahead 300", rule: "1 to 256"),
        Misuse("--lookahead", "x", rule: "'x' is not a number"),
        Misuse("--lookahead", "4,8", name: "2 lookaheads", rule: "2 levels need one for each"),
        Misuse("--lookahead", "4", "--spec-draft-n-max", "4", rule: "not both"),
        Misuse("-n", "0", name: "--n-predict 0", rule: "1 or more, nor -1"),
        Misuse("-n", "-2", name: "--n-predict -2", rule: "1 or more, nor -1"),
        Misuse("-t", "0", name: "--threads 0", rule: "between 1 and 512"),
        Misuse("-td", "0", name: "--threads-draft 0", rule: "between 1 and 512"),
        Misuse("--threads-draft", "2", rule: "needs a model at the bottom"),
        Misuse("-tq", "2", name: "--threads-qualifier", rule: "takes --threads-draft"),
        Misuse("-tq", "600", name: "--threads-qualifier 600", rule: "between 1 and 512"),
        Misuse("-c", "-1", name: "--ctx-size -1", rule: "0 or more"),
    ]

    private static let words = [
        Misuse("--mode", "foo", rule: "'foo'; known: exact, coupled, budget, fsd, psd-a, psd-f"),
        Misuse("--backend", "foo", rule: "'foo'; known: auto, native, llama.cpp"),
        Misuse("--backend", "", rule: "''; known: auto, native, llama.cpp"),
        Misuse("--numerics", "foo", rule: "'foo'; known: invariant, fast"),
        Misuse("--seed", "text", rule: "'text' is invalid"),
        Misuse("-n", "ten", rule: "'ten' is invalid"),
        Misuse("--json", "--compare", rule: "--compare"),
    ]
}
