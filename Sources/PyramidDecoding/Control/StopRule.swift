/// When a level stops drafting before its buffer is full: when one more token is expected to cost
/// more time than it saves.
///
/// It looks at tokens that the level keeps and at laws before anything is drawn from them, never
/// at a token that it then drops, so exact modes stay exact.
struct StopRule {
    /// `costs[level][rows]`, this sequence's share of a forward, in seconds.
    var costs: [[Double]]
    /// `acceptance[level][sureness]`: the probability that the level above in the chain accepts.
    var acceptance: [[Double]]
    /// `hazards[level][place]`: the same for a token of which nothing is known yet but that all
    /// before it in the buffer pass.
    var hazards: [[Double]]
    /// What a token that passes saves the level that verifies it, in seconds, by verifier.
    var worth: [Double]
    /// What a token costs the level, in seconds.
    var secondsPerToken: [Double]

    /// Whether to draft one more token on top of a buffer.
    func continues(_ buffer: Buffer) -> Bool {
        let hazards = hazards[buffer.level]
        let passes = buffer.survival * hazards[min(buffer.count, hazards.count - 1)]
        let gain = passes * worth[buffer.verifier]
        return gain > secondsPerToken[buffer.level] + rowCost(buffer)
    }

    /// Whether a token is to be drawn from a law of this sureness, whose forward is paid for.
    func draws(_ sureness: Sureness, onto buffer: Buffer) -> Bool {
        let passes = buffer.survival * acceptance[buffer.level][sureness.index]
        return passes * worth[buffer.verifier] > rowCost(buffer)
    }

    /// What one more row costs the verifier.
    private func rowCost(_ buffer: Buffer) -> Double {
        let costs = costs[buffer.verifier]
        let rows = min(buffer.count + 1, costs.count - 2)
        return max(0, costs[rows + 1] - costs[rows])
    }

    /// A level's tokens that wait for its verifier.
    struct Buffer {
        var level: Int
        var verifier: Int
        var count: Int
        /// The probability that all of them pass.
        var survival: Double
    }
}
