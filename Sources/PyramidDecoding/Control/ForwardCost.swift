/// How long a level's forward takes, by the number of rows that it computes.
///
/// It starts from a calibration and is refined by every real forward. What slows all row counts
/// alike (a busy machine, a deeper context) is a drift of its own, which follows quickly; the
/// shape over rows follows slowly. A single slow forward moves either only a little, except the
/// first over more rows than were ever measured.
public struct ForwardCost: Sendable, Codable, Equatable {
    /// The row counts at which times are kept, ascending: every one up to 32, where backends have
    /// steps, and powers of two beyond.
    public static let knots = Array(1...32) + [64, 128, 256, 512]

    /// The time of a forward over as many rows as the knot at the same index says, in seconds:
    /// measured, or as far as that is missing drawn from what was measured.
    public private(set) var seconds: [Double]
    /// Which knots were measured.
    private var isMeasured: [Bool]
    /// Seconds per row of a text that is only read, whose logits nobody wants; `nil` before any
    /// was read.
    private var readings: DecayedMean?
    /// How many times slower the level has become as a whole.
    private(set) var drift = 1.0

    /// A cost that is known at some row counts and drawn from these elsewhere.
    ///
    /// - Parameter measured: Seconds by row count, at least one of them, all positive; counts
    ///   that are no knots are left out.
    public init(measured: [Int: Double]) {
        precondition(measured.values.allSatisfy { $0 > 0 } && measured.keys.contains(1))
        seconds = Self.knots.map { measured[$0] ?? 0 }
        isMeasured = Self.knots.map { measured[$0] != nil }
        fillGaps()
    }

    /// Whether this can be a cost: what was decoded from a file may be anything.
    public var isSound: Bool {
        seconds.count == Self.knots.count && isMeasured.count == Self.knots.count
            && seconds.allSatisfy(Self.possibleSeconds.contains)
            && Self.possibleDrifts.contains(drift)
            && isMeasured[0]
            && readings?.isMean(of: Self.possibleSeconds, window: Self.readingWindow) != false
    }

    /// What a forward can take on any machine.
    private static let possibleSeconds = 1e-9...1e5
    private static let possibleDrifts = 1e-3...1e3

    /// The same cost, slower by a factor as a whole.
    func scaled(by factor: Double) -> ForwardCost {
        var scaled = self
        scaled.drift *= factor
        return scaled
    }

    /// The time of a forward over `rows` rows.
    public func seconds(rows: Double) -> Double {
        drift * shape(rows)
    }

    var isReadingKnown: Bool { readings != nil }

    /// The time to read `rows` rows of text without logits.
    public func readingSeconds(rows: Double) -> Double {
        let whole = seconds(rows: rows)
        guard let readings, readings.weight > 0 else { return whole }
        let read = drift * readings.sum / readings.weight * rows
        return min(whole, max(read, seconds(rows: 1)))
    }

    /// Takes in the time that it took to read a text; what is short is left out.
    mutating func observeReading(rows: Int, seconds: Double, commonDrift: Double) {
        guard rows >= Self.leastReading, seconds > 0 else { return }
        let perRow = seconds / (Double(rows) * drift * commonDrift)
        guard Self.possibleSeconds.contains(perRow) else { return }
        readings = readings ?? DecayedMean()
        readings?.add(perRow, window: Self.readingWindow)
    }

    /// From how many rows on the forward of a text that is read tells what a row takes.
    static let leastReading = 24
    private static let readingWindow = 8.0

    /// Takes in a real forward's time.
    ///
    /// - Parameter commonDrift: How many times slower all levels have become.
    /// - Returns: The factor by which other levels have become slower too, as far as this one
    ///   tells.
    mutating func observe(rows: Int, seconds observed: Double, commonDrift: Double) -> Double {
        guard observed > 0, rows > 0 else { return 1 }
        let knot = Self.knots.lastIndex { $0 <= rows } ?? 0
        guard knot <= reach else {
            // Beyond all that was measured there was only a guess.
            if Self.knots[knot] == rows {
                seconds[knot] = observed / (drift * commonDrift)
                isMeasured[knot] = true
                fillGaps()
            }
            return 1
        }
        if Self.knots[knot] == rows { isMeasured[knot] = true }
        let ratio = observed / (seconds(rows: Double(rows)) * commonDrift)
        guard ratio > 0, ratio.isFinite else { return 1 }
        // Neighbours share what makes a forward slow, and one knot's bad luck must not keep the
        // planner from ever trying it again.
        for (distance, share) in Self.shapeShares.enumerated() {
            let step = Self.step(towards: ratio, rate: Self.shapeRate * share)
            for index in Set([knot - distance, knot + distance]) where index >= 0 && index <= reach
            {
                seconds[index] *= step
            }
        }
        let factor = Self.step(towards: ratio, rate: Self.driftRate)
        drift *= factor
        return factor
    }

    /// How much of a surprise at a knot holds for those at each distance.
    private static let shapeShares = [1, 0.7, 0.4, 0.2]
    /// A surprise beyond this share is an accident and counts as no more.
    private static let greatestSurprise = 0.3
    private static let driftRate = 0.08
    private static let shapeRate = 0.04

    /// The last knot that was measured: all before it are known.
    private var reach: Int { isMeasured.lastIndex(of: true) ?? 0 }

    /// A small step from 1 towards `ratio`, as long downwards as upwards.
    private static func step(towards ratio: Double, rate: Double) -> Double {
        ratio >= 1
            ? 1 + rate * min(ratio - 1, greatestSurprise)
            : 1 / (1 + rate * min(1 / ratio - 1, greatestSurprise))
    }

    private func shape(_ rows: Double) -> Double {
        let knots = Self.knots
        let above =
            rows <= 32
            ? max(1, min(31, Int(rows)))
            : knots.firstIndex { Double($0) >= rows } ?? knots.count - 1
        let value = line(above - 1, above, at: max(rows, 1))
        // Beyond the last knot noise must not make more work take less time.
        return rows > Double(knots[above]) ? max(value, seconds[above]) : value
    }

    // MARK: - What was not measured

    /// Straight lines between what was measured and beyond it, once that is past 16 rows; before,
    /// steps of eight rows, the tiles of most backends: a guess on the hopeful side, for what
    /// looks dear is never tried.
    private mutating func fillGaps() {
        let known = isMeasured.indices.filter { isMeasured[$0] }
        guard let last = known.last else { return }
        for (lower, upper) in zip(known, known.dropFirst()) where upper - lower > 1 {
            for index in (lower + 1)..<upper {
                seconds[index] = line(lower, upper, at: Double(Self.knots[index]))
            }
        }
        let slope = known.count > 1 ? slope(known[known.count - 2], last) : 0
        for index in Self.knots.indices.dropFirst(last + 1) {
            guard Self.knots[last] <= 16 else {
                let rows = Double(Self.knots[index] - Self.knots[last])
                seconds[index] = seconds[last] + max(0, slope) * rows
                continue
            }
            let tiles = Double((Self.knots[index] + 7) / 8)
            seconds[index] = seconds[last] * tiles / Double((Self.knots[last] + 7) / 8)
        }
    }

    private func line(_ lower: Int, _ upper: Int, at rows: Double) -> Double {
        seconds[lower] + slope(lower, upper) * (rows - Double(Self.knots[lower]))
    }

    private func slope(_ lower: Int, _ upper: Int) -> Double {
        (seconds[upper] - seconds[lower]) / Double(Self.knots[upper] - Self.knots[lower])
    }
}
