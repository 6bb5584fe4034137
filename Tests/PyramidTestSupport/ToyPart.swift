package import PyramidDecoding

/// The tokens that a toy level knows, with ids of its own.
package struct ToyPart: Sendable {
    /// The pyramid's token of each of the level's ids.
    package let shared: [TokenID]
    /// The level's id that each of the pyramid's tokens is fed as.
    package let standIns: [TokenID]

    /// Ids count backwards, so that forgetting to translate shows; an unknown token is fed as the
    /// next known one below it, or the lowest.
    package init(_ known: Set<TokenID>, of vocabularySize: Int) {
        let shared = known.sorted(by: >)
        self.shared = shared
        standIns = (0..<TokenID(vocabularySize)).map { token in
            TokenID(shared.firstIndex { $0 <= token } ?? shared.count - 1)
        }
    }

    /// The token that the level sees in place of the pyramid's.
    package func heard(_ token: TokenID) -> TokenID { shared[Int(standIns[Int(token)])] }

    /// What levels make of it.
    package var vocabulary: PartialVocabulary {
        PartialVocabulary(sharedIDs: shared, standIns: standIns)
    }
}
