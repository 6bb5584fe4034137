import ArgumentParser
import Foundation
import LlamaBackend
import ModelStore

/// Lists the catalogue and what of it is on this machine.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists the families of models and what is installed.")

    func run() throws {
        try CommandFailure.reporting {
            let store = try Environment.modelStore
            let installed = store.installed()
            for family in ModelCatalogue.families {
                try StandardOutput.write("\(family.name): \(family.summary)\n")
                for level in family.levels {
                    let line = "  \(level.role.rawValue): \(text(level, family, installed))\n"
                    try StandardOutput.write(line)
                }
            }
            try StandardOutput.write("cache: \(store.folders.primary.path)\n")
        }
    }

    private func text(
        _ level: ModelLevel, _ family: ModelFamily, _ installed: [InstalledModel]
    ) -> String {
        switch level.content {
        case .ngram: return "ngram (prompt lookup, no file)"
        case .requantizedTarget(let type): return "\(type) copy of the target (made by pull)"
        case .file(let file):
            let size = file.bytes.map { ", \(ByteCount($0))" } ?? ""
            let found = installed.first { $0.family == family.name && $0.file == file }
            let state = found.map { ($0.isVerified ? "verified: " : "present: ") + $0.path.path }
            return "\(file.name) (\(file.licence.name)\(size)) - \(state ?? "not installed")"
        }
    }
}
