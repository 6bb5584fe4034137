public import PyramidDecoding

extension ControlExplanation {
    /// The explanation in sentences, one a line.
    ///
    /// - Parameter names: The levels' names, bottom first.
    public func words(names: [String]) -> [String] {
        verdicts.map { words($0, names) } + [hits(names), chosen(names)].compactMap { $0 }
    }

    private func words(_ verdict: Verdict, _ names: [String]) -> String {
        let name = names[verdict.level]
        let verifier = names[verdict.verifier]
        let agrees = "\(name) agrees \(verdict.agreement.text(2)) with \(verifier)"
        let costs =
            "\(milliseconds(verdict.level)) ms a forward to \(milliseconds(verdict.verifier)) ms"
        let rates =
            "\(verdict.rateWith.text(1)) tokens/s with it, \(verdict.rateWithout.text(1)) without"
        guard let needed = verdict.neededAgreement else {
            return "\(state(verdict)): \(agrees), and at these costs (\(costs)) no agreement would "
                + "be enough; \(rates)"
        }
        let least = verdict.share >= 0.5 && needed <= verdict.agreement ? "pays from" : "needs"
        return
            "\(state(verdict)): \(agrees), \(least) \(needed.text(2)) at these costs (\(costs)); "
            + rates
    }

    private func state(_ verdict: Verdict) -> String {
        switch verdict.share {
        case 0: "off"
        case 1: "on"
        default: "on in \((verdict.share * 100).text(0)) % of rounds"
        }
    }

    private func hits(_ names: [String]) -> String? {
        guard let lookupHitRate else { return nil }
        let rounds = uses.reduce(0) { $0 + $1.rounds }
        let used = uses.filter { $0.levels.contains(0) }.reduce(0) { $0 + $1.rounds }
        return "\(names[0]): finds something to propose in \((lookupHitRate * 100).text(0)) % of "
            + "places, in use in \((100 * Double(used) / Double(max(1, rounds))).text(0)) % of rounds"
    }

    private func chosen(_ names: [String]) -> String {
        let chains = uses.map { use in
            let chain = use.levels.map { level in
                let length =
                    level < names.count - 1 ? " (\(use.meanLookaheads[level].text(1)))" : ""
                return names[level] + length
            }
            let probes = use.probes > 0 ? ", \(use.probes) of them probes" : ""
            return "\(chain.joined(separator: " -> ")) in \(use.rounds) rounds\(probes)"
        }
        return "chosen, with mean lookaheads: " + chains.joined(separator: "; ")
    }

    private func milliseconds(_ level: Int) -> String { (secondsPerForward[level] * 1000).text(1) }
}

extension Double {
    /// With this many digits after the point.
    fileprivate func text(_ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let value = (self * scale).rounded()
        guard value.isFinite, abs(value) < 1e15 else { return "\(self)" }
        guard digits > 0 else { return "\(Int(value))" }
        let whole = Int(abs(value) / scale)
        let rest = "\(Int(abs(value)) - whole * Int(scale))"
        let padding = String(repeating: "0", count: digits - rest.count)
        return (value < 0 ? "-" : "") + "\(whole).\(padding)\(rest)"
    }
}
