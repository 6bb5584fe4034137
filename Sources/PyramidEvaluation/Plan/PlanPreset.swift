/// A family whose figures are assumed, to try plans with.
public enum PlanPreset: String, Sendable, CaseIterable {
    /// The family of PyramidSD (arXiv 2510.12966).
    case paper
    /// A family with a large target.
    case large = "70b"

    /// Its levels and agreements.
    public var family: PlanFamily {
        switch self {
        case .paper:
            Self.trio(
                ["1B", "3B", "8B"], milliseconds: [2.48, 6.4, 16],
                agreements: [0.75, 0.7, 0.8])
        case .large:
            Self.trio(
                ["1B", "8B", "70B"], milliseconds: [1.75, 11.4, 100],
                agreements: [0.8, 0.7, 0.85])
        }
    }

    /// Where its figures come from.
    public var assumptions: String {
        switch self {
        case .paper:
            "1B, 3B and 8B on an RTX 4090: forwards of 0.155 and 0.40 of the target's, which is set "
                + "to 16 ms (16 GB of weights at 1 TB/s). The agreements are assumed, not measured."
        case .large:
            "1B, 8B and 70B: forwards of 0.0175 and 0.114 of the target's, as their sizes, which is "
                + "set to 100 ms. The agreements are assumed, not measured."
        }
    }

    /// - Parameter agreements: Bottom and middle, bottom and top, middle and top.
    private static func trio(
        _ names: [String], milliseconds: [Double], agreements: [Double]
    ) -> PlanFamily {
        PlanFamily(
            levels: zip(names, milliseconds).map {
                PlanLevel(name: $0, cost: .seconds($1 / 1000))
            },
            agreements: zip([(0, 1), (0, 2), (1, 2)], agreements).map { pair, probability in
                PlanAgreement(
                    lower: names[pair.0], upper: names[pair.1], probability: probability)
            })
    }
}
