public import PyramidDecoding

extension BenchMethod {
    /// How methods are written, for help texts.
    public static let specHelp = """
        A method is MODE or MODE@LEVEL:N,LEVEL:N,... from the bottom up; N is the lookahead. \
        MODE: plain, auto, exact, coupled, budget(LIMIT), fsd(tau_t=T), psd-a(tau_t=T), \
        psd-f(tau_q=T,tau_t=T). LEVEL: ngram, draft (the bottom model), qualifier (the model under \
        the target), or a file's name without folder and .gguf. Without levels it is all of them; \
        fsd takes two levels and psd-a and psd-f take three, models unless you name others.
        """

    /// The method of a spec such as `plain`, `exact@ngram:4,draft:6`, `auto@draft` or
    /// `psd-f(tau_q=0.4,tau_t=0.5)`.
    ///
    /// - Throws: `ConfigurationError` with the part that is wrong and what is known.
    public init(spec text: String, levels all: BenchLevels) throws(ConfigurationError) {
        let spec = try MethodSpec(text)
        let mode = try spec.decodingMode()
        let lower = try Self.lower(spec, mode, all)
        do {
            try self.init(
                lower: lower, lookaheads: try Self.lookaheads(spec, lower, mode, all),
                control: spec.mode == "auto" ? .auto : .fixed, mode: mode, of: all)
        } catch {
            throw ConfigurationError("method '\(text)': \(error)")
        }
    }

    private static func lower(
        _ spec: MethodSpec, _ mode: DecodingMode, _ all: BenchLevels
    ) throws(ConfigurationError) -> [Int] {
        guard spec.mode != "plain" else {
            guard spec.chain == nil else {
                throw ConfigurationError(
                    "method '\(spec.text)': plain takes no levels; it is the target alone")
            }
            return []
        }
        let lower =
            try spec.chain.map { chain throws(ConfigurationError) in
                try indices(of: chain, spec.text, all)
            } ?? levels(for: mode, all)
        guard !lower.isEmpty else {
            throw ConfigurationError(
                "method '\(spec.text)' needs a level below the target; load one, such as -md ngram"
            )
        }
        return lower
    }

    /// Those of the spec, and the defaults where it names none.
    private static func lookaheads(
        _ spec: MethodSpec, _ lower: [Int], _ mode: DecodingMode, _ all: BenchLevels
    ) throws(ConfigurationError) -> [Int] {
        let defaults = try BenchMethod(lower: lower, mode: mode, of: all).lookaheads
        guard let chain = spec.chain else { return defaults }
        return zip(chain, defaults).map { $0.lookahead ?? $1 }
    }

    /// The levels below the target that a mode uses when none are named.
    static func levels(for mode: DecodingMode, _ all: BenchLevels) -> [Int] {
        let models = all.modelsBelow
        return switch mode {
        case .exact, .coupled, .budget: Array(all.below)
        case .fsd: Array(models.prefix(1))
        case .psdA, .psdF:
            models.count > 2 ? [models.lowerBound, models.upperBound - 1] : Array(models)
        }
    }

    private static func indices(
        of chain: [MethodSpec.Link], _ text: String, _ all: BenchLevels
    ) throws(ConfigurationError) -> [Int] {
        var indices: [Int] = []
        for link in chain {
            guard let index = all.index(of: link.level) else {
                let known = all.below.map { all.role($0) }.joined(separator: ", ")
                throw ConfigurationError(
                    "method '\(text)': no level '\(link.level)' below the target; "
                        + (known.isEmpty ? "only the target is loaded" : "known: \(known)"))
            }
            guard index > indices.last ?? -1 else {
                throw ConfigurationError(
                    "method '\(text)': '\(link.level)' is not above the level before it; name "
                        + "levels from the bottom up")
            }
            indices.append(index)
        }
        return indices
    }
}
