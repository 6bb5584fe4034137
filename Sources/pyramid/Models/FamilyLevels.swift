import Foundation
import LlamaBackend
import ModelStore
import PyramidBackends

/// Where the levels of a family of the catalogue lie on this machine.
struct FamilyLevels {
    let family: ModelFamily
    private let store: ModelStore

    init(_ name: String) throws {
        family = try ModelCatalogue.family(named: name)
        store = try Environment.modelStore
    }

    /// The levels, bottom first. A draft that should have come with the program is left out, with
    /// a note, where it did not.
    ///
    /// - Throws: When another file is missing, with the command that brings it.
    func sources() throws -> [LevelSource] {
        var notes: [String] = []
        let sources: [LevelSource] = try family.levels.reversed().compactMap { level in
            switch level.content {
            case .ngram: return .ngram
            case .file(let file):
                if let path = store.locate(file) { return .file(path: path.path) }
                let missing = missing(file.name)
                guard file.isShipped else { throw missing }
                notes.append("note: going on without \(level.role.rawValue): \(missing)\n")
                return nil
            case .requantizedTarget(let type):
                guard let path = derivedPath(type), FileManager.default.fileExists(atPath: path)
                else { throw missing("the \(type) copy") }
                return .file(path: path)
            }
        }
        // Only now: what is missing otherwise is the one thing to be said.
        notes.forEach { StandardError.write($0) }
        return sources
    }

    /// Makes the copies that the family's levels need and that are not there.
    func derive(threads: Int, progress: (String) -> Void) throws {
        for level in family.levels {
            guard case .requantizedTarget(let type) = level.content, let target = targetPath,
                let path = derivedPath(type), !FileManager.default.fileExists(atPath: path)
            else { continue }
            progress("making \(path)")
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true)
            Interrupts.removeOnSignal(Requantizer.partialPath(of: path))
            try Requantizer(type: type, threads: threads).requantize(target, to: path)
        }
    }

    private var targetPath: String? {
        family.level(.target)?.file.flatMap { store.locate($0) }?.path
    }

    /// Derived files are nobody's download, so they lie in a folder of their own in the cache.
    private func derivedPath(_ type: String) -> String? {
        guard let target = family.level(.target)?.file else { return nil }
        let name = (target.name as NSString).deletingPathExtension
        return store.folders.primary.appendingPathComponent("pyramid-derived")
            .appendingPathComponent("\(name).requantized-\(type).gguf").path
    }

    private func missing(_ name: String) -> CommandFailure {
        CommandFailure(
            "\(name) of family \(family.name) is not on this machine; run: "
                + "pyramid pull \(family.name)")
    }
}
