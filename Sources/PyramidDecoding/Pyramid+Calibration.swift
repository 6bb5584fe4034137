extension Pyramid {
    /// What is known of the levels' costs, bottom first; `nil` for a lookup, and for a level that
    /// was not measured. Real forwards refine it. Set it to what another run has learnt on the
    /// same machine with the same files and threads.
    public var costs: [ForwardCost?] {
        get { controller.costs.now }
        set {
            precondition(newValue.count == levels.count)
            controller.costs = CostTable(newValue)
        }
    }

    /// What was learnt from all text so far. Set it to what another run with the same models has
    /// learnt, so that the first text is not decoded by guesses; it must be sound for this many
    /// levels.
    public var experience: Experience {
        get { controller.experience }
        set {
            precondition(newValue.isSound(levelCount: levels.count))
            controller.experience = newValue
        }
    }

    /// Whether every model's cost is known, as automatic control needs.
    public var isCalibrated: Bool {
        unmeasuredLevels.isEmpty
    }

    private var unmeasuredLevels: [Int] {
        levels.indices.filter { levels[$0].model != nil && !controller.costs.isKnown($0) }
    }

    /// Measures the forwards of the levels whose costs are not known, for at most about `limit`.
    ///
    /// It uses a free sequence and leaves it empty. Without this, the first sequence under
    /// automatic control does it.
    ///
    /// - Throws: ``DecodingError``; nothing more is known then than before.
    public func calibrate(
        within limit: Duration = .seconds(2)
    ) throws(DecodingError<Model.Failure>) {
        guard let free = sequences.firstIndex(where: { $0 == nil }) else { return }
        let unknown = unmeasuredLevels
        let began = now()
        var measured = Array(repeating: [Int: Double](), count: levels.count)
        // In passes over all levels, so that no level has only a noisy moment's figures.
        for _ in 0..<Self.calibrationPasses {
            // Each number of rows on all levels before the next, so that one slow level cannot use
            // up the time of the others.
            for rows in Self.calibratedRows where rows < contextSize {
                for level in unknown {
                    let needed = expected(rows, measured[level])
                    let left = (limit - (now() - began)) / .seconds(1)
                    guard measured[level].isEmpty || needed <= left else { continue }
                    let seconds = try time(level, rows: rows, sequence: free)
                    measured[level][rows] = min(measured[level][rows] ?? .infinity, seconds)
                }
            }
        }
        for level in unknown where !measured[level].isEmpty {
            controller.costs.set(ForwardCost(measured: measured[level]), level: level)
        }
        // Also of levels whose costs come from an earlier version, which did not measure it.
        for level in levels.indices where !controller.costs.isReadingKnown(level) {
            let needed = controller.costs.seconds(level: level, rows: Double(Self.readRows))
            let left = (limit - (now() - began)) / .seconds(1)
            guard needed > 0, Self.readRows < contextSize, needed <= left else { continue }
            let seconds = try time(level, rows: Self.readRows, wantedRows: 0, sequence: free)
            controller.costs.observeReading(level: level, rows: Self.readRows, seconds: seconds)
        }
    }

    /// The first is measured twice, since the first forward of all also warms caches up.
    private static var calibratedRows: [Int] { [1, 1, 8, 2, 16, 4, 9, 32, 17, 64] }
    private static var calibrationPasses: Int { 3 }
    private static var readRows: Int { 64 }

    /// A guess from fewer rows: no more than in proportion.
    private func expected(_ rows: Int, _ measured: [Int: Double]) -> Double {
        if let known = measured[rows] { return known }
        let below = measured.keys.filter { $0 < rows }.max() ?? 1
        return (measured[below] ?? 0) * Double(rows) / Double(below)
    }

    private func time(
        _ level: Int, rows: Int, wantedRows: Int? = nil, sequence: SequenceID
    ) throws(DecodingError<Model.Failure>) -> Double {
        guard case .model(let model) = levels[level] else { return 0 }
        let tokens = (0..<rows).map { TokenID($0 % vocabularySize) }
        let began = now()
        do {
            try model.rewind(sequence, to: 0)
            try model.forward([
                ForwardRequest(
                    sequence: sequence, position: 0, tokens: tokens[...],
                    wantedRows: wantedRows ?? rows)
            ])
            let time = now() - began
            try model.rewind(sequence, to: 0)
            // A clock too coarse to see the forward must not give a free one.
            return max(time / .seconds(1), 1e-9)
        } catch {
            throw .model(level: level, error)
        }
    }
}
