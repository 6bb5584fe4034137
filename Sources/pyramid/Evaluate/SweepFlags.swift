import ArgumentParser
import PyramidDecoding
import PyramidEvaluation

/// The grid of a sweep.
struct SweepFlags: ParsableArguments {
    @Option(help: "The qualifier's thresholds, tau_Q, separated by commas.")
    var tauQ = "0.2,0.3,0.4,0.5"

    @Option(help: "The target's thresholds, tau_T.")
    var tauT = "0.2,0.3,0.4,0.5"

    @Option(help: "The draft's lookaheads, l_D.")
    var draftLookaheads = "5,15,25"

    @Option(help: "The qualifier's lookaheads, l_Q.")
    var qualifierLookaheads = "15,25"

    @Option(help: "Lookaheads of speculative decoding; its fastest is what ratios are to.")
    var exactLookaheads = "4,8,15"

    @Option(
        help: ArgumentHelp("What the thresholds bound: \(known).", valueName: "name"))
    var divergence = Divergence.js.rawValue

    @Option(
        help: ArgumentHelp(
            """
            Only cells whose name contains this, such as psd-a or tau_t=0.4, repeatable: all must \
            be there. Plain and speculative decoding always run.
            """, valueName: "text"))
    var cells: [String] = []

    private static let known = Divergence.allCases.map(\.rawValue).joined(separator: ", ")

    func validate() throws { _ = try grid() }

    func grid() throws -> SweepGrid {
        guard let divergence = Divergence(rawValue: divergence) else {
            throw ValidationError(
                "Unknown --divergence '\(self.divergence)'; known: \(Self.known)")
        }
        var grid = SweepGrid()
        grid.tauQ = try numbers(tauQ, "--tau-q")
        grid.tauT = try numbers(tauT, "--tau-t")
        grid.draftLookaheads = try numbers(draftLookaheads, "--draft-lookaheads")
        grid.qualifierLookaheads = try numbers(qualifierLookaheads, "--qualifier-lookaheads")
        grid.exactLookaheads = try numbers(exactLookaheads, "--exact-lookaheads")
        grid.divergence = divergence
        return grid
    }

    /// The grid's cells that were asked for.
    func cells(for levels: BenchLevels) throws -> [SweepCell] {
        try grid().cells(for: levels).filter { cell in
            cell.group.isReference || cells.allSatisfy { cell.name.contains($0) }
        }
    }

    private func numbers<Number: LosslessStringConvertible>(
        _ list: String, _ flag: String
    ) throws -> [Number] {
        try list.split(separator: ",", omittingEmptySubsequences: false).map { field in
            guard let number = Number(String(field)) else {
                throw ValidationError("\(flag) '\(list)': '\(field)' is not a number")
            }
            return number
        }
    }
}
