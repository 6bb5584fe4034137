/// What PyramidSD (arXiv 2510.12966) reports of a kind of setting: Llama 3.2 1B and 3B and 3.1 8B
/// on an RTX 4090, CommonsenseQA.
public struct PublishedResult: Sendable, Equatable {
    /// The kind of setting.
    public let group: SweepCell.Group
    /// Tokens per second over those of speculative decoding.
    public let ratio: Double
    /// Its setting.
    public let setting: String
    /// CommonsenseQA accuracy in percent, as reported; of psd-f at tau_Q 0.4, tau_T 0.4.
    public let accuracy: String

    /// The paper's best rows.
    public static let all = [
        PublishedResult(group: .sd, ratio: 1, setting: "-", accuracy: "69.58 +- 2.20"),
        PublishedResult(
            group: .fsd, ratio: 1.28, setting: "tau_T 0.4", accuracy: "71.20 +- 2.55"),
        PublishedResult(
            group: .psdA, ratio: 1.44, setting: "tau_T 0.5, l_D 5, l_Q 25",
            accuracy: "70.73 +- 2.57"),
        PublishedResult(
            group: .psdF, ratio: 1.91, setting: "tau_Q 0.4, tau_T 0.5, l_D 15, l_Q 25",
            accuracy: "72.63 +- 10.06"),
    ]
}
