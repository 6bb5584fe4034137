internal import Foundation

/// A file of prompts.
///
/// A file that ends in `.txt` has one prompt on each line that is not empty. All others are JSONL,
/// each line in one of these formats, told apart by its keys:
/// - Spec-Bench: `{question_id, category, turns}`; the first turn is the prompt.
/// - HumanEval: `{task_id, prompt, test, entry_point, canonical_solution}`.
/// - GSM8K: `{question, answer}`.
/// - Any other: `{prompt}`, and `id` and `category` if wanted.
public enum PromptFile {
    /// The prompts of a file, in its order.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: At most this many, the first ones; `nil` takes all.
    ///   - perCategory: At most this many of each category, the first ones; `nil` takes all. It
    ///     counts before `limit`.
    /// - Throws: ``PromptError`` with the file, the line and the reason.
    public static func read(
        _ path: String, limit: Int? = nil, perCategory: Int? = nil
    ) throws(PromptError) -> [PromptItem] {
        let items = try items(of: path)
        guard !items.isEmpty else { throw PromptError(path: path, reason: "no prompts in it") }
        var counts: [String: Int] = [:]
        let chosen = items.filter { item in
            counts[item.category, default: 0] += 1
            return counts[item.category, default: 0] <= perCategory ?? .max
        }
        return Array(chosen.prefix(limit ?? .max))
    }

    private static func items(of path: String) throws(PromptError) -> [PromptItem] {
        let name = (path as NSString).lastPathComponent as NSString
        let set = name.deletingPathExtension
        let isPlain = name.pathExtension == "txt"
        var items: [PromptItem] = []
        var linesByID: [String: Int] = [:]
        for (index, line) in try lines(of: path).enumerated() {
            let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
            guard !text.isEmpty else { continue }
            let number = index + 1
            let item: PromptItem
            do throws(LineError) {
                item =
                    isPlain
                    ? PromptItem(id: "\(set)/\(number)", category: set, text: text)
                    : try PromptLine(text, number: number, set: set).item
            } catch {
                throw PromptError(path: path, line: number, reason: error.reason)
            }
            // Figures are paired by it.
            if let earlier = linesByID.updateValue(number, forKey: item.id) {
                throw PromptError(
                    path: path, line: number,
                    reason: "the id \(item.id) is that of line \(earlier) too; ids must differ")
            }
            items.append(item)
        }
        return items
    }

    private static func lines(of path: String) throws(PromptError) -> [Substring] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw PromptError(path: path, reason: "cannot be read: \(error.localizedDescription)")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw PromptError(path: path, reason: "not UTF-8 text; convert it, such as with iconv")
        }
        // Only there: JSON strings may hold what Unicode calls line separators.
        return text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { Substring($0) }
    }
}
