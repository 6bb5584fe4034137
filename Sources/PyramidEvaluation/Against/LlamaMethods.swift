internal import Foundation
public import PyramidDecoding

/// Methods of llama.cpp as a bench runs them between its own.
public final class LlamaMethods {
    /// What records call the program.
    public static let engine = "llama.cpp"

    private let tools: LlamaTools
    private let run: LlamaRun
    private let levels: Levels
    private let pool: LlamaServerPool
    private let tokenize: (String) throws -> [TokenID]

    /// What records call the models.
    public struct Levels: Sendable {
        /// The draft model; `nil` for none.
        public var draft: String?
        /// The target.
        public var target: String

        /// Names.
        public init(draft: String?, target: String) {
            self.draft = draft
            self.target = target
        }
    }

    /// Methods on these models.
    ///
    /// - Parameters:
    ///   - tools: llama.cpp's programs.
    ///   - run: What all settings have in common.
    ///   - levels: What records call the models.
    ///   - serversAtOnce: How many servers may be in memory together, 1 or more.
    ///   - tokenize: A text's tokens, special ones in it included.
    public init(
        _ tools: LlamaTools, run: LlamaRun, levels: Levels, serversAtOnce: Int,
        tokenize: @escaping (String) throws -> [TokenID]
    ) {
        self.tools = tools
        self.run = run
        self.levels = levels
        self.tokenize = tokenize
        pool = LlamaServerPool(tools, run: run, capacity: serversAtOnce)
    }

    /// llama-server with every setting, then llama-speculative-simple with every length of the
    /// draft model.
    ///
    /// - Parameter settings: Such as ``LlamaSetting/all(hasDraftModel:lengths:)``.
    public func methods(_ settings: [LlamaSetting]) -> [ForeignMethod] {
        settings.map { setting in
            ForeignMethod(name: "\(Self.engine) \(setting.name)") { item, text, tokens in
                try self.serve(setting, item, text, tokens)
            }
        }
            + settings.filter { $0.usesDraftModel && $0.name.hasPrefix("draft") }.map { setting in
                ForeignMethod(name: "\(Self.engine) simple \(setting.name)") { item, text, tokens in
                    try self.runSimple(setting, item, text, tokens)
                }
            }
    }

    /// Ends the servers.
    public func stop() {
        pool.stop()
    }

    private func serve(
        _ setting: LlamaSetting, _ item: PromptItem, _ text: String, _ tokens: Int
    ) throws -> BenchRecord {
        let request = LlamaCompletionRequest(
            prompt: try tokenize(text), tokens: tokens, sampling: LlamaSampling(run.sampling))
        let completion = try pool.complete(setting, request, prompt: text)
        var record = record(setting, item)
        record.set(completion)
        return record
    }

    private func runSimple(
        _ setting: LlamaSetting, _ item: PromptItem, _ text: String, _ tokens: Int
    ) throws -> BenchRecord {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "pyramid-\(UUID().uuidString).txt")
        // One last line end is taken off the file.
        try Data((text + "\n").utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let program = try ForeignProgram(
            tools.speculativeSimple,
            arguments: run.simpleArguments(setting, promptFile: file.path, tokens: tokens))
        program.wait()
        guard let end = program.end, end == "exit status 0" else {
            throw AgainstError.failed(
                program: "llama-speculative-simple (\(setting.name))",
                reason: program.end ?? "still runs", log: program.lastLines)
        }
        var record = record(setting, item)
        record.set(try SimpleStatistics(program.output), tokens: tokens)
        return record
    }

    private func record(_ setting: LlamaSetting, _ item: PromptItem) -> BenchRecord {
        let names = (setting.usesDraftModel ? [levels.draft].compactMap { $0 } : [])
        var record = BenchRecord(
            method: setting.name, levels: names + [levels.target], item: item,
            sampling: run.sampling)
        record.engine = Self.engine
        return record
    }
}
