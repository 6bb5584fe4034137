public import PyramidDecoding

/// Decodes on paper, round by round with drawn acceptances: what the planner's formulas promise is
/// checked against it, so it shares none of them.
///
/// Levels hold tokens as the real ones do: a forward computes every token that its level does not
/// hold yet, and a rejection rewinds all levels below.
public struct ChainSimulation: Sendable {
    /// What a simulation came to.
    public struct Outcome: Sendable, Equatable {
        /// All tokens over all seconds.
        public let tokensPerSecond: Double
        /// Its standard error, by the delta method for a ratio of means over rounds.
        public let standardError: Double
        /// Tokens of a round, on average.
        public let tokensPerRound: Double
    }

    private let problem: ChainProblem
    /// The levels that are on, bottom first, and for each but the target its lookahead.
    private let levels: [Int]
    private let lookaheads: [Int]
    private var generator: RandomSource
    /// For each of `levels`, how many tokens are in its cache.
    private var held: [Int]
    private var seconds = 0.0

    /// A simulation of a chain with its lookaheads.
    public init(_ problem: ChainProblem, _ chain: ChainOutlook, seed: UInt64) {
        self.problem = problem
        levels = chain.levels
        lookaheads = chain.levels.dropLast().map { chain.lookaheads[$0] }
        generator = RandomSource(seed: seed)
        held = chain.levels.map { _ in 0 }
    }

    /// Runs this many rounds of the target.
    public mutating func run(rounds: Int) -> Outcome {
        precondition(rounds > 1, "a standard error needs two rounds")
        var length = 1
        var samples: [(tokens: Double, seconds: Double)] = []
        for _ in 0..<rounds {
            let began = seconds
            let new = round(of: levels.count - 1, after: length, proposing: lookaheads.last ?? 0)
            length += new
            samples.append((Double(new), seconds - began))
        }
        let count = Double(rounds)
        let tokens = samples.reduce(0) { $0 + $1.tokens } / count
        let time = samples.reduce(0) { $0 + $1.seconds } / count
        let rate = tokens / time
        let squares = samples.reduce(0) { sum, sample in
            let residual = sample.tokens - rate * sample.seconds
            return sum + residual * residual
        }
        return Outcome(
            tokensPerSecond: rate,
            standardError: (squares / (count - 1) / count).squareRoot() / time,
            tokensPerRound: tokens)
    }

    /// One round of a level above the bottom, or of the target alone; returns how many tokens the
    /// text of `length` tokens has grown by.
    private mutating func round(of place: Int, after length: Int, proposing wanted: Int) -> Int {
        let proposals = wanted > 0 ? fill(place - 1, after: length, to: wanted) : 0
        forward(place, to: length + proposals)
        var accepted = 0
        while accepted < proposals, passes(accepted, verifier: place) { accepted += 1 }
        // The corrected or bonus token is in no cache yet.
        for level in 0...place { held[level] = min(held[level], length + accepted) }
        return accepted + 1
    }

    /// Has a level write `wanted` tokens after a text; returns how many it did, fewer only when a
    /// lookup finds nothing.
    private mutating func fill(_ place: Int, after length: Int, to wanted: Int) -> Int {
        if isLookup(place) {
            return generator.uniform() < problem.lookupHitRate ?? 1 ? wanted : 0
        }
        var written = 0
        while written < wanted {
            if place == 0 {
                forward(place, to: length + written)
                written += 1
            } else {
                let proposals = min(lookaheads[place - 1], wanted - written - 1)
                written += round(of: place, after: length + written, proposing: proposals)
            }
        }
        return written
    }

    private mutating func forward(_ place: Int, to length: Int) {
        let costs = problem.costs[levels[place]]
        let rows = length - held[place]
        seconds += costs[min(rows, costs.count - 1)]
        held[place] = length
    }

    private mutating func passes(_ depth: Int, verifier place: Int) -> Bool {
        let chances = problem.acceptance[levels[place]][levels[place - 1]]
        return generator.uniform() < chances[min(depth, chances.count - 1)]
    }

    private func isLookup(_ place: Int) -> Bool {
        levels[place] == 0 && problem.lookupHitRate != nil
    }
}
