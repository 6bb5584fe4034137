import Grammar
import PyramidDecoding

/// The request's `speculative` object: which levels may help, and under which rules.
struct SpeculationParameters: Sendable {
    /// Whether levels below the target are used at all.
    var isEnabled = true
    var mode: DecodingMode?
    /// Lookaheads by level, bottom first; `nil` leaves them to automatic control.
    var lookaheads: [Int]?
    /// The levels that may be used, by name; `nil` is all.
    var levels: [String]?

    init(_ fields: RequestFields?) throws(APIError) {
        guard let fields else { return }
        isEnabled = try fields.boolean("enabled") ?? true
        mode = try Self.mode(fields)
        if let values = try fields.array("lookahead") {
            var lengths: [Int] = []
            for case .number(let digits) in values {
                guard let length = Int(digits),
                    (0...DecodingOptions.longestLookahead).contains(length)
                else { break }
                lengths.append(length)
            }
            guard lengths.count == values.count else {
                throw fields.wrong(
                    "lookahead",
                    "an array of whole numbers from 0 to \(DecodingOptions.longestLookahead)",
                    .array(values))
            }
            lookaheads = lengths
        }
        if fields["levels"] != nil { levels = try fields.strings("levels", atMost: 8) }
    }

    private static func mode(_ fields: RequestFields) throws(APIError) -> DecodingMode? {
        let tauQ = try fields.number("tau_q", in: 0...1_000)
        let tauT = try fields.number("tau_t", in: 0...1_000)
        let budget = try fields.number("budget", in: 0...1)
        let name = try fields.string("mode")
        switch name {
        case nil:
            if let budget { return .budget(Budget(limit: budget)) }
            guard tauQ == nil, tauT == nil else {
                throw APIError(
                    .invalidRequest, "tau_q and tau_t need a mode: fsd, psd-a or psd-f",
                    parameter: "speculative.mode")
            }
            return nil
        case "exact": return .exact
        case "coupled": return .coupled
        case "budget": return .budget(budget.map { Budget(limit: $0) } ?? Budget())
        case "fsd": return .fsd(FSD(tauT: tauT ?? 0.4))
        case "psd-a": return .psdA(PSDA(tauT: tauT ?? 0.5))
        case "psd-f": return .psdF(PSDF(tauQ: tauQ ?? 0.4, tauT: tauT ?? 0.5))
        case .some(let other):
            throw fields.wrong(
                "mode", "exact, coupled, budget, fsd, psd-a or psd-f", .string(other))
        }
    }
}
