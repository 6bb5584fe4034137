public import PyramidDecoding

/// A machine on paper: the roofline model (Williams, Waterman and Patterson, 2009,
/// doi:10.1145/1498765.1498785).
///
/// A forward of level k over n rows takes
///
///     t_k(n) = overhead + max(bytes_k / bandwidth, n * parameters_k / compute)
///
/// seconds: the weights are read once for all rows, and each row multiplies by each parameter
/// once. The KV cache and activations are left out.
public struct PlanMachine: Sendable, Equatable {
    /// Bytes per second that weights are read with; `nil` when all levels are given as times.
    public var bandwidth: Double?
    /// Products, each with its addition, per second; `nil` leaves computing out.
    public var compute: Double?
    /// Seconds that every forward takes besides. Default 0.
    public var overhead = 0.0

    /// A machine of which nothing is known.
    public init() {}

    /// The seconds of a forward of `level` over `rows` rows.
    ///
    /// - Throws: `ConfigurationError` when the machine is not known well enough for this level.
    public func seconds(_ level: PlanLevel, rows: Int) throws(ConfigurationError) -> Double {
        switch level.cost {
        case .lookup: return 0
        case .seconds(let seconds): return overhead + seconds
        case .bytes(let bytes):
            guard compute == nil else {
                throw ConfigurationError(
                    "level '\(level.name)': how many parameters its bytes are is not known, which "
                        + "--compute needs; give its size as parameters and bits, such as 1B@4.5")
            }
            return overhead + bytes / (try bandwidth(for: level))
        case .parameters(let parameters, let bits):
            let reading = parameters * bits / 8 / (try bandwidth(for: level))
            let computing = compute.map { Double(rows) * parameters / $0 } ?? 0
            return overhead + max(reading, computing)
        }
    }

    private func bandwidth(for level: PlanLevel) throws(ConfigurationError) -> Double {
        guard let bandwidth else {
            throw ConfigurationError(
                "level '\(level.name)' has a size, which becomes a time only with --bandwidth GB/s; "
                    + "or give the time of its forward, such as \(level.name):12.5ms")
        }
        return bandwidth
    }
}
