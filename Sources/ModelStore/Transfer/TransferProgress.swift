/// How far a download is.
public struct TransferProgress: Sendable, Hashable {
    /// The name of the file.
    public let file: String

    /// Where the bytes come from.
    public let source: ModelSource

    /// Bytes on disk, those of an earlier, interrupted download included.
    public let bytesDone: Int

    /// Bytes of the whole file; nil as long as nobody has stated them.
    public let bytesTotal: Int?

    /// The mean speed of this download in bytes per second; nil before there is one.
    public let bytesPerSecond: Double?

    /// Makes a report.
    public init(
        file: String, source: ModelSource, bytesDone: Int, bytesTotal: Int?,
        bytesPerSecond: Double?
    ) {
        self.file = file
        self.source = source
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
        self.bytesPerSecond = bytesPerSecond
    }

    /// The part that is done, 0 to 1; nil if the total is not known.
    public var fraction: Double? {
        guard let bytesTotal, bytesTotal > 0 else { return nil }
        return min(1, Double(bytesDone) / Double(bytesTotal))
    }

    /// The time that the rest will take at this speed; nil if unknown.
    public var remaining: Duration? {
        guard let bytesTotal, let bytesPerSecond, bytesPerSecond > 0 else { return nil }
        return .seconds(Double(max(0, bytesTotal - bytesDone)) / bytesPerSecond)
    }
}
