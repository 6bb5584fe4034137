import Foundation
import PyramidDecoding
import PyramidEvaluation
import Testing

@Suite struct AgainstProgramTests {
    private let fake: FakeLlamaTools
    private let tools: LlamaTools
    private let item = PromptItem(id: "a/1", category: "code", text: "def f")

    init() throws {
        fake = try FakeLlamaTools()
        tools = try LlamaTools(folders: [fake.folder.path])
    }

    private func runSimple(_ text: String, tokens: Int) throws -> BenchRecord {
        let llama = LlamaMethods(
            tools, run: LlamaRun(target: "t.gguf", draft: "d.gguf", threads: 3, contextSize: 640),
            levels: .init(draft: "small", target: "big"), serversAtOnce: 1
        ) { _ in [] }
        let method = try #require(
            llama.methods([.draft(length: 4)]).first { $0.name == "llama.cpp simple draft-4" })
        return try method.run(item, text, tokens)
    }

    @Test func `The statistics of llama-speculative-simple become a record`() throws {
        let record = try runSimple("def f\n", tokens: 24)
        #expect(record.levels == ["small", "big"])
        #expect(record.promptTokens == 10)
        #expect(record.prefillSeconds == 2.318)
        #expect(record.generatedTokens == 29)
        #expect(record.decodeSeconds == 31.037)
        #expect(record.levelStatistics.first?.proposed == 24)
        #expect(record.levelStatistics.first?.accepted == 23)
        #expect(record.finishReason == "length")
        #expect(record.textHash == nil)
    }

    @Test func `llama-speculative-simple gets the text as it is`() throws {
        _ = try runSimple("a \\n b\n", tokens: 24)
        // The program takes one line end off the file, and reads escapes unless told not to.
        let prompt = try String(
            contentsOf: fake.folder.appending(path: "prompt"), encoding: .utf8)
        #expect(prompt == "a \\n b\n\n")
        let arguments = fake.lines("llama-speculative-simple.arguments").joined(separator: " ")
        #expect(arguments.contains("--no-escape -n 24 --samplers top_k;temperature --temp 0.0"))
        #expect(arguments.contains("-m t.gguf -t 3 -c 640 --offline -md d.gguf -td 3"))
        #expect(arguments.contains("--spec-type draft-simple --spec-draft-n-max 4"))
    }

    @Test(arguments: ["decoded", "n_accept"])
    func `Statistics without a line are an error that names it`(key: String) throws {
        let lines = fake.lines("simple-output").filter { !$0.contains("I \(key)") }
        try fake.write("simple-output", lines.joined(separator: "\n"))
        let error = try #require(throws: AgainstError.self) { try runSimple("x", tokens: 24) }
        #expect("\(error)".contains("no line '\(key)'"))
    }

    @Test func `A program that fails is an error with its last lines`() throws {
        try fake.write("fails", "")
        let simple = try #require(throws: AgainstError.self) { try runSimple("x", tokens: 24) }
        #expect("\(simple)".contains("llama-speculative-simple (draft-4) exit status 1"))
        #expect("\(simple)".contains("n_accept  = 23"))
        let bench = try #require(throws: AgainstError.self) {
            try LlamaBenchRecord.measure(tools, model: "t.gguf", threads: 2)
        }
        #expect("\(bench)".contains("llama-bench exit status 1"))
    }

    @Test func `The JSON of llama-bench becomes records`() throws {
        let records = try LlamaBenchRecord.measure(tools, model: "t.gguf", threads: 2)
        #expect(records.map(\.promptTokens) == [512, 0])
        #expect(records.map(\.generatedTokens) == [0, 128])
        #expect(records.map(\.tokensPerSecond) == [622.55141, 117.5])
        #expect(records.map(\.deviation) == [4.25, 0.5])
        #expect(
            records.map(\.model) == Array(repeating: "SmolLM2-135M-Instruct.Q4_1.gguf", count: 2))
        #expect(records.map(\.commit) == ["0c1e57098", "0c1e57098"])
        let arguments = fake.lines("llama-bench.arguments").joined(separator: " ")
        #expect(arguments.hasPrefix("-m t.gguf -t 2 -p 512 -n 128"))
    }

    @Test func `Output of llama-bench without results is an error`() throws {
        try fake.write("bench-output", "usage: llama-bench\n")
        #expect(throws: AgainstError.self) {
            try LlamaBenchRecord.measure(tools, model: "t.gguf", threads: 2)
        }
    }

    @Test func `Missing programs are named, with the places and the way out`() throws {
        try fake.remove("llama-bench")
        let error = try #require(throws: AgainstError.self) {
            try LlamaTools(folders: [fake.folder.path])
        }
        #expect(error == .missing(program: "llama-bench", folders: [fake.folder.path]))
        #expect("\(error)".contains("make llama-tools"))
        #expect("\(error)".contains("--llama-tools"))
    }

    @Test func `A named folder is the only place; else the checkout's comes before PATH`() {
        #expect(LlamaTools.folders(named: "/x", searchPath: "/bin:/usr/bin") == ["/x"])
        #expect(
            LlamaTools.folders(named: nil, searchPath: "/bin:/usr/bin")
                == [".llama/tools/bin", "/bin", "/usr/bin"])
    }

    @Test func `The best method is the one that is quickest on the prompts of all`() {
        func record(_ method: String, _ prompt: String, seconds: Double) -> BenchRecord {
            var record = BenchRecord(
                method: method, levels: ["big"],
                item: PromptItem(id: prompt, category: "code", text: ""))
            record.engine = method.hasPrefix("llama.cpp") ? "llama.cpp" : "pyramid"
            record.generatedTokens = 10
            record.decodeSeconds = seconds
            return record
        }
        let records = [
            record("llama.cpp a", "1", seconds: 2), record("llama.cpp a", "2", seconds: 2),
            record("llama.cpp b", "1", seconds: 1), record("llama.cpp b", "2", seconds: 2),
            // Quick on a prompt that nobody else has.
            record("llama.cpp a", "3", seconds: 0.1), record("auto", "1", seconds: 0.1),
        ]
        #expect(BestForeign.method(of: "llama.cpp", in: records) == "llama.cpp b")
        #expect(BestForeign.method(of: "other", in: records) == nil)
    }
}
