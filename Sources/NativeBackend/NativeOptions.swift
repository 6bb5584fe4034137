/// How a level is run.
public struct NativeOptions: Sendable, Codable, Equatable {
    /// The most tokens of a sequence, prompt included; 0 takes what the model was trained for.
    /// Default `nil`: that, but at most 4096.
    public var contextSize: Int?
    /// How many sequences can run at the same time. Default 1.
    public var sequenceCapacity = 1
    /// Threads per forward; more than the pool has are not used. Default 4.
    public var threads = 4

    /// Whether the caches take up all their memory at once, not as they are filled: then what a
    /// process needs is settled when it starts. Default false.
    public var reservesCaches = false

    /// The defaults.
    public init() {}

    /// The context for a model that was trained for `trained` tokens.
    func contextSize(trained: Int) -> Int {
        switch contextSize {
        case nil: min(4096, trained)
        case 0: trained
        case .some(let size): size
        }
    }
}
