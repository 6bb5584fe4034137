import Foundation
import GGUF
import LlamaBackend
import NativeBackend
import PyramidDecoding

/// Times forwards of 1 to 32 rows on this package's engine and on llama.cpp, turn by turn on the
/// same files, and says how near the engine comes to what the machine can do.
@main
struct ForwardBenchmark {
    static let rows = [1, 2, 3, 4, 5, 6, 8, 12, 16, 32]
    static let depth = 128
    static let prefill = 512

    static func main() throws {
        var arguments = CommandLine.arguments.dropFirst()
        let threads = arguments.popFirst().flatMap { Int($0) } ?? 0
        let repeats = arguments.popFirst().flatMap { Int($0) } ?? 0
        guard threads > 0, repeats > 0, !arguments.isEmpty else {
            print("usage: forward-benchmark THREADS REPEATS [--json RESULTS.jsonl] FILE.gguf ...")
            return
        }
        var records: ForwardRecords?
        if arguments.first == "--json" {
            arguments.removeFirst()
            records = try arguments.popFirst().map { try ForwardRecords(path: $0) }
        }
        print("\(threads) threads, \(InstructionSet.fastest)")
        let times = try arguments.map {
            try run($0, threads: threads, repeats: repeats, records)
        }
        compare(Array(arguments), times)
    }

    /// What a row of each model costs beside one of the dearest.
    private static func compare(_ paths: [String], _ times: [SingleRow]) {
        guard times.count > 1, let dearest = times.max(by: { $0.native < $1.native }) else {
            return
        }
        print("\nT(1) to that of the dearest: native, llama.cpp")
        for (path, time) in zip(paths, times) {
            let name = URL(fileURLWithPath: path).lastPathComponent
            let ratios = [time.native / dearest.native, time.llama / dearest.llama]
            print("\(line(ratios.map { rounded($0, digits: 3) }))  \(name)")
        }
    }

    private static func run(
        _ path: String, threads: Int, repeats: Int, _ records: ForwardRecords?
    ) throws -> SingleRow {
        var ceilings = Ceilings()
        ceilings.measure(threads: threads)
        let files = try GGUFModelFiles(path: path)
        let weights = Weights(files)
        let ours = try native(files, threads: threads)
        let theirs = try llama(files, threads: threads)
        print("\n\(path)\ncontext \(depth), medians of \(repeats), milliseconds")
        var times: [[Double]] = Array(repeating: [], count: 2 * rows.count)
        for turn in 0..<repeats + 1 {
            for (index, count) in rows.enumerated() {
                let a = try time(ours, count: count, position: depth)
                let b = try time(theirs, count: count, position: depth)
                // The first turn warms up.
                guard turn > 0 else { continue }
                times[2 * index].append(a)
                times[2 * index + 1].append(b)
            }
        }
        ceilings.measure(threads: threads)
        print(
            "the machine at most: \(rounded(ceilings.bytesPerSecond / 1e9)) GB/s, "
                + "\(rounded(ceilings.productsPerSecond / 1e9)) G products/s")
        print(
            line([
                "rows", "T(n)", "T(n)/T(1)", "llama.cpp", "T(n)/T(1)", "to llama", "bytes/s",
                "products/s",
            ]))
        let medians = times.map(median)
        let model = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        try records?.write(
            ForwardRecords.Ceiling(
                model: model, threads: threads, bytesPerSecond: ceilings.bytesPerSecond,
                productsPerSecond: ceilings.productsPerSecond > 0
                    ? ceilings.productsPerSecond : nil,
                weightBytes: weights.bytes, weightElements: weights.elements))
        for (index, count) in rows.enumerated() {
            let (a, b) = (medians[2 * index], medians[2 * index + 1])
            for (backend, time) in [("native", a), ("llama.cpp", b)] {
                try records?.write(
                    ForwardRecords.Forward(
                        model: model, backend: backend, rows: count, milliseconds: time * 1e3,
                        threads: threads, context: depth))
            }
            print(
                line([
                    "\(count)", rounded(a * 1e3), rounded(a / medians[0]), rounded(b * 1e3),
                    rounded(b / medians[1]), rounded(a / b),
                    percent(weights.bytes / a / ceilings.bytesPerSecond),
                    percent(weights.elements * Double(count) / a / ceilings.productsPerSecond),
                ]))
        }
        var prefills: [[Double]] = [[], []]
        for _ in 0..<3 {
            prefills[0].append(try time(ours, count: prefill, position: 0, wanted: 1))
            prefills[1].append(try time(theirs, count: prefill, position: 0, wanted: 1))
        }
        let (a, b) = (median(prefills[0]), median(prefills[1]))
        print(
            "prefill of \(prefill): \(rounded(a * 1e3)) ms, llama.cpp \(rounded(b * 1e3)) ms: "
                + "\(rounded(b / a)) times as fast")
        return SingleRow(native: medians[0], llama: medians[1])
    }

    private static func native(_ files: GGUFModelFiles, threads: Int) throws -> NativeLevel {
        let pool = WorkerPool(threads: threads)
        var options = NativeOptions()
        options.threads = threads
        options.contextSize = 1024
        let level = try NativeLevel(
            model: NativeModel(files, pool: pool), pool: pool, options: options)
        try fill(level)
        return level
    }

    /// llama.cpp with what is fastest for it: repacked weights and its own choice of kernels.
    private static func llama(_ files: GGUFModelFiles, threads: Int) throws -> LlamaLevel {
        var options = LlamaOptions()
        options.threads = threads
        options.contextSize = 1024
        options.isBatchInvariant = false
        let level = try LlamaLevel(model: LlamaModel(files, options: options))
        try fill(level)
        return level
    }

    private static func fill(_ level: some LanguageModel) throws {
        try level.forward([
            ForwardRequest(
                sequence: 0, position: 0, tokens: tokens(depth), wantedRows: 0)
        ])
    }

    private static func tokens(_ count: Int) -> ArraySlice<TokenID> {
        (0..<count).map { TokenID(1000 + 7 * $0) }[...]
    }

    /// Seconds of one forward, after which the level is as before.
    private static func time(
        _ level: some LanguageModel, count: Int, position: Int, wanted: Int? = nil
    ) throws -> Double {
        if position == 0 { try level.rewind(0, to: 0) }
        let request = ForwardRequest(
            sequence: 0, position: position, tokens: tokens(count), wantedRows: wanted ?? count)
        let clock = ContinuousClock()
        let began = clock.now
        try level.forward([request])
        let time = clock.now - began
        try level.rewind(0, to: position)
        return time / .seconds(1)
    }

    private static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }

    private static func rounded(_ value: Double, digits: Int = 2) -> String {
        let scale = (0..<digits).reduce(1) { scale, _ in 10 * scale }
        let parts = Int((value * Double(scale)).rounded())
        // The leading one keeps the zeros after the point.
        return "\(parts / scale).\("\(scale + parts % scale)".dropFirst())"
    }

    private static func percent(_ share: Double) -> String {
        share.isFinite ? "\(Int((share * 100).rounded())) %" : "-"
    }

    private static func line(_ cells: [String]) -> String {
        cells.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }.joined()
    }
}

/// Seconds of a forward of one row.
private struct SingleRow {
    let native: Double
    let llama: Double
}

/// What a forward of one row reads and multiplies.
private struct Weights {
    var bytes = 0.0
    var elements = 0.0

    init(_ files: GGUFModelFiles) {
        let hasOwnHead = files.tensor(named: "output.weight") != nil
        for tensor in files.tensors where tensor.dimensions.count == 2 {
            if hasOwnHead && tensor.name == "token_embd.weight" { continue }
            bytes += Double(tensor.byteCount)
            elements += Double(tensor.elementCount)
        }
    }
}
