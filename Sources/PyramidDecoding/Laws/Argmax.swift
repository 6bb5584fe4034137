/// The greatest logit and the first token that has it.
struct Argmax {
    var token: TokenID
    var logit: Float

    /// - Returns: `nil` when the logits make no law: none is finite, or one is NaN or +infinity.
    /// - Complexity: O(vocabulary), no allocation.
    init?(_ logits: UnsafeBufferPointer<Float>) {
        var greatest = Lanes(repeating: -.infinity)
        var isNumber = SIMDMask<SIMD16<Int32>>(repeating: true)
        for index in stride(from: 0, to: logits.count, by: 16) {
            let lanes = logits.lanes(at: index, fill: -.infinity)
            // A comparison with NaN is false, so NaN never becomes the maximum.
            greatest = greatest.replacing(with: lanes, where: lanes .> greatest)
            isNumber = isNumber .& (lanes .== lanes)
        }
        let maximum = greatest.max()
        guard maximum.isFinite, all(isNumber) else { return nil }
        logit = maximum
        token = 0
        for index in stride(from: 0, to: logits.count, by: 16) {
            let hits = logits.lanes(at: index, fill: -.infinity) .== maximum
            guard any(hits) else { continue }
            for lane in 0..<16 where hits[lane] {
                token = TokenID(index + lane)
                return
            }
        }
    }
}
