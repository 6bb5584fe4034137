/// Rounds with a level that is off, to find out whether it should be on.
extension Outlook {
    /// A round with a level that is off, when what it may turn out to save over the rest of the
    /// text is worth more than finding out: the value of information (R. A. Howard, 1966), with
    /// two equally probable findings.
    func trial(
        _ problem: ChainProblem, _ promises: [ChainOutlook], allowed: [Int], longest: Int,
        _ choice: Choice, _ planner: inout ChainPlanner
    ) -> Choice? {
        guard choice.worth > 0 else { return nil }
        var found: Choice?
        var most = 0.0
        for level in allowed where isOff(level, choice.plan) {
            let tried = promises.filter { $0.levels.contains(level) }.map(controller.corrected)
            let lost = { (plan: ChainOutlook) in plan.seconds - plan.tokens / choice.worth }
            guard let plan = tried.min(by: { lost($0) < lost($1) }) else { continue }
            let better = planner.outlooks(
                hopeful(problem, level), allowed: allowed, longest: longest)
            let hoped = better.filter { $0.levels.contains(level) }.map {
                controller.corrected($0).tokensPerSecond
            }
            let saved = expectedTokens * (1 / choice.worth - 1 / (hoped.max() ?? choice.worth)) / 2
            let rounds = max(1, Self.trialTokens / plan.tokens)
            let cost =
                catchUpSeconds(plan) + (max(0, lost(plan)) + unsharedSeconds(plan, choice)) * rounds
            let merit = saved - Self.trialCaution * cost
            guard merit > most else { continue }
            most = merit
            found = Choice(plan: plan, worth: choice.worth, isTrial: true)
        }
        return found
    }

    /// What a round takes because nobody shares the forwards of the levels that are off: other
    /// sequences wait for them. A level between others makes fewer than are counted here.
    private func unsharedSeconds(_ plan: ChainOutlook, _ choice: Choice) -> Double {
        plan.levels.dropLast().filter { isOff($0, choice.plan) }.reduce(0) { sum, level in
            let forward = controller.costs.seconds(level: level, rows: 1)
            return sum + Double(plan.lookaheads[level]) * forward * (1 - 1 / Double(batchSize))
        }
    }

    /// The problem if a level turns out to be good in this text.
    private func hopeful(_ problem: ChainProblem, _ level: Int) -> ChainProblem {
        var hopeful = problem
        for upper in (level + 1)...target {
            let promise = control.agreement.curve(lower: level, upper: upper).promise(
                prior(lower: level, upper: upper))
            for place in hopeful.acceptance[upper][level].indices {
                hopeful.acceptance[upper][level][place] = min(
                    hopeful.acceptance[upper][level][place] + promise, 0.995)
            }
        }
        return hopeful
    }

    /// How long a trial is thought to be.
    private static let trialTokens = 12.0
    /// How many times its cost a trial must promise: hopes come true less often than they should,
    /// since it is the most hopeful level that is tried.
    private static let trialCaution = 2.0

    /// A round with a level that is off, when the credit pays for what it is expected to lose.
    func probe(_ promises: [ChainOutlook], instead choice: Choice) -> Choice? {
        guard control.probeCredit > 0, choice.worth > 0 else { return nil }
        var found: Choice?
        var least = control.probeCredit
        for promise in promises
        where promise.levels.contains(where: { isOff($0, choice.plan) }) {
            let corrected = controller.corrected(promise)
            let loss =
                corrected.seconds + catchUpSeconds(corrected) - corrected.tokens / choice.worth
            guard loss < least else { continue }
            least = loss
            found = Choice(plan: promise, worth: choice.worth, isProbe: true)
        }
        return found
    }

    private func isOff(_ level: Int, _ plan: ChainOutlook) -> Bool {
        !plan.levels.contains(level) && !(isLookup && level == 0)
    }
}
