import Foundation
import PyramidBackends
import PyramidDecoding
import PyramidEngine

/// A batch under way.
struct BatchRun {
    private let loaded: ModelPyramid
    private let names: [String]
    private let options: DecodingOptions
    private let stopStrings: [String]
    private let queue: [BatchJob]
    private let generator: Generator<ModelLevel>
    private var next = 0
    private var running: [SequenceID: (job: BatchJob, text: String)] = [:]
    private var tokens = 0
    private var finished = 0
    private let began = ContinuousClock.now

    init(
        loaded: ModelPyramid, names: [String], options: DecodingOptions, stopStrings: [String],
        queue: [BatchJob]
    ) {
        self.loaded = loaded
        self.names = names
        self.options = options
        self.stopStrings = stopStrings
        self.queue = queue
        generator = Generator(pyramid: loaded.pyramid, tokenizer: loaded.tokenizer)
    }

    /// Makes all answers, or those until a signal came.
    mutating func finish(_ log: BatchLog) throws {
        let progress = EvalProgress()
        defer { progress.finish() }
        while Interrupts.pending == nil, next < queue.count || !generator.isIdle {
            while next < queue.count, running.count < loaded.pyramid.sequenceCapacity {
                try start(queue[next])
                next += 1
            }
            var events: [(SequenceID, GenerationEvent)] = []
            try generator.step { events.append(($0, $1)) }
            for (id, event) in events { try receive(event, of: id, log) }
            progress.show(finished, of: queue.count, rate)
        }
    }

    private mutating func start(_ job: BatchJob) throws {
        var options = options
        options.sampling.seed = job.seed
        let request = GenerationRequest(
            prompt: job.tokens, options: options, stopStrings: stopStrings)
        running[try generator.start(request)] = (job, "")
    }

    private mutating func receive(
        _ event: GenerationEvent, of id: SequenceID, _ log: BatchLog
    ) throws {
        switch event {
        case .token: break
        case .text(let piece): running[id]?.text += piece.text
        case .finished(let result):
            guard let (job, text) = running.removeValue(forKey: id) else { return }
            tokens += result.tokens.count
            finished += 1
            try log.add(
                BatchAnswer(
                    id: job.id, sample: job.sample, seed: job.seed, levels: names,
                    prompt: job.prompt,
                    promptTokens: job.tokens, text: text,
                    tokens: result.tokens.map(\.token), finishReason: result.reason.rawValue))
        }
    }

    private var rate: String {
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        return "\(Int(Double(tokens) / max(seconds, 1e-9))) tokens/s in all"
    }
}
