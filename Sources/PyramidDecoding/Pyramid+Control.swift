extension Pyramid {
    /// Chooses the chain and the lookaheads of every sequence under automatic control.
    func plan(_ batch: [SequenceState]) {
        for sequence in batch where sequence.control != nil {
            plan(sequence, batchSize: batch.count)
        }
    }

    private func plan(_ sequence: SequenceState, batchSize: Int) {
        guard var control = sequence.control else { return }
        defer { sequence.control = control }
        control.isProbe = false
        control.isTrial = false
        control.isStopped = control.isStopped.map { _ in false }
        control.shadow = shadow(of: sequence)
        let room = min(sequence.room(at: target) - 1, ChainProblem.longestBuffer)
        let allowed = sequence.options.lookaheads.indices.filter {
            sequence.options.lookaheads[$0] > 0
        }
        guard isCalibrated else {
            // Nothing to choose by: the lengths that were given.
            sequence.lookaheads = sequence.options.lookaheads
            control.plan = nil
            control.stopRule = nil
            return
        }
        let outlook = Outlook(
            sequence: sequence, control: control, controller: controller,
            isLookup: levels[0].model == nil, batchSize: batchSize)
        let problem = outlook.problem()
        let choice = outlook.choice(
            problem, allowed: room > 0 ? allowed : [], longest: max(1, room))
        control.plan = choice.plan
        control.worth = choice.worth
        control.isProbe = choice.isProbe
        control.isTrial = choice.isTrial
        control.agreement.window =
            choice.isProbe ? SequenceControl.probeWindow : SequenceControl.window
        control.catchUpSeconds = outlook.catchUpSeconds(choice.plan)
        control.stopRule = outlook.stopRule(choice, problem)
        sequence.lookaheads = choice.plan.lookaheads
    }

    /// What the lookup finds now: looking is free.
    private func shadow(of sequence: SequenceState) -> LookupShadow? {
        guard case .lookup(let lookup) = levels[0], sequence.options.lookaheads.first ?? 0 > 0,
            let match = lookup.match(for: sequence.tokens, count: LookupShadow.longest)
        else { return nil }
        return LookupShadow(
            matchClass: lookup.matchClass(match), tokens: Array(sequence.tokens[match.range]))
    }

    /// Learns from a round that is over, and notes it.
    func learn(from emission: Emission, _ sequence: SequenceState, _ round: RoundTime) {
        guard var control = sequence.control else { return }
        defer { sequence.control = control }
        if levels[0].model == nil, sequence.options.lookaheads.first ?? 0 > 0 {
            control.agreement.addHit(control.shadow != nil)
            controller.addHit(control.shadow != nil, sequence.drawKind)
        }
        compareShadow(emission, sequence, &control)
        let began = control.began ?? round.began
        control.began = began
        let generated = sequence.tokens.count - sequence.promptCount - emission.tokens.count
        guard let plan = control.plan else { return }
        let seconds = round.share / .seconds(1)
        control.pay(for: emission.tokens.count, seconds: seconds)
        if emission.end == nil {
            controller.add(
                plan, promised: plan.seconds + control.catchUpSeconds,
                tokens: emission.tokens.count, seconds: seconds)
        } else if emission.end == .endToken {
            // A text that was cut off says how long it was allowed to be.
            controller.addLength(sequence.tokens.count - sequence.promptCount)
        }
        control.records.append(
            PlanRecord(
                tokens: generated, time: round.began - began, lookaheads: plan.lookaheads,
                promisedTokensPerSecond: plan.tokensPerSecond,
                isProbe: control.isProbe || control.isTrial))
    }

    /// Compares what the lookup would have proposed with what came, unless it was proposed.
    private func compareShadow(
        _ emission: Emission, _ sequence: SequenceState, _ control: inout SequenceControl
    ) {
        guard let shadow = control.shadow, let plan = control.plan, plan.levels != [0, target]
        else { return }
        for (depth, pair) in zip(shadow.tokens, emission.tokens).enumerated() {
            let isSame = pair.0 == pair.1.token
            let test = TestedDraft(
                level: 0, matchClass: shadow.matchClass, accepted: isSame ? 1 : 0, depth: depth)
            control.agreement.add(test, upper: target)
            controller.add(test, upper: target, sequence.drawKind)
            if !isSame { break }
        }
    }
}

/// When a round began and what it took of the time of each of its sequences.
struct RoundTime {
    var began: Duration
    var share: Duration
}
