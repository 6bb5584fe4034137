internal import Foundation

/// A running llama-server with one setting.
final class LlamaServer {
    let setting: LlamaSetting
    private let port: Int
    private let program: ForeignProgram
    private var answered: Set<String> = []

    /// Starts a server and waits until it has loaded its models.
    ///
    /// - Throws: ``AgainstError`` with its last lines when it ends or is not ready in time.
    init(
        _ tools: LlamaTools, setting: LlamaSetting, run: LlamaRun,
        timeLimit: Duration = .seconds(120)
    ) throws {
        self.setting = setting
        port = try LoopbackRequest.freePort()
        program = try ForeignProgram(
            tools.server, arguments: run.serverArguments(setting, port: port))
        try waitUntilReady(timeLimit)
    }

    /// Whether an answer to a prompt could be copied from the one before.
    func remembersAnswer(to prompt: String) -> Bool {
        setting.remembersTexts && answered.contains(prompt)
    }

    /// Generates one text.
    ///
    /// - Throws: ``AgainstError`` when it refuses, or has ended.
    func complete(_ request: LlamaCompletionRequest, prompt: String) throws -> LlamaCompletion {
        answered.insert(prompt)
        let http = LoopbackRequest(port: port, path: "/completion", body: try request.body)
        let answer: LoopbackRequest.Answer
        do {
            answer = try http.answer()
        } catch {
            throw failure("did not answer (\(error))")
        }
        guard answer.status == 200 else {
            throw AgainstError.refused(
                setting: setting.name, status: answer.status, message: Self.message(answer.body))
        }
        return try LlamaCompletion(answer.body)
    }

    /// Ends the server.
    func stop() {
        program.stop()
    }

    private func waitUntilReady(_ timeLimit: Duration) throws {
        let clock = ContinuousClock()
        let deadline = clock.now + timeLimit
        let health = LoopbackRequest(port: port, path: "/health", timeLimit: .seconds(10))
        while clock.now < deadline {
            // Until it listens, connecting fails; then it says 503 until the models are loaded.
            if let answer = try? health.answer(), answer.status == 200 { return }
            guard program.end == nil else { throw failure("ended before it was ready") }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw failure("was not ready after \(timeLimit)")
    }

    private func failure(_ reason: String) -> AgainstError {
        // A program that is just dying needs a moment for its last words.
        for _ in 0..<20 where program.end == nil { Thread.sleep(forTimeInterval: 0.05) }
        return .failed(
            program: "llama-server (\(setting.name))",
            reason: program.end.map { "\(reason): \($0)" } ?? reason, log: program.lastLines)
    }

    private static func message(_ body: Data) -> String {
        struct Body: Decodable {
            struct Failure: Decodable {
                var message: String
            }
            var error: Failure
        }
        let decoded = try? JSONDecoder().decode(Body.self, from: body)
        return decoded?.error.message ?? String(decoding: body.prefix(200), as: UTF8.self)
    }
}
