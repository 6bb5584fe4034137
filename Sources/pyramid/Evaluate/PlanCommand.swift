import ArgumentParser
import Foundation
import PyramidDecoding
import PyramidEvaluation

/// Plans chains of models and machines that are not at hand.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Predicts the speed of every chain of levels on paper, without models.",
        discussion: """
            Lookaheads and tokens/s are those of automatic control's own planner, given the costs \
            and agreements that you assume; each chain is also simulated, round by round. A \
            forward of level k over n rows takes, by the roofline model (Williams, Waterman and \
            Patterson, 2009), t_k(n) = overhead + max(bytes_k / bandwidth, n * parameters_k / \
            compute); a level that is given as a time takes overhead + that time for any n. The \
            KV cache is left out, and agreements are the same at every place and independent.

            Presets, which --agree can change:
            \(presetHelp)

            Example: pyramid plan --level 1B:1B@4.5 --level 8B:8B@4.5 --bandwidth 100 \\
                       --agree 1B,8B=0.7
            """)

    private static var presetHelp: String {
        PlanPreset.allCases.map { preset in
            let agreements = preset.family.agreements.map(\.spec).joined(separator: ", ")
            return "  \(preset.rawValue): \(preset.assumptions) They are \(agreements)."
        }.joined(separator: "\n")
    }

    @Option(
        help: ArgumentHelp(
            """
            A level, from the bottom to the target; repeatable. SIZE is bytes (0.8GB), parameters \
            and bits of each (1B@4.5), or the time of a forward (12.5ms). 'ngram' is a lookup.
            """, valueName: "NAME:SIZE"))
    var level: [String] = []

    @Option(
        help: ArgumentHelp(
            "How often UPPER accepts LOWER's token; one for each pair.",
            valueName: "LOWER,UPPER=0...1"))
    var agree: [String] = []

    @Option(
        help: ArgumentHelp(
            "How often the lookup has something to propose.", valueName: "0...1"))
    var hitRate: Double?

    @Option(help: ArgumentHelp("Levels and agreements that are assumed: paper, 70b."))
    var preset: String?

    @Option(help: ArgumentHelp("The machine's memory bandwidth.", valueName: "GB/s"))
    var bandwidth: Double?

    @Option(
        help: ArgumentHelp(
            "Products, each with its addition, that it computes. (default: no limit)",
            valueName: "10^12/s"))
    var compute: Double?

    @Option(help: ArgumentHelp("What every forward takes besides.", valueName: "ms"))
    var overhead = 0.0

    @Option(help: "Rounds of each simulation.")
    var rounds = 20_000

    @Option(help: "Seed of the simulations.")
    var seed: UInt64 = 0

    @Flag(help: "Print JSON instead of tables.")
    var json = false

    func validate() throws {
        for (name, value) in [("--bandwidth", bandwidth), ("--compute", compute)] {
            if let value, !(value > 0 && value.isFinite) {
                throw ValidationError("\(name) \(value) is not above 0")
            }
        }
        guard overhead >= 0, overhead.isFinite else {
            throw ValidationError("--overhead \(overhead) is not 0 or more milliseconds")
        }
        guard (2...10_000_000).contains(rounds) else {
            throw ValidationError("--rounds \(rounds) is not within 2 ... 10000000")
        }
    }

    func run() throws {
        try CommandFailure.reporting {
            let report = try PlanReport(try family(), rounds: rounds, seed: seed)
            guard !json else {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                let text = String(decoding: try encoder.encode(report), as: UTF8.self)
                try StandardOutput.write(text + "\n")
                return
            }
            try StandardOutput.write(PlanTable(report, assumptions: try chosen?.assumptions).text)
        }
    }

    private var chosen: PlanPreset? {
        get throws {
            guard let preset else { return nil }
            guard let known = PlanPreset(rawValue: preset) else {
                throw ValidationError(
                    "--preset \(preset) is not known; known: "
                        + PlanPreset.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return known
        }
    }

    private func family() throws -> PlanFamily {
        let preset = try chosen
        guard preset == nil || level.isEmpty else {
            throw ValidationError("--preset brings its own levels; leave it or --level out")
        }
        guard preset != nil || !level.isEmpty else {
            throw ValidationError(
                "No levels: give --level for each, such as --level 1B:2ms --level 8B:16ms, or "
                    + "--preset paper")
        }
        var family =
            try preset?.family
            ?? PlanFamily(levels: level.map { try PlanLevel(spec: $0) }, agreements: [])
        guard (bandwidth ?? compute) == nil || family.levels.contains(where: \.hasSize) else {
            throw ValidationError(
                "--bandwidth and --compute change nothing where all levels are given as times; "
                    + "leave them out, or give sizes")
        }
        family.agreements += try agree.map { try PlanAgreement(spec: $0) }
        family.hitRate = hitRate
        family.machine.bandwidth = bandwidth.map { $0 * 1e9 }
        family.machine.compute = compute.map { $0 * 1e12 }
        family.machine.overhead = overhead / 1000
        return family
    }
}

/// A plan's chains, and from where its levels pay.
private struct PlanTable {
    let text: String

    init(_ report: PlanReport, assumptions: String?) {
        var chains = TextTable(header: [
            "chain", "tokens/s", "to plain", "simulated", "+-", "difference",
        ])
        for chain in report.chains {
            let lookaheads = chain.lookaheads.map { ":\($0)" } + [""]
            chains.add([
                zip(chain.levels, lookaheads).map(+).joined(separator: " > "),
                chain.predicted.text(2), chain.ratioToPlain.text(2) + "x",
                chain.simulated.text(2), chain.standardError.text(2),
                chain.differencePercent.text(2) + " %",
            ])
        }
        var levels = TextTable(header: ["level", "verified by", "agreement", "pays from"])
        for threshold in report.thresholds {
            levels.add([
                threshold.level, threshold.verifier, threshold.agreement.text(2),
                threshold.neededAgreement?.text(3) ?? "never",
            ])
        }
        let agreements = report.agreements.map(\.spec).joined(separator: ", ")
        text =
            (assumptions.map { "Assumed: \($0)\n" } ?? "")
            + (agreements.isEmpty ? "" : "Agreements: \(agreements)\n\n") + chains.text
            + "\nchain: levels with their lookaheads, and the target. simulated: with its standard "
            + "error.\n"
            + (report.thresholds.isEmpty
                ? ""
                : "\n" + levels.text
                    + "\npays from: the agreement at which the best chain with the level is as "
                    + "fast as the best without.\n")
    }
}
