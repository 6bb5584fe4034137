internal import GGUF
internal import LlamaBackend

/// What the levels of a pyramid will need, estimated before anything is loaded.
public struct MemoryPlan: Sendable, Codable, Equatable {
    /// One level's part.
    public struct Level: Sendable, Codable, Equatable {
        /// The file's path.
        public var path: String
        /// Who computes it.
        public var backend: Backend
        /// Why, in a few words.
        public var reason: String
        /// Bytes of weights; 0 when an earlier level has the same file.
        public var weightBytes: Int
        /// Bytes of the KV cache.
        public var cacheBytes: Int
        /// Bytes for logits and for what a forward computes with.
        public var workBytes: Int

        /// All together, bytes.
        public var totalBytes: Int { MemoryPlan.sum([weightBytes, cacheBytes, workBytes]) }
    }

    /// The levels that have a file, bottom first.
    public var levels: [Level] = []
    /// Bytes that the system has left; `nil` where it does not tell.
    public var availableBytes: Int?

    /// All together, bytes.
    public var totalBytes: Int { Self.sum(levels.map(\.totalBytes)) }

    /// A plan for levels of these files, bottom first.
    public init(_ backends: [BackendSelection], options: ModelOptions) {
        availableBytes = SystemMemory.availableBytes
        var known: Set<String> = []
        for selection in backends {
            let need = MemoryNeed(selection, options)
            let isShared = !known.insert(selection.identity).inserted
            levels.append(
                Level(
                    path: selection.path, backend: selection.backend, reason: selection.reason,
                    weightBytes: isShared ? 0 : need.weightBytes, cacheBytes: need.cacheBytes,
                    workBytes: need.workBytes))
        }
    }

    /// A sum that saturates: a damaged file must not make it overflow.
    private static func sum(_ parts: [Int]) -> Int {
        parts.reduce(0) { sum, part in
            let next = sum.addingReportingOverflow(part)
            return next.overflow ? .max : next.partialValue
        }
    }

    /// - Throws: ``LoadingError`` when the levels do not fit, with every level's part.
    public func validate() throws(LoadingError) {
        guard let availableBytes, totalBytes > availableBytes else { return }
        throw LoadingError(
            .notEnoughMemory,
            "the levels need \(ByteCount(totalBytes)) and \(ByteCount(availableBytes)) are "
                + "available; use a smaller context (-c), smaller quantizations or fewer levels. "
                + "A file that asks for far more than its size is damaged.\n"
                + report)
    }

    /// One line for each level with its backend and its parts, and one for all together.
    public var report: String {
        let parts = levels.map {
            "\($0.path): \($0.backend.rawValue) (\($0.reason)), weights "
                + "\(ByteCount($0.weightBytes)), KV cache \(ByteCount($0.cacheBytes)), work "
                + "\(ByteCount($0.workBytes))"
        }
        let available = availableBytes.map { " of \(ByteCount($0)) available" } ?? ""
        return (parts + ["memory: about \(ByteCount(totalBytes))\(available)"])
            .joined(separator: "\n")
    }
}
