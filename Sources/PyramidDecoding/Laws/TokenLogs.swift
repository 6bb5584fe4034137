/// What the target itself thinks of an emitted token: natural logarithms of its probabilities at
/// the token's position, softmax of its logits at temperature 1, before bias, penalties and
/// truncation.
///
/// They are the target's whoever wrote the token, and the same as in plain decoding of the text.
public struct TokenLogs: Sendable, Codable, Equatable {
    /// A token and the logarithm of its probability, at most 0; `-infinity` for one that the
    /// target rules out.
    public struct Entry: Sendable, Codable, Equatable {
        /// The token.
        public var token: TokenID
        /// log p in nats.
        public var log: Float

        /// An entry of these values.
        public init(token: TokenID, log: Float) {
            self.token = token
            self.log = log
        }
    }

    /// The emitted token's own.
    public var own: Float
    /// The most probable tokens, most probable first; of equals the lowest.
    public var top: [Entry]

    /// Logarithms of these values.
    public init(own: Float, top: [Entry]) {
        self.own = own
        self.top = top
    }

    /// Those of `token` and of the `count` most probable ones under `logits`, which make a law.
    ///
    /// - Complexity: O(vocabulary).
    package init(of token: TokenID, top count: Int, under logits: UnsafeBufferPointer<Float>) {
        let greatest = Argmax(logits)?.logit ?? 0
        let total = VectorSums.sum(count: logits.count) {
            VectorMath.exp(logits.lanes(at: $0, fill: -.infinity) - greatest)
        }
        let normalizer = greatest + Float(VectorMath.log(total))
        own = logits[Int(token)] - normalizer
        var truncation = Truncation()
        top = truncation.top(count, of: logits).map {
            Entry(token: $0.token, log: $0.logit - normalizer)
        }
    }
}
