/// What a toy model throws when it was told to fail.
package struct ToyFailure: Error, Equatable, CustomStringConvertible {
    /// The call that failed, from 1.
    package var call: Int
    /// Whether it was a rewind, not a forward.
    package var isRewind: Bool

    package init(call: Int, isRewind: Bool) {
        self.call = call
        self.isRewind = isRewind
    }

    package var description: String { "\(isRewind ? "rewind" : "forward") \(call) failed" }
}
