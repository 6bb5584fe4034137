import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidEvaluation

/// llama.cpp's methods for a bench, on the files and with the settings of ours.
struct AgainstLlama {
    let tools: LlamaTools
    let flags: AgainstFlags
    let sources: [LevelSource]
    let names: [String]
    let threads: Int
    let sampling: Sampling

    /// Who runs the methods, to be stopped in the end, and the methods. The draft model is the
    /// lowest of the models below the target that have its whole vocabulary: llama.cpp takes no
    /// other.
    ///
    /// - Parameter loaded: Our models, whose context and tokenizer theirs get.
    func methods(_ loaded: ModelPyramid) throws -> (llama: LlamaMethods, methods: [ForeignMethod]) {
        let draft = sources.indices.dropLast().first {
            sources[$0].path != nil && loaded.vocabularies[$0]?.knownCount == nil
        }
        let run = LlamaRun(
            target: try target, draft: draft.flatMap { sources[$0].path }, threads: threads,
            contextSize: loaded.pyramid.contextSize, sampling: sampling)
        let tokenizer = loaded.tokenizer
        let llama = LlamaMethods(
            tools, run: run,
            levels: .init(draft: draft.map { names[$0] }, target: names[names.count - 1]),
            serversAtOnce: serversAtOnce(loaded.memory)
        ) { try tokenizer.tokens(of: $0, addSpecial: true, parseSpecial: true) }
        return (llama, llama.methods(try flags.settings(hasDraftModel: draft != nil)))
    }

    /// What llama-bench measures of every model.
    func measureModels() throws -> [LlamaBenchRecord] {
        let files = sources.compactMap(\.path)
        // Each file once.
        let different = files.indices.filter { !files[..<$0].contains(files[$0]) }.map { files[$0] }
        return try different.flatMap {
            StandardError.write("llama-bench \($0)\n")
            return try LlamaBenchRecord.measure(tools, model: $0, threads: threads)
        }
    }

    private var target: String {
        get throws {
            guard let path = sources.last?.path else {
                throw CommandFailure("--against needs a target that is a file")
            }
            return path
        }
    }

    /// As many servers as fit into the memory that our models leave: each has its own packed
    /// weights, and a fifth is left to the system.
    private func serversAtOnce(_ plan: MemoryPlan) -> Int {
        guard let available = plan.availableBytes else { return 1 }
        let server = plan.levels.reduce(512 << 20) { $0 + $1.weightBytes + $1.cacheBytes }
        return max(1, (available - plan.totalBytes) / 5 * 4 / server)
    }
}
