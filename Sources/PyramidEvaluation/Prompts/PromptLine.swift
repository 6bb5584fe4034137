internal import Foundation

/// A line of a JSONL prompt file, in any of the formats that are told apart by their keys.
struct PromptLine {
    /// All keys of all formats; a line has those of one of them.
    private struct Keys: Decodable {
        var questionId: PromptIdentifier?
        var category: String?
        var turns: [String]?

        var taskId: String?
        var canonicalSolution: String?
        var test: String?
        var entryPoint: String?

        var question: String?
        var answer: String?

        var id: PromptIdentifier?
        var prompt: String?
    }

    let item: PromptItem

    /// - Parameters:
    ///   - text: The line.
    ///   - number: Its number in the file, from 1.
    ///   - set: The name of the prompts' set, for those without id or category.
    /// - Throws: ``LineError``.
    init(_ text: String, number: Int, set: String) throws(LineError) {
        let keys = try Self.decode(text)
        if let turns = keys.turns {
            guard let first = turns.first else { throw LineError("'turns' is empty") }
            let id = keys.questionId?.text ?? "\(number)"
            item = PromptItem(
                id: "\(set)/\(id)", category: keys.category ?? set, text: first, style: .message)
        } else if let taskId = keys.taskId {
            item = try Self.program(keys, taskId)
        } else if let question = keys.question {
            guard let answer = keys.answer else {
                throw LineError("'question' without 'answer'; GSM8K's lines have both")
            }
            item = PromptItem(
                id: "\(set)/\(number)", category: "gsm8k", text: question, style: .message,
                reference: answer)
        } else if let prompt = keys.prompt {
            item = PromptItem(
                id: "\(set)/\(keys.id?.text ?? "\(number)")", category: keys.category ?? set,
                text: prompt)
        } else {
            throw LineError(
                "none of the keys 'turns' (Spec-Bench), 'task_id' (HumanEval), 'question' (GSM8K) "
                    + "or 'prompt'")
        }
        guard !item.text.isEmpty else { throw LineError("the prompt is empty") }
    }

    private static func decode(_ text: String) throws(LineError) -> Keys {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(Keys.self, from: Data(text.utf8))
        } catch let error as Swift.DecodingError {
            throw LineError(reason(error))
        } catch {
            throw LineError("not a JSON object: \(error)")
        }
    }

    private static func reason(_ error: Swift.DecodingError) -> String {
        guard case .typeMismatch(_, let context) = error, let key = context.codingPath.first else {
            return "not a JSON object; a file of plain prompts, one a line, ends in .txt"
        }
        return "'\(key.stringValue)' has the wrong type: \(context.debugDescription)"
    }

    private static func program(_ keys: Keys, _ taskId: String) throws(LineError) -> PromptItem {
        guard let prompt = keys.prompt, let test = keys.test, let entryPoint = keys.entryPoint
        else {
            throw LineError("'task_id' without 'prompt', 'test' or 'entry_point' of HumanEval")
        }
        var item = PromptItem(id: taskId, category: "humaneval", text: prompt)
        item.program = ProgramTask(
            entryPoint: entryPoint, test: test, canonicalSolution: keys.canonicalSolution ?? "")
        return item
    }
}

/// What is wrong with a line.
struct LineError: Error {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// A number or a text.
private struct PromptIdentifier: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            text = "\(number)"
        } else {
            text = try container.decode(String.self)
        }
    }
}
