/// The integers of a range as alternatives of a grammar.
struct IntegerRange {
    /// Each is a sequence of terminals and classes of digits.
    private(set) var alternatives: [String] = []

    init(_ least: Int, _ most: Int) {
        if least < 0 {
            let digits = IntegerRange(max(1, -min(most, -1)), -least)
            alternatives += digits.alternatives.map { "\"-\" \($0)" }
        }
        if most >= 0 { add(String(max(0, least)), String(most)) }
    }

    /// Adds those of two bounds that are not negative, by their numbers of digits.
    private mutating func add(_ least: String, _ most: String) {
        for count in least.count...most.count {
            let first = count == least.count ? least : "1" + zeros(count - 1)
            let last = count == most.count ? most : String(repeating: "9", count: count)
            add(Array(first), Array(last), after: "")
        }
    }

    /// Adds those between two bounds with the same number of digits.
    private mutating func add(_ least: [Character], _ most: [Character], after prefix: String) {
        let rest = least.count - 1
        guard rest >= 0, let low = least[0].wholeNumberValue, let high = most[0].wholeNumberValue
        else {
            alternatives.append(prefix)
            return
        }
        let isLowest = least.dropFirst().allSatisfy { $0 == "0" }
        let isHighest = most.dropFirst().allSatisfy { $0 == "9" }
        if isLowest, isHighest {
            append(prefix, low, high, rest)
            return
        }
        if low == high {
            add(Array(least.dropFirst()), Array(most.dropFirst()), after: prefix + "\"\(low)\" ")
            return
        }
        var (from, to) = (low, high)
        if !isLowest {
            let nines = Array(repeating: Character("9"), count: rest)
            add(Array(least.dropFirst()), nines, after: prefix + "\"\(low)\" ")
            from += 1
        }
        if !isHighest { to -= 1 }
        if from <= to { append(prefix, from, to, rest) }
        if !isHighest {
            let lowest = Array(repeating: Character("0"), count: rest)
            add(lowest, Array(most.dropFirst()), after: prefix + "\"\(high)\" ")
        }
    }

    private mutating func append(_ prefix: String, _ from: Int, _ to: Int, _ rest: Int) {
        let tail = rest > 0 ? " [0-9]{\(rest)}" : ""
        alternatives.append("\(prefix)[\(from)-\(to)]\(tail)")
    }

    private func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
}
