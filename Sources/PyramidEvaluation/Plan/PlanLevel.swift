public import PyramidDecoding

/// A level of a family that is planned on paper: its name, and what its forward costs.
public struct PlanLevel: Sendable, Equatable {
    /// What is known of a level's cost.
    public enum Cost: Sendable, Equatable {
        /// A lookup in the text so far, which is free.
        case lookup
        /// Seconds of a forward, however many rows it has.
        case seconds(Double)
        /// Weights in bytes; how many parameters they are is not known.
        case bytes(Double)
        /// Parameters, and the bits that each takes.
        case parameters(Double, bits: Double)
    }

    /// Its name, unique among the levels.
    public let name: String
    /// What is known of its cost.
    public let cost: Cost

    /// Whether its cost is a size, which takes a machine to become a time.
    public var hasSize: Bool {
        switch cost {
        case .lookup, .seconds: false
        case .bytes, .parameters: true
        }
    }

    /// A level with these values.
    public init(name: String, cost: Cost) {
        self.name = name
        self.cost = cost
    }

    /// Reads `ngram`, or `NAME:SIZE` with a size as `0.8GB`, `1B@4.5` or `12.5ms`.
    ///
    /// - Throws: `ConfigurationError` with the text and what is understood.
    public init(spec: String) throws(ConfigurationError) {
        guard spec != "ngram" else {
            self.init(name: spec, cost: .lookup)
            return
        }
        let parts = spec.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(where: { ",=".contains($0) })
        else {
            throw ConfigurationError(
                "level '\(spec)' is not NAME:SIZE, such as 8B:4.9GB, 8B:8B@4.5 or 8B:12.5ms "
                    + "(a name has no ',' and no '='); a lookup is 'ngram'")
        }
        guard let cost = Self.cost(parts[1]) else {
            throw ConfigurationError(
                "level '\(spec)': '\(parts[1])' is not a size above 0; write bytes as 0.8GB (or MB), "
                    + "parameters and the bits of each as 1B@4.5 (or M), or a forward's time as "
                    + "12.5ms (or s, us)")
        }
        self.init(name: parts[0], cost: cost)
    }

    private static func cost(_ text: String) -> Cost? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2 {
            guard let bits = positive(parts[1]),
                let parameters = number(parts[0], ["T": 1e12, "B": 1e9, "M": 1e6])
            else { return nil }
            return .parameters(parameters, bits: bits)
        }
        if let bytes = number(text, ["TB": 1e12, "GB": 1e9, "MB": 1e6]) {
            return .bytes(bytes)
        }
        return number(text, ["ms": 1e-3, "us": 1e-6, "s": 1]).map(Cost.seconds)
    }

    /// The number before the first of the suffixes that fits, times what the suffix stands for.
    private static func number(
        _ text: String, _ suffixes: KeyValuePairs<String, Double>
    ) -> Double? {
        for (suffix, factor) in suffixes where text.hasSuffix(suffix) {
            return positive(String(text.dropLast(suffix.count))).map { $0 * factor }
        }
        return nil
    }

    private static func positive(_ text: String) -> Double? {
        Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }
}
