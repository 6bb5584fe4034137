public import PyramidDecoding

/// The settings of the lossy modes that a sweep tries: those of PyramidSD (arXiv 2510.12966).
public struct SweepGrid: Sendable, Equatable {
    /// The qualifier's thresholds, for psd-f. Default 0.2, 0.3, 0.4, 0.5.
    public var tauQ = [0.2, 0.3, 0.4, 0.5]
    /// The target's thresholds. Default 0.2, 0.3, 0.4, 0.5.
    public var tauT = [0.2, 0.3, 0.4, 0.5]
    /// Lookaheads of the draft, l_D. Default 5, 15, 25.
    public var draftLookaheads = [5, 15, 25]
    /// Lookaheads of the qualifier, l_Q. Default 15, 25. A draft that looks further ahead than its
    /// qualifier is left out: the buffer is cut there.
    public var qualifierLookaheads = [15, 25]
    /// Lookaheads of speculative decoding, which all are compared with at its best. Default 4, 8,
    /// 15.
    public var exactLookaheads = [4, 8, 15]
    /// What the thresholds bound. Default js.
    public var divergence = Divergence.js

    /// The defaults.
    public init() {}

    /// The cells: plain decoding and speculative decoding first, then fsd, psd-a and psd-f, as far
    /// as there are levels for them.
    ///
    /// - Throws: `ConfigurationError` when there is no model below the target, or a number is out
    ///   of range.
    public func cells(for levels: BenchLevels) throws(ConfigurationError) -> [SweepCell] {
        guard let draft = levels.modelsBelow.first, let qualifier = levels.modelsBelow.last else {
            throw ConfigurationError(
                "a sweep needs a model below the target, and for psd-a and psd-f a draft or ngram "
                    + "below that; load them with -md and -mq, or --family")
        }
        var cells = [SweepCell(.plain, try BenchMethod(lower: [], of: levels))]
        for lower in Set([draft, qualifier]).sorted() {
            for lookahead in exactLookaheads {
                cells.append(
                    SweepCell(
                        .sd, try BenchMethod(lower: [lower], lookaheads: [lookahead], of: levels)))
            }
        }
        for tau in tauT {
            cells += try pairs(draft, draftLookaheads, tau, levels)
            if qualifier > draft {
                cells += try pairs(qualifier, qualifierLookaheads, tau, levels)
            }
        }
        // With one model below the target a lookup takes the draft's place under it.
        guard qualifier > draft || levels.hasLookup else { return cells }
        let bottom = qualifier > draft ? draft : 0
        for tau in tauT {
            let mode = DecodingMode.psdA(PSDA(tauT: tau, divergence: divergence))
            cells += try trios(bottom, qualifier, .psdA, mode, levels)
        }
        for tauQ in tauQ {
            for tauT in tauT {
                let preset = PSDF(tauQ: tauQ, tauT: tauT, divergence: divergence)
                cells += try trios(bottom, qualifier, .psdF, .psdF(preset), levels)
            }
        }
        return cells
    }

    private func pairs(
        _ lower: Int, _ lookaheads: [Int], _ tau: Double, _ levels: BenchLevels
    ) throws(ConfigurationError) -> [SweepCell] {
        let mode = DecodingMode.fsd(FSD(tauT: tau, divergence: divergence))
        var cells: [SweepCell] = []
        for lookahead in lookaheads {
            let method = try BenchMethod(
                lower: [lower], lookaheads: [lookahead], mode: mode, of: levels)
            cells.append(SweepCell(.fsd, method))
        }
        return cells
    }

    private func trios(
        _ draft: Int, _ qualifier: Int, _ group: SweepCell.Group, _ mode: DecodingMode,
        _ levels: BenchLevels
    ) throws(ConfigurationError) -> [SweepCell] {
        var cells: [SweepCell] = []
        for upper in qualifierLookaheads {
            for lower in draftLookaheads where lower <= upper {
                let method = try BenchMethod(
                    lower: [draft, qualifier], lookaheads: [lower, upper], mode: mode, of: levels)
                cells.append(SweepCell(group, method))
            }
        }
        return cells
    }
}
