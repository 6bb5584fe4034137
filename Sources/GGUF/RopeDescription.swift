/// How a model rotates positions into its queries and keys; a value the file lacks is `nil`.
public struct RopeDescription: Sendable, Hashable {
    /// The elements of each head that are rotated.
    public let dimensionCount: Int?
    /// The base of the rotation frequencies, such as 10,000.
    public let frequencyBase: Double?
    /// The scaling method, such as `linear` or `yarn`.
    public let scalingType: String?
    /// By how much positions are stretched, 1 for not at all.
    public let scalingFactor: Double?
    /// The context length in tokens before stretching.
    public let originalContextLength: Int?

    init(_ scope: ArchitectureScope) {
        dimensionCount = scope.integer("rope.dimension_count")
        frequencyBase = scope.number("rope.freq_base")
        scalingType = scope.text("rope.scaling.type")
        // Files from before 2024 have the second key.
        scalingFactor =
            scope.number("rope.scaling.factor") ?? scope.number("rope.scale_linear")
        originalContextLength = scope.integer("rope.scaling.original_context_length")
    }
}
