public import GGUF
import PyramidDecoding

/// How a level's vocabulary fits the target's.
public enum LevelVocabulary: Sendable, Equatable, CustomStringConvertible {
    /// Every id has the same text.
    case same
    /// The first ids have the same text, and only padding follows.
    case prefix(Int)
    /// Some tokens are the same by their texts; the level proposes only those.
    case part(VocabularyOverlap)
    /// The level can propose too little, for this reason.
    case different(String)

    /// What a level of `model` can be under `target`.
    public init(_ model: VocabularyDescription, target: VocabularyDescription) {
        switch VocabularyDescription.compare(model, target) {
        case .identical: self = .same
        case .compatible(let size, _): self = .prefix(size)
        case .different(let difference):
            guard let overlap = VocabularyOverlap(model, target: target) else {
                self = .different("\(difference)")
                return
            }
            self =
                overlap.share >= Self.leastShare
                ? .part(overlap)
                : .different(
                    "\(difference); only \(overlap.sharedCount) of its "
                        + "\(overlap.targetIDs.count) tokens are the target's")
        }
    }

    /// How many first tokens are the same, where not all are.
    var prefixCount: Int? {
        if case .prefix(let count) = self { count } else { nil }
    }

    /// How many of the target's tokens the level knows, where only a part.
    public var knownCount: Int? {
        if case .part(let overlap) = self { overlap.sharedCount } else { nil }
    }

    /// For a level that knows only a part.
    var partial: PartialVocabulary? {
        guard case .part(let overlap) = self else { return nil }
        return PartialVocabulary(sharedIDs: overlap.targetIDs, standIns: overlap.standIns)
    }

    /// What it comes to, in a few words.
    public var description: String {
        switch self {
        case .same: "same vocabulary as the target"
        case .prefix(let size): "compatible, the first \(size) tokens are the same"
        case .part(let overlap):
            "knows \(overlap.sharedCount) of the target's \(overlap.standIns.count) tokens by "
                + "their texts and proposes only those"
                + (overlap.share < 1
                    ? "; \(overlap.targetIDs.count - overlap.sharedCount) of its own are unused"
                    : "")
        case .different(let reason): reason
        }
    }

    /// The part of a level's tokens below which its law on the rest says too little.
    private static let leastShare = 0.5
}
