/// What a pyramid has measured, and how it chooses from that: the costs of forwards, the
/// agreement of levels over all text, and what chains have kept of their promises.
struct Controller {
    var costs: CostTable
    var experience = Experience()
    private var realised: [[Int]: Realised] = [:]
    /// What is known before any text.
    private let unknown: Agreement

    init(levelCount: Int) {
        unknown = Agreement(levelCount: levelCount, window: Self.window)
        costs = CostTable(Array(repeating: nil, count: levelCount))
    }

    /// The agreement in all text whose tokens are drawn this way.
    func agreement(_ kind: DrawKind) -> Agreement {
        experience.agreements[kind] ?? unknown
    }

    mutating func add(_ test: TestedDraft, upper: Int, _ kind: DrawKind) {
        let unknown = unknown
        experience.agreements[kind, default: unknown].add(test, upper: upper)
    }

    /// Takes in how often a level is accepted where the verifier is as sure as at a token.
    mutating func infer(_ expected: Double, lower: Int, upper: Int, _ kind: DrawKind) {
        let unknown = unknown
        // All text does not age by what comes.
        experience.agreements[kind, default: unknown].infer(
            expected, lower: lower, upper: upper, isTested: true)
    }

    mutating func addHit(_ isHit: Bool, _ kind: DrawKind) {
        let unknown = unknown
        experience.agreements[kind, default: unknown].addHit(isHit)
    }

    /// Takes in a round of a chain.
    mutating func add(
        _ promise: ChainOutlook, promised: Double, tokens: Int, seconds: Double
    ) {
        realised[promise.levels, default: Realised()].add(
            promise, promised: promised, tokens: tokens, seconds: seconds)
    }

    func corrected(_ promise: ChainOutlook) -> ChainOutlook {
        realised[promise.levels]?.corrected(promise) ?? promise
    }

    /// Takes in how long a text was that ended by itself, in tokens.
    mutating func addLength(_ tokens: Int) {
        experience.lengths.add(Double(tokens), window: Experience.lengthWindow)
    }

    /// How many tokens are still to be expected after `generated`: a text that has outgrown the
    /// usual length is expected to go on for as long as it has.
    func expectedTokens(after generated: Int) -> Double {
        let usual = experience.lengths.mean(prior: 128, weight: 1)
        return max(usual - Double(generated), Double(generated), 1)
    }

    private static let window = 1024.0
}
