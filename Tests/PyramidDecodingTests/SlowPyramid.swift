import PyramidDecoding
import PyramidTestSupport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// PyramidSD written straight from the description of the method: arrays of probabilities, one
/// sequence, no caches, and chance as branches, so that the law of the output can be enumerated.
struct SlowPyramid {
    /// How a level tests what comes from below.
    enum Rule: CustomStringConvertible {
        case strict
        case assisted
        case fuzzy(Divergence, Double)
        /// Strict, and of what it refuses a share that the limit pays for; at the target.
        case budget(Double)

        var description: String {
            switch self {
            case .strict: "strict"
            case .assisted: "assisted"
            case .fuzzy(let divergence, let threshold): "\(divergence.rawValue) \(threshold)"
            case .budget(let limit): "budget \(limit)"
            }
        }
    }

    var logits: [ToyLogits]
    /// Of the levels above the bottom, `rules[level - 1]`.
    var rules: [Rule]
    var lookaheads: [Int]
    var sampling: Sampling

    /// A token, the law it was drawn from, and the raw law of the level that offers it.
    private struct Offer {
        var token: Int
        var law: [Double]
        var raw: [Double]
        var rawLogits: [Double]
    }

    /// Emitted tokens, and how far the law of each was from the target's.
    struct Emitted: Hashable {
        var tokens: [TokenID] = []
        var variations: [Double] = []

        var spent: Double { variations.reduce(0, +) }
    }

    /// The law of the next `count` tokens when `limit` may be generated.
    func law(after prompt: [TokenID], count: Int, limit: Int) -> [Emitted: Double] {
        var unfinished: [Emitted: Double] = [Emitted(): 1]
        var finished: [Emitted: Double] = [:]
        // Between rounds what was emitted is all the state, so rounds are enumerated one by one.
        while let (start, probability) = unfinished.popFirst() {
            for (end, share) in roundLaw(prompt, start, room: limit - start.tokens.count) {
                if end.tokens.count >= count {
                    let cut = Emitted(
                        tokens: Array(end.tokens.prefix(count)),
                        variations: Array(end.variations.prefix(count)))
                    finished[cut, default: 0] += probability * share
                } else {
                    unfinished[end, default: 0] += probability * share
                }
            }
        }
        return finished
    }

    private func roundLaw(
        _ prompt: [TokenID], _ start: Emitted, room: Int
    ) -> [Emitted: Double] {
        var outcomes: [Emitted: Double] = [:]
        var run = Run(emitted: start)
        repeat {
            run.chance.restart()
            run.emitted = start
            let offers = step(logits.count - 1, prompt + start.tokens, room: room, &run)
            var end = start
            end.tokens += offers.map { TokenID($0.token) }
            // A token without a proposal is the target's own.
            end.variations = run.emitted.variations
            while end.variations.count < end.tokens.count { end.variations.append(0) }
            outcomes[end, default: 0] += run.chance.probability
        } while run.chance.advance()
        return outcomes
    }

    /// One way in which a round may go.
    private struct Run {
        var chance = Chance()
        var emitted: Emitted
    }

    /// What level `level` adds to `history` in one step, at most `room` tokens.
    private func step(
        _ level: Int, _ history: [TokenID], room: Int, _ run: inout Run
    ) -> [Offer] {
        guard level > 0 else {
            let law = processed(level, history)
            return [offer(level, history, token: run.chance.draw(law), law: law)]
        }
        var buffer: [Offer] = []
        let wanted = min(lookaheads[level - 1], room - 1)
        while buffer.count < wanted {
            let text = history + buffer.map { TokenID($0.token) }
            buffer += step(level - 1, text, room: wanted - buffer.count, &run)
        }
        var verified: [Offer] = []
        for proposal in buffer {
            let text = history + verified.map { TokenID($0.token) }
            let (isAccepted, replacement) = test(level, text, proposal, &run)
            verified.append(replacement)
            if !isAccepted { return verified }
        }
        let text = history + verified.map { TokenID($0.token) }
        let law = processed(level, text)
        return verified + [offer(level, text, token: run.chance.draw(law), law: law)]
    }

    private func test(
        _ level: Int, _ history: [TokenID], _ proposal: Offer, _ run: inout Run
    ) -> (isAccepted: Bool, result: Offer) {
        let p = processed(level, history)
        var own = offer(level, history, token: proposal.token, law: p)
        let r = proposal.law
        let acceptance: [Double]
        var replacement = p
        let strict = p.indices.map { r[$0] > 0 ? min(1, p[$0] / r[$0]) : 1 }
        let residual = p.indices.map { max(0, p[$0] - r[$0]) }
        let total = residual.reduce(0, +)
        switch rules[level - 1] {
        case .strict:
            acceptance = strict
            if total > 0 { replacement = residual.map { $0 / total } }
        case .budget(let limit):
            let count = run.emitted.variations.count + 1
            let left = max(0, limit * Double(count) - run.emitted.spent)
            let share = total > 0 ? min(1, left / total) : 0
            acceptance = strict.map { $0 + share * (1 - $0) }
            if total > 0 { replacement = residual.map { $0 / total } }
        case .assisted:
            acceptance = strict
        case .fuzzy(let divergence, let threshold):
            acceptance = p.indices.map {
                value(divergence, own, proposal, token: $0) <= threshold ? 1 : 0
            }
        }
        // r(x) a(x) + (1 - sum of r a) s(x), as METHOD says of any rule.
        let kept = zip(r, acceptance).map(*)
        let rest = 1 - kept.reduce(0, +)
        own.law = p.indices.map { kept[$0] + rest * replacement[$0] }
        if level == logits.count - 1 {
            run.emitted.variations.append(zip(own.law, p).map { abs($0 - $1) }.reduce(0, +) / 2)
        }
        let isAccepted = run.chance.flip(acceptance[proposal.token])
        if !isAccepted { own.token = run.chance.draw(replacement) }
        return (isAccepted, own)
    }

    private func offer(
        _ level: Int, _ history: [TokenID], token: Int, law: [Double]
    ) -> Offer {
        let row = row(level, history).map(Double.init)
        return Offer(token: token, law: law, raw: ReferenceLaw.softmax(row), rawLogits: row)
    }

    private func row(_ level: Int, _ history: [TokenID]) -> [Float] {
        logits[level].row(after: history[...])
    }

    private func processed(_ level: Int, _ history: [TokenID]) -> [Double] {
        ReferenceLaw.law(row(level, history), sampling, history: history)
    }

    private func value(
        _ divergence: Divergence, _ p: Offer, _ q: Offer, token: Int
    ) -> Double {
        divergence == .absLogit
            ? abs(p.rawLogits[token] - q.rawLogits[token])
            : NaiveDivergence.value(divergence, p.raw, q.raw, token: token)
    }
}

extension StringLaw {
    /// The law of the tokens alone.
    init(_ law: [SlowPyramid.Emitted: Double]) {
        var strings: [[TokenID]: Double] = [:]
        for (emitted, probability) in law { strings[emitted.tokens, default: 0] += probability }
        self.init(strings)
    }
}

/// The divergences by their definitions.
enum NaiveDivergence {
    static func value(
        _ divergence: Divergence, _ p: [Double], _ q: [Double], token: Int
    ) -> Double {
        let m = zip(p, q).map { ($0 + $1) / 2 }
        return switch divergence {
        case .js: (kl(p, m) + kl(q, m)) / 2
        case .jsFSD: (kl(m, p) + kl(m, q)) / 2
        case .kl: kl(p, q)
        case .tv: zip(p, q).map { abs($0 - $1) }.reduce(0, +) / 2
        case .absProb: abs(p[token] - q[token])
        case .absLogit: abs(log(p[token]) - log(q[token]))
        }
    }

    private static func kl(_ p: [Double], _ q: [Double]) -> Double {
        zip(p, q).map { $0 > 0 ? $0 * log($0 / $1) : 0 }.reduce(0, +)
    }
}

/// A sequence of random choices that are made in every possible way, one run after another.
struct Chance {
    private struct Choice {
        var law: [Double]
        var taken: Int
    }
    private var choices: [Choice] = []
    private var next = 0
    /// The probability of this run's choices.
    private(set) var probability = 1.0

    mutating func restart() {
        next = 0
        probability = 1
    }

    /// Goes to the next run that differs; `false` when all have been made.
    mutating func advance() -> Bool {
        while let last = choices.popLast() {
            if let other = last.law.indices.first(where: { $0 > last.taken && last.law[$0] > 0 }) {
                choices.append(Choice(law: last.law, taken: other))
                return true
            }
        }
        return false
    }

    mutating func draw(_ law: [Double]) -> Int {
        if next == choices.count {
            choices.append(Choice(law: law, taken: law.firstIndex { $0 > 0 } ?? 0))
        }
        let taken = choices[next].taken
        next += 1
        probability *= law[taken]
        return taken
    }

    mutating func flip(_ probability: Double) -> Bool {
        draw([probability, 1 - probability]) == 0
    }
}
