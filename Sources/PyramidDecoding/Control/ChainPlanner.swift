/// Finds the lookaheads of a chain of levels with the most expected tokens per second.
///
/// Level k fills its buffer of b tokens by inner rounds: the level below drafts g tokens, at most
/// b - 1, k verifies them and adds one of its own. With S_i the probability that the first i
/// proposals pass, an inner round yields r tokens with probability S_(r-1) - S_r, or g + 1 with
/// S_g, and the time of the fill is
///
///     F_k(b) = min over l of  F_below(g) + t_k(g + 1) + sum over r of P(r) F_k(b - r),
///
/// with g = min(l, b - 1) for one l in all its inner rounds. The target's round is the last of
/// these, for 1 + sum of S_i tokens. These are the block terms themselves; the mean-field form
/// (one time per token, powers of one acceptance) is a few percent too optimistic.
public struct ChainPlanner: Sendable {
    private var fills: [Fill] = []

    /// A planner.
    public init() {}

    /// The best lengths for every chain of levels that are allowed, plain decoding first.
    ///
    /// - Parameters:
    ///   - problem: What is known.
    ///   - allowed: Levels below the target that may be used.
    ///   - longest: The longest buffer of the target's, from 1.
    /// - Complexity: O(2^levels), some microseconds per chain.
    public mutating func outlooks(
        _ problem: ChainProblem, allowed: [Int], longest: Int = ChainProblem.longestBuffer
    ) -> [ChainOutlook] {
        precondition(allowed.count < 16, "too many levels to try all chains")
        return (0..<(1 << allowed.count)).map { mask in
            let chosen = allowed.indices.filter { mask >> $0 & 1 == 1 }.map { allowed[$0] }
            return outlook(problem, below: chosen, longest: longest)
        }
    }

    /// The best lengths for the chain of the levels `below`, bottom first, and the target.
    ///
    /// - Parameters:
    ///   - problem: What is known.
    ///   - below: The levels that are on below the target, bottom first.
    ///   - longest: The longest buffer of the target's, from 1.
    ///   - worth: The tokens per second that time is worth elsewhere: the lengths with the most
    ///     gain over that are chosen; `nil` chooses the most tokens per second of this chain.
    public mutating func outlook(
        _ problem: ChainProblem, below: [Int], longest: Int = ChainProblem.longestBuffer,
        worth: Double? = nil
    ) -> ChainOutlook {
        let target = problem.levelCount - 1
        guard let drafter = below.last else { return Self.plain(problem) }
        fills.removeAll(keepingCapacity: true)
        for (index, level) in below.enumerated() {
            fills.append(
                index == 0
                    ? Fill(base: level, problem)
                    : Fill(level: level, over: (below[index - 1], fills[index - 1]), problem))
        }
        let verification = Verification(drafter: drafter, verifier: target, problem)
        let fill = fills[below.count - 1]
        var best = (length: 0, tokens: 0.0, seconds: 0.0, merit: -Double.infinity)
        for length in 1...max(1, min(longest, ChainProblem.longestBuffer)) {
            let tokens = verification.tokens(length)
            let seconds = fill.seconds(length) + verification.seconds(length)
            let merit = worth.map { tokens - $0 * seconds } ?? tokens / seconds
            if merit > best.merit { best = (length, tokens, seconds, merit) }
        }
        var outlook = ChainOutlook(
            levels: below + [target], lookaheads: Array(repeating: 0, count: target),
            tokens: best.tokens, seconds: best.seconds,
            secondsPerToken: Array(repeating: 0, count: target + 1))
        outlook.secondsPerToken[target] = best.seconds / best.tokens
        var length = best.length
        for index in below.indices.reversed() {
            outlook.lookaheads[below[index]] = length
            outlook.secondsPerToken[below[index]] = fills[index].seconds(length) / Double(length)
            length = fills[index].choice(length)
        }
        return outlook
    }

    private static func plain(_ problem: ChainProblem) -> ChainOutlook {
        let target = problem.levelCount - 1
        let seconds = problem.costs[target][1]
        var worth = Array(repeating: 0.0, count: target + 1)
        worth[target] = seconds
        return ChainOutlook(
            levels: [target], lookaheads: Array(repeating: 0, count: target), tokens: 1,
            seconds: seconds, secondsPerToken: worth)
    }
}

/// One level's verification of another's proposals: what a forward costs and yields.
private struct Verification {
    private let costs: [Double]
    /// S_i, the probability that the first i proposals pass; `[0]` is 1.
    private let survival: [Double]
    /// How often there are proposals at all.
    private let hitRate: Double
    /// What the drafter's next forward costs more when all its proposals passed: it has missed
    /// the verifier's own token.
    private let catchUp: Double

    init(drafter: Int, verifier: Int, _ problem: ChainProblem) {
        costs = problem.costs[verifier]
        let hazards = problem.acceptance[verifier][drafter]
        var survival = [1.0]
        for depth in 0..<ChainProblem.longestBuffer {
            survival.append(survival[depth] * hazards[min(depth, hazards.count - 1)])
        }
        self.survival = survival
        hitRate = problem.isLookup(drafter) ? problem.lookupHitRate ?? 1 : 1
        catchUp = problem.costs[drafter][2] - problem.costs[drafter][1]
    }

    /// Seconds of the verifier for `proposals` proposals.
    func seconds(_ proposals: Int) -> Double {
        guard proposals > 0 else { return costs[1] }
        return hitRate * costs[proposals + 1] + (1 - hitRate) * costs[1]
            + survival[proposals] * catchUp
    }

    /// Tokens that come out, expected.
    func tokens(_ proposals: Int) -> Double {
        proposals == 0 ? 1 : 1 + hitRate * survival[1...proposals].reduce(0, +)
    }

    /// The probability that exactly `tokens` come out of `proposals` proposals.
    func probability(_ tokens: Int, _ proposals: Int) -> Double {
        let withHit =
            tokens > proposals ? survival[proposals] : survival[tokens - 1] - survival[tokens]
        return hitRate * withHit + (tokens == 1 ? 1 - hitRate : 0)
    }
}

/// The expected time for a level to have b tokens ready, by b.
private struct Fill: Sendable {
    private var times: [Double]
    private var choices: [Int]

    /// A level with nothing below it: a lookup is free, a model makes a forward per token.
    init(base level: Int, _ problem: ChainProblem) {
        let longest = ChainProblem.longestBuffer
        let single = problem.costs[level][1]
        times = (0...longest).map { Double($0) * single }
        choices = Array(repeating: 0, count: longest + 1)
    }

    init(level: Int, over below: (drafter: Int, fill: Fill), _ problem: ChainProblem) {
        let longest = ChainProblem.longestBuffer
        let verification = Verification(drafter: below.drafter, verifier: level, problem)
        times = Array(repeating: .infinity, count: longest + 1)
        times[0] = 0
        choices = Array(repeating: 1, count: longest + 1)
        var fixed = Array(repeating: 0.0, count: longest + 1)
        for lookahead in 1...ChainProblem.longestInnerBuffer {
            for length in 1...longest {
                let proposals = min(lookahead, length - 1)
                var time = below.fill.times[proposals] + verification.seconds(proposals)
                for tokens in 1...(proposals + 1) where tokens < length {
                    time += verification.probability(tokens, proposals) * fixed[length - tokens]
                }
                fixed[length] = time
                if time < times[length] {
                    times[length] = time
                    choices[length] = lookahead
                }
            }
        }
    }

    func seconds(_ length: Int) -> Double { times[length] }

    /// The lookahead of the level below that is best for a buffer of `length`.
    func choice(_ length: Int) -> Int { choices[length] }
}
