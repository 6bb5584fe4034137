extension Pyramid {
    /// Why a sequence's levels are on or off; `nil` under fixed control, and before the first
    /// round.
    public func explanation(of sequence: SequenceID) -> ControlExplanation? {
        let state = state(of: sequence)
        guard let control = state.control, !control.records.isEmpty else { return nil }
        let outlook = Outlook(
            sequence: state, control: control, controller: controller,
            isLookup: levels[0].model == nil, batchSize: 1)
        let problem = outlook.problem()
        let allowed = state.options.lookaheads.indices.filter { state.options.lookaheads[$0] > 0 }
        let chosen = control.records.filter { !$0.isProbe }
        var planner = ChainPlanner()
        let verdicts = Verdicts(
            problem: problem,
            chains: outlook.promises(problem, allowed: allowed, &planner)
                .map(controller.corrected),
            controller: controller)
        return ControlExplanation(
            uses: uses(control.records),
            verdicts: allowed.filter { levels[$0].model != nil }.map { level in
                let isOn = chosen.count { $0.lookaheads[level] > 0 }
                return verdicts.verdict(
                    on: level, share: Double(isOn) / Double(max(1, chosen.count))
                ) { outlook.agreement(lower: level, upper: $0) }
            },
            secondsPerForward: levels.indices.map {
                controller.costs.seconds(level: $0, rows: 1)
            },
            lookupHitRate: allowed.contains(0) ? problem.lookupHitRate : nil)
    }

    /// The choices for a sequence, one for each of its rounds; empty under fixed control.
    public func plans(of sequence: SequenceID) -> [PlanRecord] {
        state(of: sequence).control?.records ?? []
    }

    private func uses(_ records: [PlanRecord]) -> [ControlExplanation.Use] {
        let chains = Dictionary(grouping: records) { record in
            levels.indices.filter { $0 == target || record.lookaheads[$0] > 0 }
        }
        return chains.map { chain, records in
            ControlExplanation.Use(
                levels: chain,
                meanLookaheads: (0..<target).map { level in
                    Double(records.reduce(0) { $0 + $1.lookaheads[level] })
                        / Double(records.count)
                },
                rounds: records.count, probes: records.count(where: \.isProbe))
        }.sorted { ($1.rounds, $0.levels.count) < ($0.rounds, $1.levels.count) }
    }
}

/// What speaks for and against single levels.
private struct Verdicts {
    let problem: ChainProblem
    /// What every chain promises, as experience has it.
    let chains: [ChainOutlook]
    let controller: Controller

    /// - Parameter agreement: How often a verifier accepts the level's tokens.
    func verdict(
        on level: Int, share: Double, agreement: (Int) -> Double
    ) -> ControlExplanation.Verdict {
        let with = chains.filter { $0.levels.contains(level) }
            .max { $0.tokensPerSecond < $1.tokensPerSecond }
        let without =
            chains.filter { !$0.levels.contains(level) }
            .map(\.tokensPerSecond).max() ?? 0
        let levels = with?.levels ?? [level, problem.levelCount - 1]
        let verifier = levels[(levels.firstIndex(of: level) ?? 0) + 1]
        return ControlExplanation.Verdict(
            level: level, share: share, verifier: verifier, agreement: agreement(verifier),
            neededAgreement: needed(level, verifier, Array(levels.dropLast()), rate: without),
            rateWith: with?.tokensPerSecond ?? 0, rateWithout: without)
    }

    /// The least agreement at which a chain reaches a rate, by bisection.
    private func needed(_ level: Int, _ verifier: Int, _ below: [Int], rate: Double) -> Double? {
        var planner = ChainPlanner()
        func reaches(_ agreement: Double) -> Bool {
            var assumed = problem
            assumed.acceptance[verifier][level] = [agreement]
            let promise = controller.corrected(planner.outlook(assumed, below: below))
            return promise.tokensPerSecond >= rate
        }
        guard reaches(1) else { return nil }
        var bounds = (low: 0.0, high: 1.0)
        for _ in 0..<12 {
            let middle = (bounds.low + bounds.high) / 2
            if reaches(middle) { bounds.high = middle } else { bounds.low = middle }
        }
        return bounds.high
    }
}
