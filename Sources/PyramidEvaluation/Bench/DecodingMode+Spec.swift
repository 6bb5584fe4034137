internal import PyramidDecoding

extension DecodingMode {
    /// The numbers of the mode, by the names that specs and results give them.
    var parameters: [String: Double] {
        switch self {
        case .exact, .coupled: [:]
        case .budget(let budget): ["limit": budget.limit]
        case .fsd(let fsd): ["tau_t": fsd.target.threshold]
        case .psdA(let psdA): ["tau_t": psdA.target.threshold]
        case .psdF(let psdF):
            ["tau_q": psdF.qualifier.threshold, "tau_t": psdF.target.threshold]
        }
    }

    /// What fuzzy rules compare with their thresholds; `nil` without such a rule.
    var divergence: Divergence? {
        switch self {
        case .exact, .coupled, .budget: nil
        case .fsd(let fsd): fsd.target.divergence
        case .psdA(let psdA): psdA.target.divergence
        case .psdF(let psdF): psdF.target.divergence
        }
    }

    /// The mode with its parameters, such as `psd-f(tau_q=0.4,tau_t=0.5)`.
    var spec: String {
        var parts = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if let divergence, divergence != .js { parts.append("divergence=\(divergence.rawValue)") }
        return parts.isEmpty ? name : "\(name)(\(parts.joined(separator: ",")))"
    }
}
