import GGUF

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
            let comparison = VocabularyDescription.compare(
                try VocabularyDescription(file), vocabulary)
            switch comparison {
            case .identical: lines.append("  \(file.path): same vocabulary as the target")
            case .compatible(let size, _):
                lines.append("  \(file.path): compatible, the first \(size) tokens are the same")
            case .different(let difference):
                fits = false
                lines.append("  \(file.path): \(difference)")
            }
        }
        isPossible = fits
        let head = fits ? "These files can form a pyramid:" : "These files cannot form a pyramid:"
        text = ([head] + lines).joined(separator: "\n")
    }
}
