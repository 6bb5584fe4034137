import Foundation
import PyramidDecoding
import PyramidEvaluation
import Testing

@Suite struct AgainstServerTests {
    private let fake: FakeLlamaTools
    private let tools: LlamaTools
    private let item = PromptItem(id: "a/1", category: "code", text: "def f")

    init() throws {
        fake = try FakeLlamaTools()
        tools = try LlamaTools(folders: ["/nowhere", fake.folder.path])
    }

    private func methods(serversAtOnce: Int = 1, temperature: Float = 0) -> LlamaMethods {
        var run = LlamaRun(target: "t.gguf", draft: "d.gguf", threads: 3, contextSize: 640)
        run.sampling.temperature = temperature
        run.sampling.topK = 50
        run.sampling.seed = 7
        return LlamaMethods(
            tools, run: run, levels: .init(draft: "small", target: "big"),
            serversAtOnce: serversAtOnce
        ) { $0.utf8.map { TokenID($0) } }
    }

    /// The JSON of the last request.
    private func request() throws -> [String: Any] {
        let line = try #require(fake.lines("requests").last)
        return try #require(
            JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test func `A server's answer becomes a record`() throws {
        let llama = methods()
        defer { llama.stop() }
        let method = try #require(llama.methods([.draft(length: 4)]).first)
        let record = try method.run(item, "Hi", 12)
        #expect(method.name == "llama.cpp draft-4")
        #expect(record.engine == "llama.cpp")
        #expect(record.levels == ["small", "big"])
        #expect(record.promptTokens == 4)
        #expect(record.generatedTokens == 12)
        #expect(abs(record.prefillSeconds + record.decodeSeconds - 0.423942) < 1e-9)
        #expect(record.finishReason == "length")
        #expect(
            record.textHash
                == TextHash.of([520, 9531, 198, 57, 5248, 18948, 288, 4875, 338, 346, 2316, 11904]))
        #expect(record.levelStatistics.map(\.proposed) == [9, 0])
        #expect(record.levelStatistics.map(\.accepted) == [8, 0])
    }

    @Test(arguments: [
        // Tokens, their time, that of the prompt of 4; seconds of prompt and text.
        (11, 1000.0, 500.0, 0.4, 1.1), (1, 0.001, 40.0, 0.03, 0.010001), (11, 1000, 60, 0, 1.06),
    ])
    func `The first token's time is the text's, as in our figures`(
        tokens: Int, predicted: Double, prompt: Double, prefill: Double, decode: Double
    ) throws {
        try fake.write(
            "completion",
            """
            {"tokens":[1],"stop_type":"eos","tokens_evaluated":4,"timings":{"prompt_n":4,\
            "prompt_ms":\(prompt),"predicted_n":\(tokens),"predicted_ms":\(predicted)}}
            """)
        let llama = methods()
        defer { llama.stop() }
        let record = try llama.methods([.plain])[0].run(item, "Hi", 12)
        #expect(abs(record.prefillSeconds - prefill) < 1e-9)
        #expect(abs(record.decodeSeconds - decode) < 1e-9)
        #expect(record.finishReason == "end")
        #expect(record.levelStatistics.isEmpty)
    }

    @Test func `A server gets the prompt's tokens, greedy with one candidate, and no cache`() throws
    {
        let llama = methods()
        defer { llama.stop() }
        _ = try llama.methods([.plain])[0].run(item, "Hi", 12)
        let request = try request()
        #expect(request["prompt"] as? [Int] == [72, 105])
        #expect(request["n_predict"] as? Int == 12)
        #expect(request["temperature"] as? Double == 0)
        #expect(request["top_k"] as? Int == 1)
        #expect(request["samplers"] as? [String] == ["top_k", "temperature"])
        #expect(request["cache_prompt"] as? Bool == false)
        #expect(request["return_tokens"] as? Bool == true)
    }

    @Test func `Sampled texts use the same sampling`() throws {
        let llama = methods(temperature: 0.5)
        defer { llama.stop() }
        _ = try llama.methods([.plain])[0].run(item, "Hi", 12)
        let request = try request()
        #expect(request["temperature"] as? Double == 0.5)
        #expect(request["top_k"] as? Int == 50)
        #expect(request["top_p"] as? Double == 1)
        #expect(request["min_p"] as? Double == 0)
        #expect(request["seed"] as? Int == 7)
        #expect(request["samplers"] as? [String] == ["top_k", "top_p", "min_p", "temperature"])
    }

    @Test func `Each setting has its flags, and only drafts load the draft model`() throws {
        let llama = methods()
        defer { llama.stop() }
        let settings = LlamaSetting.all(hasDraftModel: true, lengths: [3])
        for method in llama.methods(settings).prefix(settings.count) {
            _ = try method.run(item, "Hi", 12)
        }
        let lines = fake.lines("servers")
        #expect(lines.count == settings.count)
        for (line, setting) in zip(lines, settings) {
            #expect(line.hasPrefix("-m t.gguf -t 3 -c 640 --offline"))
            #expect(line.contains("--no-cache-prompt --cache-ram 0"))
            #expect(line.contains("--parallel 1"))
            #expect(line.contains(" -md d.gguf -td 3 ") == setting.name.hasPrefix("draft"))
            #expect(setting.flags.isEmpty || line.contains(setting.flags.joined(separator: " ")))
        }
        #expect(Set(settings.map(\.name)).count == settings.count)
        #expect(lines[1].contains("--spec-type draft-simple --spec-draft-n-max 3"))
    }

    @Test func `Without a draft model no setting asks for one`() {
        let settings = LlamaSetting.all(hasDraftModel: false)
        #expect(!settings.contains { $0.usesDraftModel })
        #expect(settings.contains { $0.name == "ngram-simple" })
    }

    @Test func `A server is used again while there is room, and all are asked to end`() throws {
        let llama = methods(serversAtOnce: 2)
        let both = llama.methods([.plain, .draft(length: 4)]).prefix(2)
        for method in both + both { _ = try method.run(item, "Hi", 12) }
        #expect(fake.lines("servers").count == 2)
        #expect(fake.lines("ended").isEmpty)
        llama.stop()
        #expect(fake.lines("ended").count == 2)
    }

    @Test func `Without room the one used last gives way`() throws {
        let llama = methods(serversAtOnce: 1)
        defer { llama.stop() }
        let both = llama.methods([.plain, .draft(length: 4)])
        for index in [0, 0, 1, 1, 0] { _ = try both[index].run(item, "Hi", 12) }
        #expect(fake.lines("servers").count == 3)
        #expect(fake.lines("ended").count == 2)
    }

    @Test func `A mode that remembers texts is not asked twice for one`() throws {
        let llama = methods(serversAtOnce: 4)
        defer { llama.stop() }
        let setting = try #require(
            LlamaSetting.all(hasDraftModel: false).first { $0.name == "ngram-mod" })
        let method = llama.methods([setting])[0]
        for text in ["Hi", "Ho", "Hi"] { _ = try method.run(item, text, 12) }
        #expect(fake.lines("servers").count == 2)
    }

    @Test func `A server that cannot load its model is an error with its last lines`() throws {
        try fake.write("no-model", "")
        let method = methods().methods([.plain])[0]
        let error = try #require(throws: AgainstError.self) {
            try method.run(item, "Hi", 12)
        }
        #expect(
            "\(error)".contains("llama-server (plain) ended before it was ready: exit status 1"))
        #expect("\(error)".contains("failed to load model, 'x.gguf'"))
    }

    @Test func `A server that dies over a prompt is an error, and the next prompt gets another`()
        throws
    {
        let llama = methods()
        defer { llama.stop() }
        let method = llama.methods([.plain])[0]
        try fake.write("dies", "")
        let error = try #require(throws: AgainstError.self) {
            try method.run(item, "Hi", 12)
        }
        #expect("\(error)".contains("did not answer"))
        #expect("\(error)".contains("exit status 3"))
        #expect("\(error)".contains("GGML_ASSERT(n_tokens > 0) failed"))
        try fake.remove("dies")
        #expect(try method.run(item, "Hi", 12).generatedTokens == 12)
    }

    @Test func `A refusal says the server's words`() throws {
        try fake.write("refuses", "")
        let llama = methods()
        defer { llama.stop() }
        let error = try #require(throws: AgainstError.self) {
            try llama.methods([.plain])[0].run(item, "Hi", 12)
        }
        #expect(error == .refused(setting: "plain", status: 400, message: "Field is wrong"))
    }

    @Test func `An answer of another form is an error that shows it`() throws {
        try fake.write("completion", #"{"content":"Hello"}"#)
        let llama = methods()
        defer { llama.stop() }
        let error = try #require(throws: AgainstError.self) {
            try llama.methods([.plain])[0].run(item, "Hi", 12)
        }
        #expect("\(error)".contains(#"{"content":"Hello"}"#))
        #expect("\(error)".contains("make llama-tools"))
    }
}
