package import PyramidDecoding

/// Levels with planted costs and agreements, and a clock that only their forwards move.
///
/// The target's token is a function of the position and the token before. A level below names it
/// with its planted agreement, decided by the position, the token before and the level; how easy
/// a position is can be shared among levels, and can be told by how sure they are.
package final class SimulatedWorld {
    /// What holds from some position on.
    package struct Conditions: Sendable {
        /// `costs[level]` in seconds: of a forward, and of every row beyond `freeRows`.
        package var costs: [Cost]
        /// `agreements[level]` with the target, bottom first.
        package var agreements: [Double]
        /// Whether levels err at the same positions: then a level that is worse errs wherever a
        /// better one does.
        package var isNested = false
        /// Whether a level is less sure where it errs.
        package var tellsSureness = false
        /// What makes one text unlike another with the same agreements.
        package var salt = 0

        package init(costs: [Cost], agreements: [Double]) {
            self.costs = costs
            self.agreements = agreements
        }
    }

    package struct Cost: Sendable {
        package var forward: Double
        package var row: Double
        package var freeRows: Int
        /// Of a row whose logits nobody wants, as a prompt's.
        package var readRow: Double

        package init(
            _ forward: Double, row: Double = 0, freeRows: Int = 8, readRow: Double? = nil
        ) {
            self.forward = forward
            self.row = row
            self.freeRows = freeRows
            self.readRow = readRow ?? row
        }

        package func seconds(rows: Int, wanted: Int) -> Double {
            let dear = max(0, rows - freeRows)
            let read = min(dear, rows - wanted)
            return forward + readRow * Double(read) + row * Double(dear - read)
        }
    }

    package private(set) var time = 0.0
    /// Conditions by the position from which they hold, ascending from 0.
    package let course: [(from: Int, conditions: Conditions)]
    package static let vocabularySize = 16
    /// How much a forward's time varies: one in eight takes up to this times longer.
    package var noise = 0.0
    private var noiseSource = RandomSource(seed: 5)

    package init(_ course: [(from: Int, conditions: Conditions)]) {
        self.course = course
    }

    package func conditions(at position: Int) -> Conditions {
        course.last { $0.from <= position }?.conditions ?? course[0].conditions
    }

    package func spend(level: Int, rows: Int, wanted: Int, position: Int) {
        var seconds = conditions(at: position).costs[level].seconds(rows: rows, wanted: wanted)
        if noise > 0, noiseSource.next() % 8 == 0 { seconds *= 1 + noise * noiseSource.uniform() }
        time += seconds
    }

    /// The token of a level after `last` at `position`, and how sure it is of it.
    package func choice(level: Int, position: Int, last: TokenID) -> (TokenID, sureness: Double) {
        let conditions = conditions(at: position)
        let target = conditions.costs.count - 1
        let right = TokenID(hash(position, Int(last), 0) % UInt64(Self.vocabularySize))
        let agreement = level == target ? 1 : conditions.agreements[level]
        let place = position + 1_000_003 * conditions.salt
        let shared = uniform(place, Int(last), 1)
        let own = uniform(place, Int(last), 2 + level)
        let isRight = (conditions.isNested ? shared : own) < agreement
        let wrong = TokenID(
            (Int(right) + 1 + Int(hash(position, Int(last), 9) % UInt64(Self.vocabularySize - 1)))
                % Self.vocabularySize)
        let isSure = !conditions.tellsSureness || isRight || uniform(position, level, 20) < 0.2
        return (isRight ? right : wrong, isSure ? 0.9 : 0.4)
    }

    private func uniform(_ a: Int, _ b: Int, _ c: Int) -> Double {
        Double(hash(a, b, c) >> 11) * 0x1p-53
    }

    private func hash(_ a: Int, _ b: Int, _ c: Int) -> UInt64 {
        var source = RandomSource(seed: UInt64(a) &* 1_000_003 &+ UInt64(b) &* 8191 &+ UInt64(c))
        _ = source.next()
        return source.next()
    }
}

/// A level of a simulated world.
package final class SimulatedModel: LanguageModel {
    private let world: SimulatedWorld
    private let level: Int
    private var held: [[TokenID]]
    private var rows: [[Float]] = []
    private var firstRows: [Int] = []

    package let vocabularySize = SimulatedWorld.vocabularySize
    package let contextSize = 1 << 20
    package let sequenceCapacity: Int

    package init(_ world: SimulatedWorld, level: Int, sequenceCapacity: Int = 1) {
        self.world = world
        self.level = level
        self.sequenceCapacity = sequenceCapacity
        held = Array(repeating: [], count: sequenceCapacity)
    }

    package func forward(_ requests: [ForwardRequest]) {
        rows.removeAll(keepingCapacity: true)
        firstRows.removeAll(keepingCapacity: true)
        for request in requests {
            held[request.sequence] += request.tokens
            firstRows.append(rows.count)
            let end = held[request.sequence].count
            for position in (end - request.wantedRows)..<end {
                rows.append(row(position, held[request.sequence][position]))
            }
        }
        let total = requests.reduce(0) { $0 + $1.tokens.count }
        world.spend(
            level: level, rows: total, wanted: rows.count, position: requests.last?.position ?? 0)
    }

    package func withLogits<Result>(
        request: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        rows[firstRows[request] + row].withUnsafeBufferPointer(body)
    }

    package func rewind(_ sequence: SequenceID, to position: Int) {
        held[sequence].removeLast(max(0, held[sequence].count - position))
    }

    private func row(_ position: Int, _ last: TokenID) -> [Float] {
        let choice = world.choice(level: level, position: position, last: last)
        let others = (1 - choice.sureness) / Double(vocabularySize - 1)
        var row = Array(
            repeating: Float(VectorMath.log(others)), count: vocabularySize)
        row[Int(choice.0)] = Float(VectorMath.log(choice.sureness))
        return row
    }
}
