extension DecodingMode {
    /// The lookaheads that are usual for this mode, one for each level below the target, bottom
    /// first: the paper's best for its presets, else what was fastest on two cores with
    /// HumanEval's prompts: eight free proposals, or fewer where a qualifier checks them first.
    ///
    /// - Parameters:
    ///   - count: How many levels there are below the target.
    ///   - hasLookup: Whether the lowest of them is a lookup.
    public func usualLookaheads(levelsBelow count: Int, hasLookup: Bool) -> [Int] {
        switch self {
        case .psdA where count == 2: return [5, 25]
        case .psdF where count == 2: return [15, 25]
        default: break
        }
        return (0..<count).map { index in
            if index == 0, hasLookup { return count > 1 ? 4 : 8 }
            return index == 0 ? 4 : 6
        }
    }
}
