internal import PyramidDecoding

/// The parts of a method's spec: `MODE`, `MODE(KEY=VALUE,...)`, and after it `@LEVEL:N,...`.
struct MethodSpec {
    static let modes = ["plain", "auto", "exact", "coupled", "budget", "fsd", "psd-a", "psd-f"]

    /// A level of the chain; without a number it takes the default.
    struct Link {
        var level: String
        var lookahead: Int?
    }

    let text: String
    let mode: String
    private(set) var parameters: [String: String] = [:]
    /// `nil` is all levels.
    private(set) var chain: [Link]?

    init(_ text: String) throws(ConfigurationError) {
        self.text = text
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let head = parts[0].split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)
        mode = String(head[0])
        guard Self.modes.contains(mode) else {
            throw ConfigurationError(
                "method '\(text)': '\(mode)' is unknown; known: "
                    + Self.modes.joined(separator: ", "))
        }
        if head.count > 1 { parameters = try Self.parameters(head[1], of: text) }
        if parts.count > 1 { chain = try Self.chain(parts[1], of: text) }
    }

    /// The rules that it names.
    ///
    /// - Throws: `ConfigurationError` for a parameter that the mode does not have.
    func decodingMode() throws(ConfigurationError) -> DecodingMode {
        switch mode {
        case "coupled":
            try allow([])
            return .coupled
        case "budget":
            try allow(["limit"])
            return .budget(Budget(limit: try number("limit") ?? Budget().limit))
        case "fsd":
            try allow(["tau_t", "divergence"])
            return .fsd(
                FSD(tauT: try number("tau_t") ?? FSD().target.threshold, divergence: try divergence)
            )
        case "psd-a":
            try allow(["tau_t", "divergence"])
            return .psdA(
                PSDA(
                    tauT: try number("tau_t") ?? PSDA().target.threshold,
                    divergence: try divergence))
        case "psd-f":
            try allow(["tau_q", "tau_t", "divergence"])
            return .psdF(
                PSDF(
                    tauQ: try number("tau_q") ?? PSDF().qualifier.threshold,
                    tauT: try number("tau_t") ?? PSDF().target.threshold,
                    divergence: try divergence))
        default:
            try allow([])
            return .exact
        }
    }

    private func allow(_ names: [String]) throws(ConfigurationError) {
        guard let other = parameters.keys.sorted().first(where: { !names.contains($0) }) else {
            return
        }
        let known = names.isEmpty ? "it has none" : "known: " + names.joined(separator: ", ")
        throw ConfigurationError("method '\(text)': no parameter '\(other)' of \(mode); \(known)")
    }

    private func number(_ name: String) throws(ConfigurationError) -> Double? {
        guard let value = parameters[name] else { return nil }
        guard let number = Double(value) else {
            throw ConfigurationError("method '\(text)': \(name) is '\(value)', not a number")
        }
        return number
    }

    private var divergence: Divergence {
        get throws(ConfigurationError) {
            guard let value = parameters["divergence"] else { return .js }
            guard let divergence = Divergence(rawValue: value) else {
                let known = Divergence.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError(
                    "method '\(text)': divergence '\(value)' is unknown; known: \(known)")
            }
            return divergence
        }
    }

    /// A lone value is the budget's limit, the only parameter that needs no name.
    private static func parameters(
        _ list: Substring, of text: String
    ) throws(ConfigurationError) -> [String: String] {
        guard list.last == ")" else {
            throw ConfigurationError("method '\(text)': a ')' is missing")
        }
        var parameters: [String: String] = [:]
        for field in list.dropLast().split(separator: ",", omittingEmptySubsequences: false) {
            let pair = field.split(separator: "=", maxSplits: 1).map(String.init)
            if pair.count == 1, text.hasPrefix("budget") {
                parameters["limit"] = pair[0]
            } else if pair.count == 2 {
                parameters[pair[0]] = pair[1]
            } else {
                throw ConfigurationError("method '\(text)': '\(field)' is not NAME=VALUE")
            }
        }
        return parameters
    }

    private static func chain(
        _ list: Substring, of text: String
    ) throws(ConfigurationError) -> [Link] {
        var chain: [Link] = []
        for field in list.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = field.split(separator: ":", omittingEmptySubsequences: false)
            guard let level = pair.first, !level.isEmpty, pair.count <= 2 else {
                throw ConfigurationError("method '\(text)': '\(field)' is not LEVEL:LOOKAHEAD")
            }
            guard pair.count == 2 else {
                chain.append(Link(level: String(level)))
                continue
            }
            guard let lookahead = Int(pair[1]), lookahead >= 1 else {
                throw ConfigurationError(
                    "method '\(text)': the lookahead '\(pair[1])' is not 1 or more")
            }
            chain.append(Link(level: String(level), lookahead: lookahead))
        }
        return chain
    }
}
