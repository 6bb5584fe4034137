import PyramidDecoding
import PyramidEvaluation

/// The records of a bench: those of a file that it goes on with, and its own, which it writes.
final class BenchLog {
    private(set) var records: [BenchRecord] = []
    private(set) var memory: [MemoryRecord] = []
    private let file: ResultsFile?
    /// Measured before the header can be written, which comes first in the file.
    private var newMemory: [MemoryRecord] = []

    /// - Parameters:
    ///   - path: Where records are written; `nil` is nowhere.
    ///   - resumes: Whether a file that is there is gone on with.
    ///   - settings: Those of the bench, which the file's must be.
    init(path: String?, resumes: Bool, settings: BenchSettings) throws {
        file = try path.map { try ResultsFile(path: $0, resumes: resumes) }
        records = try file?.earlier?.records(BenchRecord.self) ?? []
        memory = try file?.earlier?.records(MemoryRecord.self) ?? []
        if let other = records.first(where: { !$0.fits(settings) }) {
            throw CommandFailure(
                "\(path ?? "") has runs of \(other.maximumTokens) tokens at temperature "
                    + "\(other.temperature) with seed \(other.seed), repetition "
                    + "\(other.repetition); go on with the same settings, or name another file")
        }
    }

    /// Writes what the records after it were measured with.
    func begin(_ header: RunHeader) throws {
        try file?.begin(header)
        for record in newMemory { try file?.write(record) }
        newMemory = []
    }

    func add(_ record: BenchRecord) throws {
        records.append(record)
        try file?.write(record)
    }

    /// Writes what automatic control chose in a run.
    func add(_ plans: [RoundPlanRecord]) throws {
        for plan in plans { try file?.write(plan) }
    }

    /// Writes what another program says of a model.
    func add(_ record: LlamaBenchRecord) throws {
        try file?.write(record)
    }

    /// Keeps the memory of a set of levels for when the bench begins, unless it is known already.
    func measureMemory(of levels: [String], _ measure: () throws -> MemoryRecord) throws {
        guard !memory.contains(where: { $0.levels == levels }) else { return }
        let record = try measure()
        memory.append(record)
        newMemory.append(record)
    }
}

extension BenchRecord {
    /// Whether a bench of these settings could have written it.
    fileprivate func fits(_ settings: BenchSettings) -> Bool {
        guard engine == "pyramid" else { return maximumTokens == settings.maximumTokens }
        return maximumTokens == settings.maximumTokens
            && Float(temperature) == settings.sampling.temperature
            && seed == settings.sampling.seed &+ UInt64(repetition)
    }
}
