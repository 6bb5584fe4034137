import Foundation
import PyramidEvaluation
import Testing

@Suite struct PromptFileTests {
    private func file(_ name: String, _ text: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("pyramid-prompts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: path)
        return path.path
    }

    @Test func `Spec-Bench's first turn is the prompt, a message`() throws {
        let path = try file(
            "spec.jsonl",
            #"{"question_id": 81, "category": "writing", "turns": ["one", "two"]}"#)
        let expected = PromptItem(
            id: "spec/81", category: "writing", text: "one", style: .message)
        #expect(try PromptFile.read(path) == [expected])
    }

    @Test func `A HumanEval problem is a text to continue, with its test`() throws {
        let path = try file(
            "he.jsonl",
            #"{"task_id": "HumanEval/7", "prompt": "def f():\n", "canonical_solution": " pass", "#
                + #""test": "def check(c): c()", "entry_point": "f"}"#)
        var expected = PromptItem(id: "HumanEval/7", category: "humaneval", text: "def f():\n")
        expected.program = ProgramTask(
            entryPoint: "f", test: "def check(c): c()", canonicalSolution: " pass")
        #expect(try PromptFile.read(path) == [expected])
    }

    @Test func `A GSM8K question keeps its answer`() throws {
        let line = "{\"question\": \"1+1?\", \"answer\": \"#### 2\"}\r\n\n"
        let path = try file("g.jsonl", line)
        let expected = PromptItem(
            id: "g/1", category: "gsm8k", text: "1+1?", style: .message, reference: "#### 2")
        #expect(try PromptFile.read(path) == [expected])
    }

    @Test func `Other JSON needs only a prompt`() throws {
        let path = try file(
            "mine.jsonl",
            #"{"prompt": "a\u2028b"}"# + "\n" + #"{"prompt": "c", "id": "x", "category": "law"}"#)
        let items = try PromptFile.read(path)
        #expect(items.map(\.id) == ["mine/1", "mine/x"])
        #expect(items.map(\.category) == ["mine", "law"])
        #expect(items.map(\.text) == ["a\u{2028}b", "c"])
        #expect(items.allSatisfy { $0.style == .completion })
    }

    @Test func `A text file has a prompt on each line that is not empty`() throws {
        let path = try file("plain.txt", "first\n\n  \nsecond {\n")
        let items = try PromptFile.read(path)
        #expect(items.map(\.text) == ["first", "second {"])
        #expect(items.map(\.id) == ["plain/1", "plain/4"])
    }

    @Test func `Per category counts before the limit`() throws {
        let lines = ["a", "a", "b", "a", "b", "c"].enumerated().map {
            #"{"question_id": \#($0), "category": "\#($1)", "turns": ["t"]}"#
        }
        let path = try file("spec.jsonl", lines.joined(separator: "\n"))
        #expect(
            try PromptFile.read(path, perCategory: 1).map(\.id) == ["spec/0", "spec/2", "spec/5"])
        #expect(
            try PromptFile.read(path, limit: 2, perCategory: 1).map(\.id) == ["spec/0", "spec/2"])
        #expect(try PromptFile.read(path, limit: 2).map(\.id) == ["spec/0", "spec/1"])
    }

    @Test(arguments: [
        ("[1]", "not a JSON object"),
        ("hello", "not a JSON object"),
        (#"{"prompt": 3}"#, "'prompt' has the wrong type"),
        (#"{"text": "x"}"#, "none of the keys"),
        (#"{"turns": []}"#, "'turns' is empty"),
        (#"{"question": "x"}"#, "without 'answer'"),
        (#"{"task_id": "x", "prompt": "y"}"#, "without 'prompt', 'test' or 'entry_point'"),
        (#"{"prompt": ""}"#, "the prompt is empty"),
        (#"{"prompt": "again", "id": "1"}"#, "that of line 1"),
    ])
    func `A bad line is named with its number and the reason`(line: String, reason: String) throws {
        let path = try file("p.jsonl", #"{"prompt": "fine"}"# + "\n" + line)
        let error = try #require(throws: PromptError.self) { try PromptFile.read(path) }
        #expect(error.path == path)
        #expect(error.line == 2)
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func `A file that is missing, empty or no text is named`() throws {
        let empty = try file("e.jsonl", "\n\n")
        #expect(throws: PromptError(path: empty, reason: "no prompts in it")) {
            try PromptFile.read(empty)
        }
        let missing = try #require(throws: PromptError.self) { try PromptFile.read("/no/such") }
        #expect(missing.description.hasPrefix("/no/such: cannot be read"))
        let binary = try file("b.jsonl", "")
        try Data([0xFF, 0xFE, 0x0A]).write(to: URL(fileURLWithPath: binary))
        let error = try #require(throws: PromptError.self) { try PromptFile.read(binary) }
        #expect(error.reason.contains("UTF-8"))
    }
}
