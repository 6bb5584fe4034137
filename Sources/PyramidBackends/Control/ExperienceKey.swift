/// What agreement depends on: the models. The backend and the machine only round differently.
struct ExperienceKey: ControlKey {
    static let folder = "experience"

    /// The fingerprints of the models, bottom first; `ngram` for a lookup.
    var levels: [String]

    init(_ selections: [BackendSelection?]) {
        levels = selections.map { $0.map { ModelFingerprint($0.files).text } ?? "ngram" }
    }

    var text: String { levels.joined(separator: " ") }
}
