import Foundation
import GGUF
import LlamaBackend

/// What the time of a level's forwards depends on, besides the rows.
struct CostKey: ControlKey, Hashable {
    static let folder = "costs"

    /// The fingerprint of the model's files.
    var model: String
    var backend: Backend
    var threads: Int
    var gpuLayers: Int
    var isBatchInvariant: Bool
    /// `nil` for a level that runs here.
    var workers: [WorkerAddress]?
    var machine: Machine

    init(_ selection: BackendSelection, level: Int, options: ModelOptions) {
        model = ModelFingerprint(selection.files).text
        backend = selection.backend
        threads = options.threads(ofLevel: level)
        gpuLayers = backend == .llama ? options.gpuLayers : 0
        isBatchInvariant = backend == .native || options.isBatchInvariant
        workers = selection.workers.isEmpty ? nil : selection.workers
        machine = Machine()
    }

    var text: String {
        "\(model) \(backend.rawValue) \(threads) \(gpuLayers) \(isBatchInvariant) "
            + (workers.map { "\($0) " } ?? "") + "\(machine.processor) \(machine.cores)"
    }

    /// The machine, as far as it can be told apart from others that share a home folder.
    struct Machine: Codable, Hashable {
        var processor: String
        var cores: Int

        init() {
            cores = ProcessInfo.processInfo.processorCount
            let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            let name = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
            processor =
                name?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
                ?? ProcessInfo.processInfo.operatingSystemVersionString
        }
    }
}
