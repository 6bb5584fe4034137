import GGUF
import PyramidBackends

/// Whether files can form a pyramid, and why not.
struct PyramidVerdict {
    let isPossible: Bool
    let text: String

    /// A verdict on `files`, bottom first.
    init(_ files: [GGUFModelFiles]) throws {
        guard let target = files.last else {
            isPossible = false
            text = "no files"
            return
        }
        let vocabulary = try VocabularyDescription(target)
        var lines: [String] = []
        var fits = true
        for file in files where ModelDescription(file).sequenceMemory != .keyValueCache {
            fits = false
            lines.append(
                "  \(file.path): a \(ModelDescription(file).sequenceMemory.rawValue) memory "
                    + "cannot drop its last tokens, which speculation needs")
        }
        for file in files.dropLast() {
            let fit = LevelVocabulary(try VocabularyDescription(file), target: vocabulary)
            if case .different = fit { fits = false }
            lines.append("  \(file.path): \(fit)")
        }
        isPossible = fits
        let head = fits ? "These files can form a pyramid:" : "These files cannot form a pyramid:"
        text = ([head] + lines).joined(separator: "\n")
    }
}
