#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
package import PyramidDecoding

/// Pearson's goodness-of-fit test of counted outcomes against a law.
package struct ChiSquare: Sendable, CustomStringConvertible {
    /// The sum over cells of (observed - expected)^2 / expected; infinite when something happened
    /// that cannot.
    package private(set) var statistic = 0.0
    /// The number of cells less one.
    package private(set) var degreesOfFreedom = 0
    /// Half the sum of |observed - expected| over the sample size, all cells apart.
    package private(set) var totalVariation = 0.0

    /// Compares counts with a law. Cells with an expectation below 5 are pooled.
    package init(_ counts: [[TokenID]: Int], _ law: StringLaw) {
        let size = Double(counts.values.reduce(0, +))
        var pooled = Cell()
        var cells = 0
        for (string, probability) in law.probabilities {
            let cell = Cell(
                observed: Double(counts[string] ?? 0), expected: probability * size)
            totalVariation += abs(cell.observed - cell.expected) / size / 2
            if cell.expected < 5 {
                pooled.observed += cell.observed
                pooled.expected += cell.expected
            } else {
                statistic += cell.term
                cells += 1
            }
        }
        if pooled.expected > 1 {
            statistic += pooled.term
            cells += 1
        }
        if counts.keys.contains(where: { law.probabilities[$0] == nil }) { statistic = .infinity }
        degreesOfFreedom = max(1, cells - 1)
    }

    /// What the statistic exceeds with probability 1e-4 when the law is right, by Wilson and
    /// Hilferty's approximation.
    package var threshold: Double { Self.quantile(normal: 3.719, degreesOfFreedom) }

    package var isConsistent: Bool { statistic <= threshold }

    /// The quantile of the chi-square law at the normal law's quantile `normal`.
    package static func quantile(normal: Double, _ degreesOfFreedom: Int) -> Double {
        let spread = 2 / (9 * Double(degreesOfFreedom))
        return Double(degreesOfFreedom) * pow(1 - spread + normal * spread.squareRoot(), 3)
    }

    package var description: String {
        "chi2 \(rounded(statistic)) dof \(degreesOfFreedom) threshold \(rounded(threshold)) "
            + "TV \(rounded(totalVariation, 10_000))"
    }

    private func rounded(_ value: Double, _ scale: Double = 10) -> Double {
        value.isFinite ? (value * scale).rounded() / scale : value
    }

    private struct Cell {
        var observed = 0.0
        var expected = 0.0
        var term: Double { (observed - expected) * (observed - expected) / expected }
    }
}
