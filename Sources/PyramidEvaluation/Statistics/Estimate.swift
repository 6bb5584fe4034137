/// A figure and, where there is enough to tell, the interval in which it lies.
public struct Estimate: Sendable, Codable, Equatable {
    /// The figure.
    public var value: Double
    /// The lower end of the interval; `nil` when there is none.
    public var lower: Double?
    /// The upper end of the interval; `nil` when there is none.
    public var upper: Double?

    /// A figure with an interval.
    public init(value: Double, lower: Double? = nil, upper: Double? = nil) {
        self.value = value
        self.lower = lower
        self.upper = upper
    }
}
