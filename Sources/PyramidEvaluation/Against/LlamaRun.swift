public import PyramidDecoding

/// What all settings of llama.cpp have in common in a run.
public struct LlamaRun: Sendable {
    /// The target's file.
    public var target: String
    /// The draft model's file; `nil` for none.
    public var draft: String?
    /// Threads, of both models.
    public var threads: Int
    /// Tokens of prompt and text at most.
    public var contextSize: Int
    /// How tokens are drawn.
    public var sampling: Sampling

    /// A run with these files.
    public init(
        target: String, draft: String?, threads: Int, contextSize: Int,
        sampling: Sampling = Sampling()
    ) {
        self.target = target
        self.draft = draft
        self.threads = threads
        self.contextSize = contextSize
        self.sampling = sampling
    }

    /// The arguments of a server on a port of this machine, which keeps nothing between requests.
    func serverArguments(_ setting: LlamaSetting, port: Int) -> [String] {
        modelArguments(setting) + [
            "--host", "127.0.0.1", "--port", "\(port)", "--parallel", "1", "--no-cache-prompt",
            "--cache-ram", "0", "--no-slots", "--no-ui",
        ]
    }

    /// The arguments of llama-speculative-simple for the prompt in a file.
    func simpleArguments(_ setting: LlamaSetting, promptFile: String, tokens: Int) -> [String] {
        modelArguments(setting) + ["-f", promptFile, "--no-escape", "-n", "\(tokens)"]
            + samplingArguments
    }

    private func modelArguments(_ setting: LlamaSetting) -> [String] {
        var arguments = ["-m", target, "-t", "\(threads)", "-c", "\(contextSize)", "--offline"]
        if setting.usesDraftModel, let draft {
            arguments += ["-md", draft, "-td", "\(threads)"]
        }
        return arguments + setting.flags
    }

    private var samplingArguments: [String] {
        let settings = LlamaSampling(sampling)
        return [
            "--samplers", settings.samplers.joined(separator: ";"),
            "--temp", "\(settings.temperature)", "--top-k", "\(settings.topK)",
            "--top-p", "\(settings.topP)", "--min-p", "\(settings.minP)",
            "--seed", "\(settings.seed)",
        ]
    }
}
