/// One way in which llama.cpp can decode.
public struct LlamaSetting: Sendable, Equatable {
    /// The name, such as `draft-4`; records call the method `llama.cpp draft-4`.
    public var name: String
    /// Whether the draft model is loaded.
    public var usesDraftModel: Bool
    /// Whether later texts profit from what earlier ones said: such a server is started afresh
    /// before it is asked again what it has answered.
    public var remembersTexts: Bool
    /// The flags that llama-server and llama-speculative-simple share.
    public var flags: [String]

    /// Plain decoding.
    public static let plain = LlamaSetting(name: "plain", types: [])

    /// What is measured: plain decoding, the draft model with the given lengths, the n-gram modes
    /// with their defaults and with shorter drafts, which cost less to verify on a CPU, and both.
    ///
    /// By default llama.cpp's threads spin between forwards, also while those of the other model
    /// need their cores; so the draft model is measured with threads that sleep too.
    ///
    /// - Parameters:
    ///   - hasDraftModel: Whether there is a draft model; without one, what needs it is left out.
    ///   - lengths: How many tokens the draft model drafts.
    public static func all(hasDraftModel: Bool, lengths: [Int] = [3, 4, 8]) -> [LlamaSetting] {
        let drafts = lengths.flatMap {
            [draft(length: $0), draft(length: $0, threadsSleep: true)]
        }
        let both = lengths.first.map { length in
            LlamaSetting(
                name: "draft-\(length)+ngram-simple-4-8-poll-0",
                types: ["ngram-simple", "draft-simple"],
                flags: ["--spec-draft-n-max", "\(length)"] + lookup("simple", 4, 8) + noPolling,
                usesDraftModel: true)
        }
        return [plain] + (hasDraftModel ? drafts : []) + nGrams
            + (hasDraftModel ? [both].compactMap { $0 } : [])
    }

    /// The draft model, at most `length` tokens at a time.
    public static func draft(length: Int, threadsSleep: Bool = false) -> LlamaSetting {
        LlamaSetting(
            name: "draft-\(length)" + (threadsSleep ? "-poll-0" : ""), types: ["draft-simple"],
            flags: ["--spec-draft-n-max", "\(length)"] + (threadsSleep ? noPolling : []),
            usesDraftModel: true)
    }

    private static let nGrams = [
        LlamaSetting(name: "ngram-simple", types: ["ngram-simple"]),
        LlamaSetting(
            name: "ngram-simple-4-8", types: ["ngram-simple"], flags: lookup("simple", 4, 8)),
        LlamaSetting(name: "ngram-map-k-4-8", types: ["ngram-map-k"], flags: lookup("map-k", 4, 8)),
        LlamaSetting(name: "ngram-mod", types: ["ngram-mod"], remembersTexts: true),
        LlamaSetting(
            name: "ngram-mod-16-8", types: ["ngram-mod"],
            flags: [
                "--spec-ngram-mod-n-match", "16", "--spec-ngram-mod-n-min", "2",
                "--spec-ngram-mod-n-max", "8",
            ],
            remembersTexts: true),
        LlamaSetting(name: "ngram-cache", types: ["ngram-cache"], remembersTexts: true),
    ]

    private static let noPolling = ["--poll", "0"]

    private static func lookup(_ mode: String, _ key: Int, _ draft: Int) -> [String] {
        ["--spec-ngram-\(mode)-size-n", "\(key)", "--spec-ngram-\(mode)-size-m", "\(draft)"]
    }

    private init(
        name: String, types: [String], flags: [String] = [], usesDraftModel: Bool = false,
        remembersTexts: Bool = false
    ) {
        self.name = name
        self.usesDraftModel = usesDraftModel
        self.remembersTexts = remembersTexts
        self.flags = (types.isEmpty ? [] : ["--spec-type", types.joined(separator: ",")]) + flags
    }
}
