/// What a level drew at a position where another level's token may stand now.
struct DraftTrace {
    var level: Int
    var token: TokenID
    /// The probability of the token under the law that it was drawn from; 1 for greedy laws.
    var probability: Double
}
