/// The tokens that top-k, top-p and min-p leave, in that order, before temperature.
struct Truncation {
    struct Candidate {
        var token: TokenID
        var logit: Float

        /// Most probable first; of equals the lowest token, so that ties cut the same way always.
        fileprivate func precedes(_ other: Candidate) -> Bool {
            logit != other.logit ? logit > other.logit : token < other.token
        }
    }

    private var candidates: [Candidate] = []

    /// Finds the tokens that stay.
    ///
    /// - Complexity: O(vocabulary + n log n) for n candidates near the cut; no allocation once
    ///   warm.
    mutating func select(
        from logits: UnsafeBufferPointer<Float>, _ sampling: Sampling, greatest: Float
    ) {
        let floor =
            sampling.minP > 0
            ? greatest + Float(VectorMath.log(Double(sampling.minP))) : -.infinity
        if sampling.topK > 0, sampling.topK < logits.count {
            collectTop(sampling.topK, of: logits)
            if sampling.topP < 1 {
                cut(mass: sampling.topP, of: mass(greatest), greatest)
            }
        } else if sampling.topP < 1 {
            collectNucleus(sampling.topP, of: logits, greatest)
        } else {
            collect(from: logits, atLeast: floor)
        }
        candidates.removeAll { $0.logit < floor }
    }

    /// Writes the law of the tokens that stay, softmax(logits / temperature).
    mutating func write(_ law: Distribution, _ sampling: Sampling, greatest: Float) {
        candidates.sort { $0.token < $1.token }
        let scale = sampling.inverseTemperature
        law.beginSparse()
        forEachWeight(scale, greatest) { token, weight in
            if weight > 0 { law.append(token, weight) }
        }
        law.finishSparse()
    }

    /// The `count` most probable tokens, most probable first; those ruled out are left out.
    mutating func top(_ count: Int, of logits: UnsafeBufferPointer<Float>) -> [Candidate] {
        guard count > 0 else { return [] }
        collectTop(count, of: logits)
        return candidates
    }

    /// Keeps the `count` most probable tokens.
    private mutating func collectTop(_ count: Int, of logits: UnsafeBufferPointer<Float>) {
        candidates.removeAll(keepingCapacity: true)
        let room = 2 * count + 256
        var threshold = -Float.infinity
        for index in stride(from: 0, to: logits.count, by: 16) {
            let lanes = logits.lanes(at: index, fill: -.infinity)
            let hits = lanes .> threshold
            guard any(hits) else { continue }
            for lane in 0..<16 where hits[lane] {
                candidates.append(Candidate(token: TokenID(index + lane), logit: lanes[lane]))
            }
            guard candidates.count >= room else { continue }
            keepFirst(count)
            // Later equals have higher tokens and lose the tie, so ">" above is right.
            threshold = candidates[count - 1].logit
        }
        keepFirst(count)
    }

    private mutating func keepFirst(_ count: Int) {
        candidates.sort { $0.precedes($1) }
        if candidates.count > count { candidates.removeLast(candidates.count - count) }
    }

    /// Keeps the fewest most probable tokens with at least `fraction` of all the mass.
    private mutating func collectNucleus(
        _ fraction: Float, of logits: UnsafeBufferPointer<Float>, _ greatest: Float
    ) {
        let total = VectorSums.sum(count: logits.count) {
            VectorMath.exp(logits.lanes(at: $0, fill: -.infinity) - greatest)
        }
        // Collect from the top, deeper until the nucleus is certainly within.
        var depth: Float = 3
        repeat {
            depth *= 2
            collect(from: logits, atLeast: depth < 96 ? greatest - depth : -.infinity)
        } while mass(greatest) < Double(fraction) * total && depth < 96
        cut(mass: fraction, of: total, greatest)
    }

    private mutating func collect(
        from logits: UnsafeBufferPointer<Float>, atLeast floor: Float
    ) {
        candidates.removeAll(keepingCapacity: true)
        for index in stride(from: 0, to: logits.count, by: 16) {
            let lanes = logits.lanes(at: index, fill: -.infinity)
            let hits = (lanes .>= floor) .& (lanes .> -.infinity)
            guard any(hits) else { continue }
            for lane in 0..<16 where hits[lane] {
                candidates.append(Candidate(token: TokenID(index + lane), logit: lanes[lane]))
            }
        }
    }

    /// Drops the least probable candidates after the one that brings the mass to the fraction.
    private mutating func cut(mass fraction: Float, of total: Double, _ greatest: Float) {
        var wanted = Double(fraction) * total
        // Candidates before `undecided` stay and those after it go. Halving it as quickselect does
        // is linear, where sorting a flat law's whole vocabulary is not.
        var undecided = candidates.indices
        while undecided.count > 64 {
            let split = partition(undecided)
            guard undecided.lowerBound < split, split < undecided.upperBound else { break }
            let mass = mass(greatest, of: undecided.lowerBound..<split)
            if mass < wanted {
                wanted -= mass
                undecided = split..<undecided.upperBound
            } else {
                undecided = undecided.lowerBound..<split
            }
        }
        candidates.withUnsafeMutableBufferPointer {
            $0[undecided].sort { $0.precedes($1) }
        }
        var kept = undecided.lowerBound
        forEachWeight(1, greatest, of: undecided) { _, weight in
            if wanted > 0 || kept == 0 {
                wanted -= Double(weight)
                kept += 1
            }
        }
        candidates.removeLast(candidates.count - kept)
    }

    /// Moves the more probable part of a range to its front; where the other part begins.
    private mutating func partition(_ range: Range<Int>) -> Int {
        let ends = [
            range.lowerBound, (range.lowerBound + range.upperBound) / 2, range.upperBound - 1,
        ]
        let pivot = ends.map { candidates[$0] }.sorted { $0.precedes($1) }[1]
        return candidates.withUnsafeMutableBufferPointer {
            $0[range].partition { !$0.precedes(pivot) }
        }
    }

    private func mass(_ greatest: Float, of range: Range<Int>? = nil) -> Double {
        var sum = 0.0
        forEachWeight(1, greatest, of: range) { sum += Double($1) }
        return sum
    }

    /// Calls `body` with e^((logit - greatest) x scale) for each candidate of a range, or for all.
    private func forEachWeight(
        _ scale: Float, _ greatest: Float, of range: Range<Int>? = nil,
        _ body: (TokenID, Float) -> Void
    ) {
        let range = range ?? candidates.indices
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
            let count = min(16, range.upperBound - start)
            var lanes = Lanes(repeating: -.infinity)
            for lane in 0..<count { lanes[lane] = candidates[start + lane].logit }
            let weights = VectorMath.exp((lanes - greatest) * scale)
            for lane in 0..<count { body(candidates[start + lane].token, weights[lane]) }
        }
    }
}
