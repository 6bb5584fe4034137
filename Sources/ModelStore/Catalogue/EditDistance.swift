/// The Levenshtein distance: the fewest insertions, deletions and substitutions of one character
/// that turn `source` into `destination`.
///
/// - Complexity: O(*n* x *m*) time and O(*m*) memory for lengths *n* and *m*.
package func editDistance(_ source: String, _ destination: String) -> Int {
    let columns = Array(destination)
    var above = Array(0...columns.count)
    for (row, character) in source.enumerated() {
        var current = [row + 1]
        for (column, other) in columns.enumerated() {
            let substitution = above[column] + (character == other ? 0 : 1)
            current.append(min(substitution, above[column + 1] + 1, current[column] + 1))
        }
        above = current
    }
    return above[columns.count]
}
