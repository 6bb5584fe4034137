import Foundation
import PyramidDecoding

/// A law's most likely token, and what it says of the token that came.
struct LawSummary {
    var best = 0
    /// -ln of the next token's probability.
    var surprise = 0.0

    init(_ logits: UnsafeBufferPointer<Float>, next: Int) {
        for index in logits.indices where logits[index] > logits[best] { best = index }
        let top = Double(logits[best])
        var sum = 0.0
        for logit in logits { sum += exp(Double(logit) - top) }
        surprise = log(sum) + top - Double(logits[next])
    }
}

/// Counts over all positions.
struct Comparison {
    private(set) var count = 0
    private let names: [String]
    private var surprise: [Double]
    private var agreements: [[Int]]

    init(names: [String]) {
        self.names = names
        surprise = Array(repeating: 0, count: names.count)
        agreements = Array(repeating: Array(repeating: 0, count: names.count), count: names.count)
    }

    /// Adds the laws of each engine at the positions before `next`.
    mutating func add(_ laws: [[LawSummary]], _ next: [TokenID]) {
        count += next.count
        for (a, ours) in laws.enumerated() {
            surprise[a] += ours.reduce(0) { $0 + $1.surprise }
            for (b, theirs) in laws.enumerated() {
                agreements[a][b] += zip(ours, theirs).count { $0.best == $1.best }
            }
        }
    }

    /// Perplexities, and for each pair how often the most likely token is the same.
    var report: String {
        var lines = ["\(count) tokens"]
        let present = names.indices.filter { agreements[$0][$0] > 0 }
        for a in present {
            let perplexity = exp(surprise[a] / Double(count))
            let shares = present.map { b in
                "\(names[b]) \(percent(Double(agreements[a][b]) / Double(count)))"
            }
            let ratio = exp((surprise[a] - surprise[1]) / Double(count))
            lines.append(
                "\(names[a]): perplexity \(perplexity) (\(percent(ratio - 1)) to llama.cpp); "
                    + "same most likely token as \(shares.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }

    private func percent(_ share: Double) -> String {
        "\((share * 100_00).rounded() / 100) %"
    }
}
