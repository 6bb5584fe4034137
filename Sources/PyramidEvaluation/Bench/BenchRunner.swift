public import PyramidDecoding
internal import PyramidEngine

/// Decodes every prompt by every method, the methods interleaved prompt by prompt, so that what
/// slows the machine for a while slows all of them.
public struct BenchRunner<Model: LanguageModel> {
    private let session: BenchSession<Model>
    private let methods: [BenchMethod]
    private let foreign: [ForeignMethod]
    private let settings: BenchSettings

    /// A runner.
    ///
    /// - Parameters:
    ///   - session: The loaded levels.
    ///   - methods: Our methods, by different names.
    ///   - foreign: Those of other programs.
    ///   - settings: What all runs have in common.
    public init(
        session: BenchSession<Model>, methods: [BenchMethod], foreign: [ForeignMethod] = [],
        settings: BenchSettings
    ) {
        self.session = session
        self.methods = methods
        self.foreign = foreign
        self.settings = settings
    }

    /// Runs every method once, for a few tokens, so that no first run pays for what is set up once.
    ///
    /// - Throws: What a method throws.
    public func warmUp(_ prompt: BenchPrompt, isInterrupted: () -> Bool = { false }) throws {
        for index in 0..<count where !isInterrupted() {
            _ = try run(
                index, prompt, repetition: 0, tokens: min(16, settings.maximumTokens),
                isInterrupted)
        }
    }

    /// Runs all that is not done yet. The order of the methods is rotated from prompt to prompt,
    /// so that none is always the first.
    ///
    /// - Parameters:
    ///   - prompts: The prompts.
    ///   - done: Runs of an earlier bench, which are left out.
    ///   - isInterrupted: Asked between rounds; the run in progress is then dropped.
    ///   - receive: Told of each run when it is done.
    ///   - receivePlans: Told after it of the choices of automatic control in the run, one for
    ///     each round, if there were any.
    /// - Throws: What a method, `receive` or `receivePlans` throws.
    public func run(
        _ prompts: [BenchPrompt], skipping done: Set<BenchRecord.Key> = [],
        isInterrupted: () -> Bool = { false },
        receive: (BenchRecord, BenchProgress) throws -> Void,
        receivePlans: ([RoundPlanRecord]) throws -> Void = { _ in }
    ) throws {
        let turns = turns(prompts, skipping: done)
        let clock = ContinuousClock()
        let began = clock.now
        for (index, turn) in turns.enumerated() {
            guard !isInterrupted(),
                let run = try run(
                    turn.method, prompts[turn.prompt], repetition: turn.repetition,
                    tokens: settings.maximumTokens, isInterrupted)
            else { return }
            try receive(
                run.record,
                BenchProgress(done: index + 1, total: turns.count, elapsed: clock.now - began))
            if !run.plans.isEmpty { try receivePlans(run.plans) }
        }
    }

    private struct Turn {
        var method: Int
        var prompt: Int
        var repetition: Int
    }

    private struct Run {
        var record: BenchRecord
        var plans: [RoundPlanRecord] = []
    }

    private var count: Int { methods.count + foreign.count }

    private func turns(
        _ prompts: [BenchPrompt], skipping done: Set<BenchRecord.Key>
    ) -> [Turn] {
        var turns: [Turn] = []
        for repetition in 0..<settings.repetitions {
            for prompt in prompts.indices {
                for place in 0..<count {
                    let method = (place + prompt + repetition) % count
                    let key = BenchRecord.Key(
                        method: name(of: method), promptId: prompts[prompt].item.id,
                        repetition: repetition)
                    guard !done.contains(key) else { continue }
                    turns.append(Turn(method: method, prompt: prompt, repetition: repetition))
                }
            }
        }
        return turns
    }

    private func name(of index: Int) -> String {
        index < methods.count ? methods[index].name : foreign[index - methods.count].name
    }

    private func run(
        _ index: Int, _ prompt: BenchPrompt, repetition: Int, tokens: Int,
        _ isInterrupted: () -> Bool
    ) throws -> Run? {
        guard index < methods.count else {
            return Run(
                record: try run(foreign[index - methods.count], prompt, repetition, tokens))
        }
        let method = methods[index]
        let sampling = settings.sampling(repetition: repetition)
        let options = session.options(method, sampling, maximumTokens: tokens)
        let request = GenerationRequest(prompt: prompt.tokens, options: options)
        guard let result = try session.run(method, request, isInterrupted: isInterrupted) else {
            return nil
        }
        var record = BenchRecord(
            method: method.name, levels: method.levels.map { session.levels.names[$0] },
            item: prompt.item, repetition: repetition, sampling: sampling)
        record.lookaheads = method.lookaheads
        record.control = method.control
        record.setMode(method.mode)
        record.chat = prompt.chat
        record.maximumTokens = tokens
        record.set(result, session.statistics(method, result))
        let plans = result.plans.map { plan in
            // Modes with a pyramid of their own are never under automatic control.
            RoundPlanRecord(plan, of: record.key, names: session.levels.names)
        }
        return Run(record: record, plans: plans)
    }

    private func run(
        _ method: ForeignMethod, _ prompt: BenchPrompt, _ repetition: Int, _ tokens: Int
    ) throws -> BenchRecord {
        var record = try method.run(prompt.item, prompt.rendered, tokens)
        record.method = method.name
        record.promptId = prompt.item.id
        record.category = prompt.item.category
        record.repetition = repetition
        record.chat = prompt.chat
        record.maximumTokens = tokens
        return record
    }
}
