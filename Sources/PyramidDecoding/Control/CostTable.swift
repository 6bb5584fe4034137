/// The costs of all levels, and what they drift by together.
///
/// Levels share a machine: when one becomes slower the others mostly have too, also those that
/// are switched off and not measured.
struct CostTable: Sendable {
    /// Bottom first, without the common drift; `nil` for a lookup, which costs nothing, and for a
    /// level not yet measured.
    private var levels: [ForwardCost?]
    private var commonDrift = 1.0

    /// Costs as they are now, bottom first.
    init(_ levels: [ForwardCost?]) {
        self.levels = levels
    }

    /// Whether a level's cost is known.
    func isKnown(_ level: Int) -> Bool { levels[level] != nil }

    /// Costs as they are now, bottom first.
    var now: [ForwardCost?] { levels.map { $0?.scaled(by: commonDrift) } }

    /// Takes in what a level costs now.
    mutating func set(_ cost: ForwardCost, level: Int) {
        levels[level] = cost.scaled(by: 1 / commonDrift)
    }

    /// The time of a forward of a level over `rows` rows; 0 for a lookup.
    func seconds(level: Int, rows: Double) -> Double {
        guard let cost = levels[level] else { return 0 }
        return cost.seconds(rows: rows) * commonDrift
    }

    /// Whether it is known what reading takes; always of a lookup, which reads nothing.
    func isReadingKnown(_ level: Int) -> Bool { levels[level]?.isReadingKnown ?? true }

    /// The time for a level to read a text; 0 for a lookup.
    func readingSeconds(level: Int, rows: Double) -> Double {
        guard let cost = levels[level] else { return 0 }
        return cost.readingSeconds(rows: rows) * commonDrift
    }

    /// Takes in the time that it took to read a text.
    mutating func observeReading(level: Int, rows: Int, seconds: Double) {
        levels[level]?.observeReading(rows: rows, seconds: seconds, commonDrift: commonDrift)
    }

    /// Takes in a real forward.
    mutating func observe(level: Int, rows: Int, seconds: Double) {
        guard levels[level] != nil else { return }
        let shared =
            levels[level]?.observe(rows: rows, seconds: seconds, commonDrift: commonDrift) ?? 1
        commonDrift *= shared
    }
}
