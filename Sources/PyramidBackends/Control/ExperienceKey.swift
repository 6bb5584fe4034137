/// What agreement depends on: the models. The backend and the machine only round differently.
struct ExperienceKey: ControlKey {
    static let folder = "experience"

    /// The fingerprints of the models, bottom first; `ngram` for a lookup.
    var levels: [String]

    /// - Parameter costKeys: The levels' own, bottom first; `nil` for a lookup.
    init(_ costKeys: [CostKey?]) {
        levels = costKeys.map { $0?.model ?? "ngram" }
    }

    var text: String { levels.joined(separator: " ") }
}
