/// The memory that a process with a set of levels needed at most.
public struct MemoryRecord: Record, Equatable {
    /// `memory`.
    public static let type = "memory"

    /// The names of the levels, bottom first.
    public var levels: [String]
    /// The most bytes of the process that were in memory at one time.
    public var peakBytes: Int
    /// The bytes of the levels' files.
    public var fileBytes: Int

    /// The memory of a set of levels.
    public init(levels: [String], peakBytes: Int, fileBytes: Int) {
        self.levels = levels
        self.peakBytes = peakBytes
        self.fileBytes = fileBytes
    }
}
