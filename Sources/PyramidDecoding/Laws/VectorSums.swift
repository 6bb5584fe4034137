/// Sums over the vocabulary. Sixteen partial sums in single precision run over a block and are
/// then added in double precision, so that the error does not grow with the vocabulary.
enum VectorSums {
    /// Entries in a block; short enough for single precision, long enough to hide the rest.
    static let block = 1024

    /// The sum over `index` of `term(index)`, which returns the entries `index ..< index + 16`
    /// and zero past the end.
    ///
    /// - Complexity: O(`count`), no allocation.
    @inline(__always)
    static func sum(count: Int, _ term: (Int) -> Lanes) -> Double {
        var total = 0.0
        var start = 0
        while start < count {
            total += blockSum(start..<Swift.min(start + block, count), term)
            start += block
        }
        return total
    }

    /// The index of the entry at which the running sum of `term` first exceeds `threshold`:
    /// inverse-CDF sampling. `nil` when rounding leaves the threshold beyond the total.
    ///
    /// - Complexity: O(`count`), no allocation.
    @inline(__always)
    static func index(passing threshold: Double, count: Int, _ term: (Int) -> Lanes) -> Int? {
        var remaining = threshold
        var start = 0
        while start < count {
            let range = start..<Swift.min(start + block, count)
            let sum = blockSum(range, term)
            if remaining < sum {
                if let found = scan(range, remaining, term) { return found }
                // Only rounding lets the scan fail: the next entry with weight is the one.
                remaining = 0
            } else {
                remaining -= sum
            }
            start += block
        }
        return nil
    }

    @inline(__always)
    private static func blockSum(_ range: Range<Int>, _ term: (Int) -> Lanes) -> Double {
        var sums = Lanes(repeating: 0)
        var index = range.lowerBound
        while index < range.upperBound {
            sums += term(index)
            index += 16
        }
        return Double(sums.sum())
    }

    @inline(__always)
    private static func scan(
        _ range: Range<Int>, _ threshold: Double, _ term: (Int) -> Lanes
    ) -> Int? {
        var remaining = threshold
        var index = range.lowerBound
        while index < range.upperBound {
            let lanes = term(index)
            for lane in 0..<16 {
                let weight = Double(lanes[lane])
                if weight > 0, remaining < weight { return index + lane }
                remaining -= weight
            }
            index += 16
        }
        return nil
    }
}
