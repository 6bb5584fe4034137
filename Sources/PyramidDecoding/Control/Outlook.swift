/// The choice for one sequence before a round.
struct Outlook {
    let sequence: SequenceState
    let control: SequenceControl
    let controller: Controller
    let isLookup: Bool
    /// Sequences that share the round's forwards: with n rows each, a forward has that many times
    /// n rows, and each sequence's share of its time is one part of that many.
    let batchSize: Int

    var target: Int { sequence.target }
    private var general: Agreement { controller.agreement(sequence.drawKind) }

    /// What was chosen.
    struct Choice {
        var plan: ChainOutlook
        /// Tokens per second that the best chain brings over many rounds.
        var worth: Double
        var isProbe = false
        var isTrial = false
    }

    /// The chain with the most gain in the coming round, over what its time is worth.
    func choice(_ problem: ChainProblem, allowed: [Int], longest: Int) -> Choice {
        var planner = ChainPlanner()
        let promises = promises(problem, allowed: allowed, longest: longest, &planner)
        let worth = promises.map { rate($0) }.max() ?? 0
        var best = promises[0]
        var bestGain = gain(promises[0], worth)
        for promise in promises.dropFirst() {
            guard let promise = conditional(promise, problem, worth, &planner) else { continue }
            let gain = gain(promise, worth)
            if gain > bestGain { (best, bestGain) = (promise, gain) }
        }
        let choice = Choice(plan: best, worth: worth)
        return trial(problem, promises, allowed: allowed, longest: longest, choice, &planner)
            ?? probe(promises, instead: choice) ?? choice
    }

    /// What every chain of allowed levels promises, plain decoding first.
    func promises(
        _ problem: ChainProblem, allowed: [Int], longest: Int = ChainProblem.longestBuffer,
        _ planner: inout ChainPlanner
    ) -> [ChainOutlook] {
        planner.outlooks(problem, allowed: allowed, longest: longest).map {
            isLookup && $0.levels == [0, target] ? selective($0, problem, &planner) : $0
        }
    }

    /// What the rule of stopping needs to know.
    func stopRule(_ choice: Choice, _ problem: ChainProblem) -> StopRule {
        let chain = choice.plan.levels
        var acceptance = Array(
            repeating: Array(repeating: 1.0, count: Sureness.count), count: target + 1)
        var hazards = Array(repeating: [1.0], count: target + 1)
        for (lower, upper) in zip(chain, chain.dropFirst()) where !(isLookup && lower == 0) {
            let own = control.agreement.curve(lower: lower, upper: upper)
            let prior = prior(lower: lower, upper: upper)
            acceptance[lower] = (0..<Sureness.count).map {
                own.acceptance(of: Sureness(index: $0), prior)
            }
            hazards[lower] = problem.acceptance[upper][lower]
        }
        var worth = choice.plan.secondsPerToken
        worth[target] = choice.worth > 0 ? 1 / choice.worth : worth[target]
        return StopRule(
            costs: problem.costs, acceptance: acceptance, hazards: hazards, worth: worth,
            secondsPerToken: choice.plan.secondsPerToken)
    }

    // MARK: - What is known

    /// Costs as this sequence sees them, and agreements.
    func problem() -> ChainProblem {
        var acceptance = Array(
            repeating: Array(repeating: [0.0], count: target + 1), count: target + 1)
        for upper in 1..<max(target + 1, 1) {
            for lower in 0..<upper {
                acceptance[upper][lower] =
                    isLookup && lower == 0
                    ? lookupHazards(upper) : hazards(lower: lower, upper: upper)
            }
        }
        let hits = control.agreement.hits.mean(
            prior: general.hits.mean(prior: 0.4, weight: 4), weight: 12)
        return ChainProblem(
            costs: costs, acceptance: acceptance, lookupHitRate: isLookup ? hits : nil)
    }

    private var costs: [[Double]] {
        (0...target).map { level in
            [0]
                + (1...(ChainProblem.longestBuffer + 1)).map { rows in
                    controller.costs.seconds(level: level, rows: Double(rows * batchSize))
                        / Double(batchSize)
                }
        }
    }

    /// How often a model's tokens are accepted, over all places in the buffer.
    func agreement(lower: Int, upper: Int) -> Double {
        control.agreement.curve(lower: lower, upper: upper).mean(
            prior(lower: lower, upper: upper))
    }

    func prior(lower: Int, upper: Int) -> AcceptanceCurve.Prior {
        general.prior(of: control.agreement, lower: lower, upper: upper)
    }

    private func hazards(lower: Int, upper: Int) -> [Double] {
        control.agreement.curve(lower: lower, upper: upper).hazards(
            prior(lower: lower, upper: upper))
    }

    private func lookupHazards(_ upper: Int, matchClass: Int) -> [Double] {
        control.agreement.lookup(matchClass: matchClass, upper: upper).hazards(
            AcceptanceCurve.Prior(curve: general.lookup(matchClass: matchClass, upper: upper)))
    }

    /// Over all lengths of matches, as often as they occur.
    private func lookupHazards(_ upper: Int) -> [Double] {
        var mean = Array(repeating: 0.0, count: AcceptanceCurve.depths)
        var reached = mean
        for (matchClass, share) in matchShares.enumerated() {
            var survival = share
            for (depth, hazard) in lookupHazards(upper, matchClass: matchClass).enumerated() {
                reached[depth] += survival
                survival *= hazard
                mean[depth] += survival
            }
        }
        return zip(mean, reached).map { $0 / $1 }
    }

    /// How many of the matches are of each class.
    private var matchShares: [Double] {
        let weights = (0..<Agreement.matchClasses).map { matchClass in
            control.agreement.lookup(matchClass: matchClass, upper: target).firstTests
                + general.lookup(matchClass: matchClass, upper: target).firstTests / 8 + 0.1
        }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    // MARK: - What it comes to

    /// What the lookup alone brings over many rounds when each match gets the length that its class
    /// deserves, and none where plain decoding is better: more than any fixed length does.
    private func selective(
        _ promise: ChainOutlook, _ problem: ChainProblem, _ planner: inout ChainPlanner
    ) -> ChainOutlook {
        let hits = problem.lookupHitRate ?? 0
        let single = problem.costs[target][1]
        let classes = matchShares.enumerated().map { matchClass, share in
            (share: share, problem: self.problem(problem, matched: matchClass))
        }
        var selective = promise
        // Each pass knows better what time is worth, and so which lengths are best.
        for _ in 0..<3 {
            let worth = selective.tokensPerSecond
            var tokens = 1 - hits
            var seconds = (1 - hits) * single
            for (share, matched) in classes {
                let best = planner.outlook(
                    matched, below: [0], longest: LookupShadow.longest, worth: worth)
                let pays = best.tokens - worth * best.seconds > 1 - worth * single
                tokens += hits * share * (pays ? best.tokens : 1)
                seconds += hits * share * (pays ? best.seconds : single)
            }
            selective.tokens = tokens
            selective.seconds = seconds
        }
        selective.secondsPerToken[target] = selective.seconds / selective.tokens
        return selective
    }

    /// The chain in this very round: what the lookup has found now counts, not what it finds on
    /// average; `nil` where it has found nothing, so that the chain is plain decoding.
    private func conditional(
        _ promise: ChainOutlook, _ problem: ChainProblem, _ worth: Double,
        _ planner: inout ChainPlanner
    ) -> ChainOutlook? {
        guard isLookup, promise.levels == [0, target] else { return promise }
        guard let shadow = control.shadow else { return nil }
        return planner.outlook(
            self.problem(problem, matched: shadow.matchClass), below: [0],
            longest: max(1, min(shadow.tokens.count, sequence.room(at: target) - 1)),
            worth: worth)
    }

    /// The problem where the lookup has found a match of this class.
    private func problem(_ problem: ChainProblem, matched matchClass: Int) -> ChainProblem {
        var matched = problem
        matched.lookupHitRate = 1
        matched.acceptance[target][0] = lookupHazards(target, matchClass: matchClass)
        return matched
    }

    /// Tokens per second over the rest of the text, what levels have missed included.
    private func rate(_ promise: ChainOutlook) -> Double {
        let corrected = controller.corrected(promise)
        return corrected.tokens / (corrected.seconds + missedSeconds(corrected))
    }

    private func gain(_ promise: ChainOutlook, _ worth: Double) -> Double {
        let corrected = controller.corrected(promise)
        return corrected.tokens - worth * (corrected.seconds + missedSeconds(corrected))
    }

    /// The round's part of the time to bring the chain's levels up to date.
    ///
    /// Once the prompt is read this counts more than it takes: estimates tremble, and time spent on
    /// a level that is then found not to pay is never got back.
    private func missedSeconds(_ promise: ChainOutlook) -> Double {
        let caution = sequence.cached[target] > 0 ? Self.lateCaution : 1
        return caution * catchUpSeconds(promise) * min(1, promise.tokens / max(expectedTokens, 1))
    }

    /// The tokens that are still to come.
    var expectedTokens: Double {
        let generated = sequence.tokens.count - sequence.promptCount
        return min(
            controller.expectedTokens(after: generated),
            Double(sequence.limit - sequence.tokens.count))
    }

    /// The time to feed a chain's levels what they have missed.
    func catchUpSeconds(_ promise: ChainOutlook) -> Double {
        promise.levels.dropLast().reduce(0) { $0 + missedSeconds(of: $1) }
    }

    private func missedSeconds(of level: Int) -> Double {
        let missed = sequence.tokens.count - sequence.cached[level] - 1
        guard missed > 1, !(isLookup && level == 0) else { return 0 }
        let rows = Double(missed + 1)
        return controller.costs.readingSeconds(level: level, rows: rows)
            - controller.costs.seconds(level: level, rows: 1)
    }

    private static let lateCaution = 1.5
}
