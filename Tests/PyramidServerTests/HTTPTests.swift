import Foundation
import Grammar
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PyramidServer
import Testing

@Suite(.serialized) struct HTTPTests {
    private let server = ToyServer()
    private static let chat = #"{"messages": [{"role": "user", "content": "hello"}], "seed": 7"#

    private func ask(
        _ client: any TestClientProtocol, _ path: String, _ method: HTTPRequest.Method,
        _ body: String = "", headers: HTTPFields = [:]
    ) async throws -> (status: Int, text: String, headers: HTTPFields) {
        try await TestClient.ask(
            port: #require(client.port), method, path, body, headers: headers)
    }

    private func post(
        _ client: any TestClientProtocol, _ path: String, _ body: String,
        headers: HTTPFields = [:]
    ) async throws -> (status: Int, body: JSONValue, headers: HTTPFields) {
        let answer = try await ask(client, path, .post, body, headers: headers)
        return (answer.status, try JSONValue(parsing: answer.text), answer.headers)
    }

    private func get(
        _ client: any TestClientProtocol, _ path: String, headers: HTTPFields = [:]
    ) async throws -> (status: Int, text: String, headers: HTTPFields) {
        try await ask(client, path, .get, headers: headers)
    }

    /// The chunks of a stream; its last line must be `[DONE]`.
    private func stream(
        _ client: any TestClientProtocol, _ path: String, _ body: String
    ) async throws -> [JSONValue] {
        let answer = try await ask(client, path, .post, body)
        #expect(answer.headers[.contentType]?.hasPrefix("text/event-stream") == true)
        let events = answer.text.split(separator: "\n\n").map {
            String($0.dropFirst("data: ".count))
        }
        #expect(events.last == "[DONE]")
        return try events.dropLast().map { try JSONValue(parsing: $0) }
    }

    private func text(_ value: JSONValue?) -> String {
        if case .string(let text)? = value { text } else { "" }
    }

    private func number(_ value: JSONValue?) -> Double {
        if case .number(let digits)? = value { Double(digits) ?? .nan } else { .nan }
    }

    private func choices(_ value: JSONValue) -> [JSONValue] {
        if case .array(let values)? = value["choices"] { values } else { [] }
    }

    @Test("A stream has the text of the whole answer, for each choice, and its usage")
    func streaming() async throws {
        try await server.run { client, _ in
            for more in ["", #", "n": 3"#, #", "logprobs": true, "top_logprobs": 2"#] {
                let whole = try await post(
                    client, "/v1/chat/completions", Self.chat + more + "}")
                #expect(whole.status == 200)
                let chunks = try await stream(
                    client, "/v1/chat/completions",
                    Self.chat + more
                        + #", "stream": true, "stream_options": {"include_usage": true}}"#)
                var texts: [String: String] = [:]
                var reasons: [String: String] = [:]
                var logs: [String: Int] = [:]
                for chunk in chunks {
                    #expect(chunk["object"] == .string("chat.completion.chunk"))
                    for choice in choices(chunk) {
                        let index = choice["index"]?.text ?? ""
                        texts[index, default: ""] += text(choice["delta"]?["content"])
                        if let reason = choice["finish_reason"], reason != .null {
                            reasons[index] = text(reason)
                        }
                        if case .array(let entries)? = choice["logprobs"]?["content"] {
                            logs[index, default: 0] += entries.count
                        }
                    }
                }
                for choice in choices(whole.body) {
                    let index = choice["index"]?.text ?? ""
                    #expect(texts[index] == text(choice["message"]?["content"]))
                    #expect(reasons[index] == text(choice["finish_reason"]))
                    if case .array(let entries)? = choice["logprobs"]?["content"] {
                        #expect(logs[index] == entries.count && !entries.isEmpty)
                    }
                }
                let usage = chunks.last?["usage"]
                #expect(choices(chunks[chunks.count - 1]).isEmpty)
                for name in ["prompt_tokens", "completion_tokens", "total_tokens"] {
                    #expect(usage?[name] == whole.body["usage"]?[name])
                }
                #expect(number(usage?["completion_tokens"]) > 0)
            }
        }
    }

    @Test("Without usage every chunk has a choice, and the last one the timings")
    func timings() async throws {
        try await server.run { client, _ in
            let chunks = try await stream(
                client, "/v1/completions", #"{"prompt": "abc", "stream": true, "seed": 3}"#)
            #expect(chunks.allSatisfy { choices($0).count == 1 })
            let timings = chunks.last?["timings"]
            #expect(number(timings?["predicted_n"]) > 0)
            guard case .array(let levels)? = timings?["levels"] else {
                Issue.record("no levels")
                return
            }
            #expect(levels.map { text($0["model"]) } == ["low", "middle", "high"])
            let wrote = levels.reduce(0) { $0 + number($1["wrote"]) }
            #expect(wrote == number(timings?["predicted_n"]))
            #expect(number(timings?["draft_n"]) >= number(timings?["draft_n_accepted"]))
        }
    }

    @Test("A seed gives a text, n of them those of the seeds that follow, whatever the speculation")
    func seeds() async throws {
        try await server.run { client, _ in
            func texts(_ body: String) async throws -> [String] {
                let answer = try await post(client, "/v1/completions", body)
                #expect(answer.status == 200, "\(answer.body.text)")
                return choices(answer.body).map { text($0["text"]) }
            }
            let several = try await texts(#"{"prompt": "abcd", "seed": 4, "n": 3}"#)
            #expect(several.count == 3)
            for (index, expected) in several.enumerated() {
                for speculation in [
                    "", #", "speculative": {"enabled": false}"#,
                    #", "speculative": {"lookahead": [5, 1]}"#,
                    #", "speculative": {"levels": ["middle"]}"#,
                ] {
                    let one = try await texts(
                        #"{"prompt": "abcd", "seed": \#(4 + index)\#(speculation)}"#)
                    #expect(one == [expected])
                }
            }
            let lossy = try await texts(
                #"{"prompt": "abcd", "seed": 4, "speculative": {"mode": "psd-f", "tau_q": 0.9, "tau_t": 0.9}}"#
            )
            #expect(lossy.count == 1)
            let two = try await texts(
                #"{"prompt": "abcd", "seed": 4, "speculative": {"mode": "fsd", "levels": ["middle", "high"]}}"#
            )
            #expect(two.count == 1)
        }
    }

    @Test("Authors say who wrote each stretch of the text")
    func authors() async throws {
        try await server.run { client, _ in
            let answer = try await post(
                client, "/v1/completions", #"{"prompt": "abcd", "seed": 4, "authors": true}"#)
            let choice = try #require(choices(answer.body).first)
            guard case .array(let authors)? = choice["authors"] else {
                Issue.record("no authors")
                return
            }
            #expect(authors.map { text($0["text"]) }.joined() == text(choice["text"]))
            #expect(Set(authors.map { text($0["level"]) }).isSubset(of: ["low", "middle", "high"]))
        }
    }

    @Test(
        "What is wrong with a request is told with its status and parameter",
        arguments: [
            ("{", 400, ""), ("[1]", 400, ""), (#"{"messages": 3}"#, 400, "messages"),
            (#"{"messages": []}"#, 400, "messages"), (#"{"prompt": 1}"#, 400, "messages"),
            (#"{"messages": [{"role": "king", "content": "x"}]}"#, 400, "messages[0].role"),
            (#"{"messages": [{"role": "user"}]}"#, 400, "messages[0].content"),
            (#"{"messages": [{"role": "tool", "content": "x"}]}"#, 400, "messages"),
            (
                #"{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}"#, 501,
                "messages[0].content"
            ),
            (Self.chat + #", "model": "other"}"#, 404, "model"),
            (Self.chat + #", "temperature": "hot"}"#, 400, "temperature"),
            (Self.chat + #", "temperature": -1}"#, 400, "temperature"),
            (Self.chat + #", "top_p": 0}"#, 400, "top_p"),
            (Self.chat + #", "max_tokens": 0}"#, 400, "max_tokens"),
            (Self.chat + #", "max_tokens": 1.5}"#, 400, "max_tokens"),
            (Self.chat + #", "n": 17}"#, 400, "n"),
            (Self.chat + #", "stop": [1]}"#, 400, "stop"),
            (Self.chat + #", "stop": ["a", ""]}"#, 400, "stop"),
            (Self.chat + #", "top_logprobs": 3}"#, 400, "top_logprobs"),
            (Self.chat + #", "logprobs": true, "top_logprobs": 21}"#, 400, "top_logprobs"),
            (Self.chat + #", "logit_bias": {"99": 1}}"#, 400, "logit_bias"),
            (Self.chat + #", "logit_bias": {"x": 1}}"#, 400, "logit_bias"),
            (Self.chat + #", "response_format": {"type": "xml"}}"#, 400, "response_format.type"),
            (
                Self.chat
                    + #", "response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "string", "format": "uuid", "pattern": "a(?=b)"}}}}"#,
                400, "response_format.json_schema.schema"
            ),
            (Self.chat + #", "grammar": "bad"}"#, 400, "grammar"),
            (Self.chat + #", "speculative": {"mode": "magic"}}"#, 400, "speculative.mode"),
            (Self.chat + #", "speculative": {"lookahead": [1]}}"#, 400, "speculative.lookahead"),
            (Self.chat + #", "speculative": {"levels": ["top"]}}"#, 400, "speculative.levels"),
            (
                Self.chat + #", "speculative": {"mode": "fsd", "lookahead": [2, 2]}}"#, 400,
                "speculative"
            ),
            (Self.chat + #", "modalities": ["audio"]}"#, 501, "modalities"),
            (Self.chat + #", "dry_multiplier": 0.8}"#, 501, "dry_multiplier"),
        ])
    func wrong(_ body: String, _ status: Int, _ parameter: String) async throws {
        try await server.run { client, engine in
            let answer = try await post(client, "/v1/chat/completions", body)
            #expect(answer.status == status, "\(answer.body.text)")
            let error = answer.body["error"]
            #expect(error?["code"] == .number("\(status)"))
            #expect(!text(error?["message"]).isEmpty && !text(error?["type"]).isEmpty)
            #expect(text(error?["param"]) == parameter, "\(answer.body.text)")
            #expect(engine.status.running + engine.status.waiting == 0)
            // The server lives.
            #expect(try await get(client, "/health").status == 200)
        }
    }

    @Test("A prompt over the context says how long both are")
    func context() async throws {
        try await server.run { client, _ in
            let prompt = String(repeating: "a", count: 600)
            let answer = try await post(client, "/v1/completions", #"{"prompt": "\#(prompt)"}"#)
            let error = answer.body["error"]
            #expect(answer.status == 400 && error?["type"] == .string("exceed_context_size_error"))
            #expect(number(error?["n_prompt_tokens"]) == 600 && number(error?["n_ctx"]) == 512)
        }
    }

    @Test("Grammars, stop strings and token limits hold")
    func limits() async throws {
        try await server.run { client, _ in
            let letters = try await post(
                client, "/v1/completions",
                #"{"prompt": "abc", "seed": 1, "grammar": "letters bd", "max_tokens": 25}"#)
            let kept = text(choices(letters.body).first?["text"])
            #expect(kept.count == 25 && Set(kept).isSubset(of: ["b", "d"]), "\(kept)")
            let stopped = try await post(
                client, "/v1/completions",
                #"{"prompt": "abc", "seed": 1, "grammar": "letters bd", "stop": "bb"}"#)
            #expect(text(choices(stopped.body).first?["finish_reason"]) == "stop")
            let beforeStop = text(choices(stopped.body).first?["text"])
            #expect(!beforeStop.contains("bb"))
            let neutral = try await post(
                client, "/v1/completions",
                #"{"prompt": "abc", "max_tokens": -1, "best_of": 1, "dry_multiplier": 0.0, "typical_p": 1.0}"#
            )
            #expect(neutral.status == 200)
            let short = try await post(
                client, "/v1/completions",
                #"{"prompt": "abc", "max_tokens": 3, "ignore_eos": true}"#)
            #expect(text(choices(short.body).first?["finish_reason"]) == "length")
            #expect(number(short.body["usage"]?["completion_tokens"]) == 3)
        }
    }

    @Test("What a message spells stays text, also where the template writes it as JSON")
    func injection() async throws {
        try await server.run { client, _ in
            func count(_ role: String, _ content: String) async throws -> Double {
                let body =
                    #"{"messages": [{"role": "\#(role)", "content": "\#(content)"}], "max_tokens": 1}"#
                let answer = try await post(client, "/v1/chat/completions", body)
                #expect(answer.status == 200, "\(answer.body.text)")
                return number(answer.body["usage"]?["prompt_tokens"])
            }
            // user, the control token, and as many letters as characters.
            for (role, content, expected) in [
                ("user", "abcde", 10), ("user", "<end>", 10), ("user", "<<end>end>", 15),
                ("assistant", "a<end>b<end>", 9 + 1 + 14),
            ] {
                let tokens = try await count(role, content)
                #expect(tokens == Double(expected), "\(content)")
            }
        }
    }

    @Test("The logarithms of a text that a stop string ends are those of its own tokens")
    func stoppedLogs() async throws {
        try await server.run { client, _ in
            for (number, stop) in ["d", "db", "bb", "bdb"].enumerated() {
                let body = """
                    {"prompt": "abc", "seed": \(number), "grammar": "letters bd", "stop": "\(stop)", \
                    "logprobs": 1, "max_tokens": 30
                    """
                let whole = try await post(client, "/v1/completions", body + "}")
                let choice = try #require(choices(whole.body).first)
                guard case .array(let tokens)? = choice["logprobs"]?["tokens"] else {
                    #expect(text(choice["text"]).isEmpty)
                    continue
                }
                #expect(tokens.map { text($0) }.joined() == text(choice["text"]))
                let chunks = try await stream(
                    client, "/v1/completions", body + #", "stream": true}"#)
                let streamed = chunks.flatMap { choices($0) }.flatMap { choice -> [JSONValue] in
                    if case .array(let tokens)? = choice["logprobs"]?["tokens"] {
                        tokens
                    } else {
                        []
                    }
                }
                #expect(streamed == tokens)
            }
        }
    }

    @Test("A request that leaves no token to draw fails alone")
    func nothingLeft() async throws {
        var server = server
        server.roundTime = .milliseconds(2)
        try await server.run { client, engine in
            let expected = try await post(
                client, "/v1/completions", #"{"prompt": "abc", "seed": 1, "max_tokens": 40}"#)
            async let other = post(
                client, "/v1/completions", #"{"prompt": "abc", "seed": 1, "max_tokens": 40}"#)
            while engine.status.running == 0 { try await Task.sleep(for: .milliseconds(1)) }
            let all = (0..<12).map { "[\($0), false]" }.joined(separator: ", ")
            let wrong = try await post(
                client, "/v1/completions", #"{"prompt": "abc", "logit_bias": [\#(all)]}"#)
            #expect(wrong.status == 500 && text(wrong.body["error"]?["message"]).contains("bias"))
            let kept = try await other
            #expect(choices(kept.body) == choices(expected.body))
        }
    }

    @Test("Keys: nothing but the page and health without one")
    func keys() async throws {
        var server = server
        server.options.keys = ["one", "two"]
        server.options.hasMetrics = true
        try await server.run { client, _ in
            for path in ["/v1/models", "/props", "/slots", "/metrics", "/none"] {
                #expect(try await get(client, path).status == 401)
            }
            for path in ["/health", "/"] { #expect(try await get(client, path).status == 200) }
            for key in ["three", "on", "ones", "one,two"] {
                let answer = try await get(
                    client, "/v1/models", headers: [.authorization: "Bearer \(key)"])
                #expect(answer.status == 401 && answer.text.contains("authentication_error"))
            }
            for key in ["one", "two"] {
                for headers: HTTPFields in [
                    [.authorization: "Bearer \(key)"], [HTTPField.Name("X-Api-Key")!: key],
                ] {
                    #expect(try await get(client, "/v1/models", headers: headers).status == 200)
                }
            }
        }
    }

    @Test("Other origins are allowed only where the server says so")
    func origins() async throws {
        for (allowed, origin, expected) in [
            ([], "https://a.example", nil), (["*"], "https://a.example", "*"),
            (["https://a.example", "https://b.example"], "https://b.example", "https://b.example"),
            (["https://a.example"], "https://c.example", nil),
        ] as [([String], String, String?)] {
            var server = server
            server.options.origins = allowed
            try await server.run { client, _ in
                let answer = try await get(client, "/health", headers: [.origin: origin])
                #expect(answer.headers[.accessControlAllowOrigin] == expected)
                // Errors too are answers that the page may read.
                let missing = try await get(client, "/none", headers: [.origin: origin])
                #expect(missing.status == 404 && missing.text.contains("not_found_error"))
                #expect(missing.headers[.accessControlAllowOrigin] == expected)
            }
        }
    }

    @Test("Health tells loading, failing and stopping; a missing path and a large body are told")
    func states() async throws {
        try await server.run(hasModel: false) { client, _ in
            let answer = try await get(client, "/health")
            #expect(answer.status == 503 && answer.text.contains("Loading model"))
            #expect(answer.headers[.retryAfter] != nil)
            #expect(try await post(client, "/v1/completions", #"{"prompt": "a"}"#).status == 503)
        }
        var broken = server
        broken.isLoaded = false
        let engine = broken.engine()
        try await engine.isReady()
        try await broken.run(hasModel: false, engine: engine) { client, _ in
            let answer = try await get(client, "/health")
            #expect(answer.status == 503 && answer.text.contains("the file is broken"))
        }
        var small = server
        small.options.maximumBodyBytes = 100
        try await small.run { client, engine in
            let nowhere = try await get(client, "/nowhere")
            #expect(nowhere.status == 404 && nowhere.text.contains("not_found_error"))
            let large = #"{"prompt": "\#(String(repeating: "a", count: 200))"}"#
            let refused = try await post(client, "/v1/completions", large)
            #expect(refused.status == 413)
            await engine.stop(grace: .zero)
            let stopped = try await get(client, "/health")
            #expect(stopped.status == 503)
        }
    }

    @Test("A full server says when to come again")
    func full() async throws {
        var server = server
        server.limits.waiting = 0
        server.places = 1
        server.roundTime = .milliseconds(20)
        try await server.run { client, engine in
            let body = #"{"prompt": "a", "seed": 1, "max_tokens": 40, "ignore_eos": true}"#
            async let first = post(client, "/v1/completions", body)
            while engine.status.running + engine.status.waiting == 0 {
                try await Task.sleep(for: .milliseconds(1))
            }
            let second = try await post(client, "/v1/completions", body)
            #expect(second.status == 429 && second.headers[.retryAfter] == "1")
            #expect(try await first.status == 200)
        }
    }

    @Test("Tokens, texts and templates")
    func tokens() async throws {
        try await server.run { client, _ in
            let tokens = try await post(client, "/tokenize", #"{"content": "bc<end>"}"#)
            #expect(tokens.body["tokens"] != nil)
            let plain = try await post(
                client, "/tokenize", #"{"content": "<end>", "parse_special": false}"#)
            guard case .array(let letters)? = plain.body["tokens"] else {
                Issue.record("no tokens")
                return
            }
            #expect(letters.count == 5)
            let pieces = try await post(
                client, "/tokenize", #"{"content": "<end>", "with_pieces": true}"#)
            #expect(pieces.body.text == #"{"tokens":[{"id":11,"piece":"<end>"}]}"#)
            let text = try await post(client, "/detokenize", #"{"tokens": [1, 2, 11]}"#)
            #expect(text.body == .object([.init("content", .string("bc<end>"))]))
            #expect(try await post(client, "/detokenize", #"{"tokens": [12]}"#).status == 400)
            let prompt = try await post(
                client, "/apply-template", #"{"messages": [{"role": "user", "content": "hi"}]}"#)
            #expect(self.text(prompt.body["prompt"]) == "user<end>hi")
        }
    }

    @Test("Metrics count what was done, in Prometheus' format")
    func metrics() async throws {
        var server = server
        server.options.hasMetrics = true
        try await server.run { client, _ in
            let before = try await get(client, "/metrics")
            #expect(before.status == 200)
            let answer = try await post(client, "/v1/completions", #"{"prompt": "abc", "seed": 2}"#)
            let lines = try await get(client, "/metrics").text.split(separator: "\n").map(
                String.init)
            let predicted = number(answer.body["usage"]?["completion_tokens"])
            #expect(lines.contains("llamacpp:tokens_predicted_total \(Int(predicted))"))
            #expect(lines.contains("llamacpp:prompt_tokens_total 3"))
            #expect(lines.contains("llamacpp:requests_processing 0"))
            for name in ["num_drafts_total", "num_draft_tokens_total", "num_accepted_tokens_total"]
            {
                for level in ["low", "middle"] {
                    let start = "pyramid:spec_decode_\(name){level=\"\(level)\"} "
                    #expect(lines.contains { $0.hasPrefix(start) && !$0.hasSuffix(" 0") })
                }
            }
            for name in ["time_to_first_token_seconds", "inter_token_latency_seconds"] {
                #expect(lines.contains { $0.hasPrefix("pyramid:\(name)_bucket{le=\"+Inf\"} ") })
            }
            #expect(lines.contains("pyramid:e2e_request_latency_seconds_count 1"))
            let types = lines.filter { $0.hasPrefix("# TYPE ") }
            #expect(Set(types).count == types.count)
        }
        try await self.server.run { client, _ in
            let off = try await get(client, "/metrics")
            #expect(off.status == 501)
        }
    }

    @Test("The page is one file that asks nobody else")
    func page() async throws {
        try await server.run { client, _ in
            let page = try await get(client, "/")
            #expect(
                page.status == 200 && page.headers[.contentType]?.hasPrefix("text/html") == true)
            #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            // The only address is the name of SVG.
            let addresses = page.text.split(separator: "http").dropFirst()
            #expect(addresses.allSatisfy { $0.hasPrefix("://www.w3.org/2000/svg") })
            #expect(page.text.contains("lang=\"en\"") && page.text.contains("<title>"))
        }
    }

    @Test("A client that goes away ends its request, whatever it was waiting for")
    func disconnects() async throws {
        var server = server
        server.roundTime = .milliseconds(2)
        try await server.run { client, engine in
            let port = try #require(client.port)
            for (round, more) in ["", #", "stream": true"#, #", "stream": true, "n": 5"#]
                .enumerated()
            {
                for close in [CloseMode.all, .output] {
                    let body =
                        #"{"prompt": "abc", "seed": 1, "ignore_eos": true, "max_tokens": 400\#(more)}"#
                    let gone = TestClient(host: "127.0.0.1", port: port)
                    gone.connect()
                    try await gone.executeAndDontWaitForResponse(
                        .init("/v1/completions", method: .post, body: ByteBuffer(string: body)))
                    while engine.status.running == 0 { try await Task.sleep(for: .milliseconds(1)) }
                    try await gone.close(mode: close)
                    #expect(try await engine.isIdle(), "round \(round), \(close)")
                    try? await gone.shutdown()
                }
            }
            #expect(try await post(client, "/v1/completions", #"{"prompt": "a"}"#).status == 200)
        }
    }
}
