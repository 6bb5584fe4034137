/// A token's number in the vocabulary, `0 ..< vocabularySize`.
public typealias TokenID = Int32

/// The slot of a sequence, the same in every level's cache: `0 ..< sequenceCapacity`.
public typealias SequenceID = Int
