/// The `Content-Range` header of a 206 answer: `bytes FIRST-LAST/TOTAL`, where TOTAL may be `*`.
package struct ContentRange: Hashable {
    /// The position of the first byte, from 0.
    package let first: Int

    /// The size of the whole file in bytes, nil if the server does not tell.
    package let total: Int?

    /// Nil if `header` is not of that form.
    package init?(_ header: String) {
        let words = header.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let sides = words[1].split(separator: "/")
        guard sides.count == 2 else { return nil }
        let limits = sides[0].split(separator: "-", omittingEmptySubsequences: false)
        guard
            limits.count == 2, let first = Int(limits[0]), let last = Int(limits[1]),
            first >= 0, first <= last
        else { return nil }
        self.first = first
        total = Int(sides[1])
    }
}
