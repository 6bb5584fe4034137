import BackendTestSupport
import GGUF
import LlamaBackend
import PyramidBackends
import PyramidDecoding
import Testing

@Suite struct LoadingTests {
    @Test("Levels without a model at the top are refused", arguments: [[LevelSource.ngram], []])
    func noTarget(levels: [LevelSource]) {
        #expect(throws: ConfigurationError.self) {
            try ModelPyramid(levels: levels, options: ModelOptions())
        }
    }

    @Test("Numbers out of range are refused before a file is opened")
    func ranges() {
        let changes: [(inout ModelOptions) -> Void] = [
            { $0.threads = 0 }, { $0.threadsPerLevel = [nil, 0] }, { $0.sequenceCapacity = 0 },
            { $0.rowCapacity = -1 }, { $0.batchSize = 0 }, { $0.contextSize = -1 },
        ]
        for change in changes {
            var options = ModelOptions()
            change(&options)
            #expect(throws: ConfigurationError.self) {
                try ModelPyramid(levels: [.file(path: "/nonexistent")], options: options)
            }
        }
    }

    @Test("A level without a number of threads of its own takes the common one")
    func threads() {
        var options = ModelOptions()
        options.threads = 6
        options.threadsPerLevel = [1, nil]
        #expect((0..<3).map { options.threads(ofLevel: $0) } == [1, 6, 6])
    }

    @Test(
        "Levels that cannot fit into memory are refused before anything is loaded", .needsModel,
        arguments: TestedBackends.all)
    func memory(backend: Backend) throws {
        let options = backend.options(sequences: 64, context: 100_000_000)
        let path = try RealModel.path
        let error = #expect(throws: LoadingError.self) {
            try ModelPyramid(levels: [.file(path: path)], options: options) { _ in
                Issue.record("told of a plan that cannot be")
            }
        }
        #expect(error?.code == .notEnoughMemory)
        #expect(error?.message.contains("KV cache") == true)
        #expect(error?.message.contains(backend.rawValue) == true)
    }

    @Test(
        "The memory plan counts a shared file once and comes near what is really used",
        .needsModel, arguments: TestedBackends.all)
    func plan(backend: Backend) throws {
        let options = backend.options(context: 2048)
        let selection = try BackendSelection(
            try GGUFModelFiles(path: try RealModel.path), options: options)
        let plan = MemoryPlan([selection, selection], options: options)
        #expect(plan.levels.map(\.backend) == [backend, backend])
        #expect((90_000_000..<105_000_000).contains(plan.levels[0].weightBytes))
        #expect(plan.levels[1].weightBytes == 0)
        // 30 layers x 3 KV heads x 2 x 64 elements, in F16 or in Q8_0, 34 bytes per 32.
        let isQ8 = backend == .llama && TestedBackends.invariant.contains(.llama)
        #expect(plan.levels[1].cacheBytes == 11_520 * (isQ8 ? 34 : 64) / 32 * 2048)
        #expect(plan.report.contains("\(backend.rawValue) ("))
    }

    @Test("Levels of one file may have different numbers of threads", .needsModel)
    func threadsPerLevel() throws {
        var options = Backend.llama.options(context: 256)
        options.backend = .auto
        options.threadsPerLevel = [1, nil]
        let file = LevelSource.file(path: try RealModel.path)
        let loaded = try ModelPyramid(levels: [file, file], options: options)
        var decoding = DecodingOptions(lookaheads: [4], maximumTokens: 8)
        decoding.sampling.temperature = 0
        let prompt = try loaded.tokenizer.tokens(
            of: "One, two,", addSpecial: true, parseSpecial: false)
        let id = try loaded.pyramid.start(prompt: prompt, options: decoding)
        while loaded.pyramid.end(of: id) == nil { _ = try loaded.pyramid.round([id]) }
        #expect(loaded.pyramid.tokens(of: id).count == prompt.count + 8)
    }
}
