/// Servers with different settings, as many at once as memory has room for; they sleep while
/// another program is measured.
final class LlamaServerPool {
    private let tools: LlamaTools
    private let run: LlamaRun
    private let capacity: Int
    /// The one used last stands last.
    private var servers: [LlamaServer] = []

    init(_ tools: LlamaTools, run: LlamaRun, capacity: Int) {
        precondition(capacity > 0)
        self.tools = tools
        self.run = run
        self.capacity = capacity
    }

    deinit { stop() }

    /// Generates a text with a setting, by a server that has not answered the prompt before where
    /// that would help it.
    ///
    /// - Throws: What a server throws; it is then stopped, and the next call starts another.
    func complete(
        _ setting: LlamaSetting, _ request: LlamaCompletionRequest, prompt: String
    ) throws -> LlamaCompletion {
        let server = try server(setting, prompt: prompt)
        do {
            let completion = try server.complete(request, prompt: prompt)
            servers.append(server)
            return completion
        } catch {
            server.stop()
            throw error
        }
    }

    func stop() {
        for server in servers { server.stop() }
        servers = []
    }

    /// A server, taken out of the list.
    private func server(_ setting: LlamaSetting, prompt: String) throws -> LlamaServer {
        if let index = servers.firstIndex(where: { $0.setting == setting }) {
            let server = servers.remove(at: index)
            if !server.remembersAnswer(to: prompt) { return server }
            server.stop()
        }
        // Methods take turns, so the one used last is needed again after all others.
        while servers.count >= capacity { servers.removeLast().stop() }
        return try LlamaServer(tools, setting: setting, run: run)
    }
}
