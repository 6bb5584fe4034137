/// A sequence in the pyramid: its tokens, which level vouches for how many of them, and what each
/// level's cache holds.
///
/// `tokens` is one string: the committed tokens, then what the levels below the target propose.
/// `verified[k]` is how many of its tokens level k has drawn or accepted. Proposals waiting for
/// level k are those between `verified[k]` and the end of what lies below it.
///
/// Invariants, between steps of a round:
/// - `verified` falls from the bottom to the target, and `verified[0] == tokens.count`.
/// - `tail` describes `tokens[committed...]`; between rounds it is empty.
/// - `spent` has an entry for every committed token after the prompt.
/// - Level k's cache agrees with `tokens` on `0 ..< cached[k]`, and holds at most `stored[k]`.
final class SequenceState {
    let id: SequenceID
    let options: DecodingOptions
    let rules: [any AcceptanceRule]
    let constraint: (any TokenConstraint)?
    let isGreedy: Bool
    /// The length at which the sequence ends.
    let limit: Int
    let promptCount: Int
    /// The prompt tokens that the target's cache held from the start.
    let reusedTokens: Int

    /// How many tokens each level below the target buffers; 0 is off. May change between rounds.
    var lookaheads: [Int]
    var tokens: [TokenID]
    /// The number of tokens that are output for good.
    var committed: Int
    /// `spent[n]` is the total variation of the first n + 1 committed tokens after the prompt.
    var spent: [Double] = []
    var tail: [Proposal] = []
    var verified: [Int]
    var cached: [Int]
    var stored: [Int]
    var source: TokenSource
    var statistics: [LevelStatistics]
    var end: EndReason?
    /// What the controller knows; `nil` under fixed control.
    var control: SequenceControl?
    let drawKind: DrawKind

    init(
        _ place: StartingPlace, prompt: [TokenID], options: DecodingOptions,
        rules: [any AcceptanceRule],
        constraint: (any TokenConstraint)?, bounds: PyramidBounds
    ) {
        id = place.id
        self.options = options
        self.rules = rules
        self.constraint = constraint
        // A budget is spent in whole tokens there, so it needs no laws either.
        isGreedy =
            options.sampling.isGreedy && rules.allSatisfy { $0.preservesLaw || $0.budget > 0 }
        // In this order, because the most tokens may be `Int.max`.
        limit = prompt.count + min(options.maximumTokens, bounds.contextSize - prompt.count)
        promptCount = prompt.count
        reusedTokens = place.cached[bounds.levelCount - 1]
        lookaheads = options.lookaheads
        tokens = prompt
        committed = prompt.count
        verified = Array(repeating: prompt.count, count: bounds.levelCount)
        cached = place.cached
        stored = place.stored
        source = TokenSource(
            seed: options.sampling.seed, vocabularySize: bounds.vocabularySize)
        statistics = Array(repeating: LevelStatistics(), count: bounds.levelCount)
        drawKind = DrawKind(options)
        if options.control == .auto { control = SequenceControl(levelCount: bounds.levelCount) }
    }
}

/// What all levels of a pyramid have in common.
struct PyramidBounds {
    var levelCount: Int
    var vocabularySize: Int
    var contextSize: Int
}

// MARK: - Where the levels stand

extension SequenceState {
    var target: Int { verified.count - 1 }

    var isProposingEnd: Bool {
        guard tokens.count > committed, let last = tokens.last else { return false }
        return options.endTokens.contains(last)
    }

    /// The level that drafts for level k: the highest one below that is not off.
    func drafter(under level: Int) -> Int? {
        (0..<level).last { lookaheads[$0] > 0 }
    }

    /// The level that verifies level k's proposals.
    func verifier(above level: Int) -> Int {
        ((level + 1)..<target).first { lookaheads[$0] > 0 } ?? target
    }

    /// How many more tokens level k may buffer. One place is left for the token that its verifier
    /// draws itself, so no buffer ever overshoots.
    func room(at level: Int) -> Int {
        guard level < target else { return limit - verified[target] }
        let above = verifier(above: level)
        let buffered = verified[level] - verified[above]
        return min(lookaheads[level], room(at: above) - 1) - buffered
    }

    /// Whether level k should draft on: it has room, and the text so far does not end.
    func wantsDraft(from level: Int) -> Bool {
        room(at: level) > 0 && !isProposingEnd && !(control?.isStopped[level] ?? false)
    }

    /// What the constraint says about the token at `position`.
    func restriction(at position: Int) -> Restriction? {
        constraint.map { Restriction(constraint: $0, generated: tokens[promptCount..<position]) }
    }

    func checkInvariants() {
        precondition(verified[0] == tokens.count)
        precondition(zip(verified, verified.dropFirst()).allSatisfy { $0 >= $1 })
        precondition(tail.count == tokens.count - committed)
        precondition(spent.count == max(0, committed - promptCount))
        precondition(cached.allSatisfy { $0 <= tokens.count })
        precondition(zip(cached, stored).allSatisfy { $0 <= $1 })
    }
}

// MARK: - Changing the string

extension SequenceState {
    /// What level k must compute to test the proposals that wait for it and to draw one token.
    func request(at level: Int) -> ForwardRequest {
        let firstRow = verified[level] - 1
        let position = min(cached[level], firstRow)
        return ForwardRequest(
            sequence: id, position: position, tokens: tokens[position...],
            wantedRows: tokens.count - firstRow)
    }

    /// Drops all tokens from `count` on; what the caches hold of them is no longer valid.
    func truncate(to count: Int, giveBack: (Proposal) -> Void) {
        let first = max(0, count - committed)
        tail[first...].forEach(giveBack)
        tail.removeSubrange(first...)
        committed = min(committed, count)
        // Cut tokens give back what they spent.
        spent.removeSubrange(min(spent.count, max(0, committed - promptCount))...)
        tokens.removeSubrange(count...)
        for level in verified.indices {
            verified[level] = min(verified[level], count)
            cached[level] = min(cached[level], count)
        }
    }

    /// The total variation of the generated tokens before `position`.
    func spent(before position: Int) -> Double {
        tail[..<(position - committed)].reduce(spent.last ?? 0) { $0 + $1.totalVariation }
    }

    /// Adds a token that some level has drawn.
    func append(_ proposal: Proposal) {
        tokens.append(proposal.token)
        tail.append(proposal)
    }

    /// The proposal at `position`, whose laws pass to the caller.
    func takeLaws(at position: Int) -> Proposal {
        let index = position - committed
        let proposal = tail[index]
        tail[index].law = nil
        tail[index].raw = nil
        return proposal
    }

    /// Makes all tokens output; gives the laws back.
    func commitTail(giveBack: (Proposal) -> Void) {
        for proposal in tail { spent.append((spent.last ?? 0) + proposal.totalVariation) }
        tail.forEach(giveBack)
        tail.removeAll(keepingCapacity: true)
        committed = tokens.count
    }

    /// Notes that level k vouches for all tokens, and so do those below.
    func markVerified(by level: Int) {
        for index in 0...level { verified[index] = tokens.count }
        for index in 0..<level { control?.isStopped[index] = false }
    }
}
