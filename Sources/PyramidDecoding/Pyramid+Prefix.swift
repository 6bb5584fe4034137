/// What a finished sequence left in the caches of its place.
struct KeptPrefix {
    /// The tokens that the caches agree with.
    var tokens: [TokenID]
    /// How many of them each level's cache holds, and how many it holds at most.
    var cached: [Int]
    var stored: [Int]
    /// When it was left: a greater one is younger.
    var age: Int
}

/// Where a sequence starts: a free place, and what it finds there.
struct StartingPlace {
    let id: SequenceID
    var cached: [Int]
    var stored: [Int]
}

extension Pyramid {
    /// The prompt tokens of a sequence that the target's cache held when it started: what
    /// ``finish(_:keepsCache:)`` left, there or in the place that they were copied from.
    public func reusedTokens(of sequence: SequenceID) -> Int {
        state(of: sequence).reusedTokens
    }

    /// The prompt tokens of a sequence that the target has yet to read before its first round.
    public func unreadTokens(of sequence: SequenceID) -> Int {
        let state = state(of: sequence)
        return max(0, state.committed - 1 - state.cached[target])
    }

    /// A free place for a prompt, with as much of it in its caches as can be had; `nil` when all
    /// places are taken.
    ///
    /// A sequence that continues a finished one takes over its place. One that has only a
    /// beginning in common with another, such as a system prompt, gets a copy of that.
    func place(for prompt: [TokenID]) -> StartingPlace? {
        let free = sequences.indices.filter { sequences[$0] == nil }
        guard let emptiest = free.min(by: isLessUseful) else { return nil }
        // The last token of a prompt is fed in any case: its logits are wanted.
        let most = prompt.count - 1
        let shares = sequences.indices.map { min(most, sharedCount(prompt, $0)) }
        if let best = free.max(by: { shares[$0] < shares[$1] }), let kept = kept[best],
            2 * shares[best] >= kept.tokens.count
        {
            return StartingPlace(
                id: best, cached: kept.cached.map { min($0, shares[best]) }, stored: kept.stored)
        }
        // 1, because a predecessor may have left a token: the first forward clears it.
        var place = StartingPlace(
            id: emptiest, cached: levels.map { _ in 0 },
            stored: kept[emptiest]?.stored ?? levels.map { _ in 1 })
        if let source = sequences.indices.max(by: { shares[$0] < shares[$1] }), shares[source] > 0 {
            copy(shares[source], from: source, to: &place)
        }
        return place
    }

    /// The first tokens that a prompt has in common with what lies at a place.
    private func sharedCount(_ prompt: [TokenID], _ id: SequenceID) -> Int {
        let other: ArraySlice<TokenID>
        if let running = sequences[id] {
            other = running.tokens[..<running.committed]
        } else {
            other = kept[id]?.tokens[...] ?? []
        }
        return zip(prompt, other).prefix { $0 == $1 }.count
    }

    private func copy(_ count: Int, from source: SequenceID, to place: inout StartingPlace) {
        guard let held = sequences[source]?.cached ?? kept[source]?.cached else { return }
        for level in levels.indices {
            guard case .model(let model) = levels[level] else { continue }
            let count = min(count, held[level])
            guard count > 0 else { continue }
            if place.id == source {
                // The place's own prefix, too short a part of it to be looked for before others.
                place.cached[level] = count
                continue
            }
            // After a failure the cache holds what nobody knows, and is cleared before its use.
            let isCopied = (try? model.copy(count, from: source, to: place.id)) ?? false
            place.cached[level] = isCopied ? count : 0
            place.stored[level] = isCopied ? count : max(1, place.stored[level])
        }
    }

    /// The order in which free places are given away: empty ones first, then the oldest.
    private func isLessUseful(_ a: SequenceID, _ b: SequenceID) -> Bool {
        (kept[a]?.age ?? -1, a) < (kept[b]?.age ?? -1, b)
    }
}
