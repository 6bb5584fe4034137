import ArgumentParser
import ChatTemplates
import GGUF
import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidEngine
import PyramidEvaluation

/// Loaded levels that answer the prompts of an evaluation.
struct EvalSession {
    let bench: BenchSession<ModelLevel>
    private let loaded: ModelPyramid
    /// What all answers have in common.
    let setting: EvaluationSetting
    private let sampling: Sampling
    private let threads: Int

    init(
        _ levels: LevelFlags, _ runtime: RuntimeFlags, _ flags: EvalFlags,
        _ sampling: BenchSamplingFlags
    ) throws {
        let sources = try levels.sources()
        self.sampling = try sampling.sampling()
        setting = EvaluationSetting(
            sampling: self.sampling, maximumTokens: flags.predict, chat: flags.chat)
        let options = try runtime.modelOptions(for: sources)
        threads = options.threads
        loaded = try ModelPyramid(levels: sources, options: options) {
            StandardError.write($0.report + "\n")
        }
        bench = BenchSession(
            pyramid: loaded.pyramid, names: BenchLevels(of: sources).names,
            tokenizer: loaded.tokenizer)
    }

    /// Measures what automatic control needs to know, if a method uses it.
    func prepare(for methods: [BenchMethod]) throws {
        guard methods.contains(where: { $0.control == .auto }) else { return }
        try loaded.learnCosts(from: Environment.controlStore)
    }

    /// Keeps what automatic control has learned of the machine.
    func finish() {
        if let store = Environment.controlStore { loaded.keepCosts(in: store) }
    }

    /// Answers a prompt; `nil` when a signal came.
    func answer(_ item: PromptItem, by method: BenchMethod) throws -> DecodedAnswer? {
        guard Interrupts.pending == nil else { return nil }
        let prompt = TaskPrompt(item, chat: setting.chat)
        let limits = AnswerLimits(
            sampling: sampling, maximumTokens: setting.maximumTokens,
            stopStrings: prompt.stopStrings)
        return try bench.answer(try tokens(of: prompt), by: method, limits) {
            Interrupts.pending != nil
        }
    }

    /// How likely the target finds an answer.
    func surprise(of answer: DecodedAnswer) throws -> TextSurprise {
        guard case .model(let target) = loaded.pyramid.levels.last else {
            throw CommandFailure("the target is no model")
        }
        return try TextSurprise.of(
            answer.result.tokens.map(\.token), after: answer.prompt, by: target,
            vocabularySize: loaded.pyramid.vocabularySize)
    }

    /// What a results file says of this run.
    var header: RunHeader {
        RunHeader(loaded, names: bench.levels.names, threads: threads)
    }

    private func tokens(of prompt: TaskPrompt) throws -> [TokenID] {
        var text = prompt.text
        if prompt.isMessage {
            text = try ChatTemplate(vocabulary: loaded.vocabulary)
                .prompt(for: [ChatMessage(role: "user", content: text)])
        }
        return try loaded.tokenizer.tokens(of: text, addSpecial: true, parseSpecial: true)
    }
}

extension BenchLevels {
    /// The levels of these sources, bottom first.
    init(of sources: [LevelSource]) {
        self.init(names: sources.map(LevelName.short), hasLookup: sources.first == .ngram)
    }
}
