import ArgumentParser
import GGUF
import PyramidBackends
import PyramidEvaluation

extension RunHeader {
    /// What a results file says of a run of this program on loaded levels.
    init(_ loaded: ModelPyramid, names: [String], threads: Int) {
        self.init(
            models: zip(names, loaded.backends).map { name, selection in
                Model(
                    name: name, fileBytes: selection?.files.byteCount,
                    backend: selection?.backend.rawValue)
            },
            threads: threads, commandLine: CommandLine.arguments,
            version: PyramidCommand.configuration.version)
    }
}
