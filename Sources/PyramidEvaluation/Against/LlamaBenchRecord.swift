internal import Foundation

/// What llama-bench measures of one model: how fast it reads and how fast it generates.
public struct LlamaBenchRecord: Record, Equatable {
    /// `llama-bench`.
    public static let type = "llama-bench"

    /// The model's file, without its folders.
    public var model: String
    /// llama.cpp's commit.
    public var commit: String
    /// Threads.
    public var threads: Int
    /// Tokens read at once; 0 when generating is measured.
    public var promptTokens: Int
    /// Tokens generated one by one; 0 when reading is measured.
    public var generatedTokens: Int
    /// The mean over repetitions.
    public var tokensPerSecond: Double
    /// The standard deviation over repetitions.
    public var deviation: Double

    /// Runs llama-bench on a model: 512 tokens read, 128 generated, each three times.
    ///
    /// - Throws: ``AgainstError`` with its last lines when it fails.
    public static func measure(
        _ tools: LlamaTools, model: String, threads: Int
    ) throws -> [LlamaBenchRecord] {
        let program = try ForeignProgram(
            tools.bench, arguments: arguments(model: model, threads: threads))
        program.wait()
        guard let end = program.end, end == "exit status 0" else {
            throw AgainstError.failed(
                program: "llama-bench", reason: program.end ?? "still runs",
                log: program.lastLines)
        }
        return try parse(program.output)
    }

    static func arguments(model: String, threads: Int) -> [String] {
        [
            "-m", model, "-t", "\(threads)", "-p", "512", "-n", "128", "-r", "3", "-o", "json",
            "--offline",
        ]
    }

    /// Reads the JSON of llama-bench, which warnings may precede.
    static func parse(_ output: String) throws(AgainstError) -> [LlamaBenchRecord] {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        let json = lines.drop { $0 != "[" }
        guard let end = json.firstIndex(of: "]") else {
            throw .unreadable(program: "llama-bench", reason: "it has no list of results")
        }
        let text = json[...end].joined(separator: "\n")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode([Measurement].self, from: Data(text.utf8)).map(\.record)
        } catch {
            throw .unreadable(program: "llama-bench", reason: "\(error)")
        }
    }

    private struct Measurement: Decodable {
        var buildCommit: String
        var modelFilename: String
        var nThreads: Int
        var nPrompt: Int
        var nGen: Int
        var avgTs: Double
        var stddevTs: Double

        var record: LlamaBenchRecord {
            LlamaBenchRecord(
                model: URL(fileURLWithPath: modelFilename).lastPathComponent, commit: buildCommit,
                threads: nThreads, promptTokens: nPrompt, generatedTokens: nGen,
                tokensPerSecond: avgTs, deviation: stddevTs)
        }
    }
}
