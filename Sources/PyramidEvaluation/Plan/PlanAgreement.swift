public import PyramidDecoding

/// How often an upper level accepts a lower one's token, assumed.
public struct PlanAgreement: Sendable, Codable, Equatable {
    /// The name of the level that proposes.
    public let lower: String
    /// The name of the level that verifies.
    public let upper: String
    /// The probability, 0 ... 1, the same at each place of the buffer.
    public let probability: Double

    /// As it is read, such as `1B,8B=0.7`.
    public var spec: String { "\(lower),\(upper)=\(probability)" }

    /// An agreement with these values.
    public init(lower: String, upper: String, probability: Double) {
        self.lower = lower
        self.upper = upper
        self.probability = probability
    }

    /// Reads `LOWER,UPPER=0.8`.
    ///
    /// - Throws: `ConfigurationError` with the text and what is understood.
    public init(spec: String) throws(ConfigurationError) {
        let sides = spec.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        let pair = (sides.first ?? "").split(separator: ",").map(String.init)
        guard sides.count == 2, pair.count == 2 else {
            throw ConfigurationError(
                "agreement '\(spec)' is not LOWER,UPPER=PROBABILITY, such as 1B,8B=0.7")
        }
        guard let probability = Double(sides[1]), (0...1).contains(probability) else {
            throw ConfigurationError(
                "agreement '\(spec)': '\(sides[1])' is not a probability of 0 ... 1, such as 0.7")
        }
        self.init(lower: pair[0], upper: pair[1], probability: probability)
    }
}
