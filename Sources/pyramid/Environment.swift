import Foundation
import ModelStore
import PyramidBackends

/// The only place where the program reads its environment.
enum Environment {
    static let variables = ProcessInfo.processInfo.environment

    /// Whether a stream may be painted: it is a terminal that understands colours, and nobody
    /// said no (https://no-color.org).
    static func allowsColor(_ stream: Int32) -> Bool {
        isatty(stream) == 1 && (variables["NO_COLOR"] ?? "").isEmpty && variables["TERM"] != "dumb"
    }

    static var modelStore: ModelStore {
        get throws {
            var options = TransferOptions(environment: variables)
            options.shippedModels = shippedModels
            return ModelStore(
                folders: try CacheFolders(environment: variables), options: options)
        }
    }

    /// `PYRAMID_MODELS`, else the folder `Models` of the checkout that the program was built in.
    private static var shippedModels: URL? {
        if let folder = variables["PYRAMID_MODELS"], !folder.isEmpty {
            return URL(fileURLWithPath: folder)
        }
        guard let program = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return nil }
        let parts = program.pathComponents
        guard let build = parts.lastIndex(where: { $0.hasPrefix(".build") }) else { return nil }
        let checkout = parts[..<build].dropFirst().joined(separator: "/")
        let models = URL(fileURLWithPath: "/\(checkout)/Models")
        return FileManager.default.fileExists(atPath: models.path) ? models : nil
    }

    /// Where automatic control keeps what it has learnt: `XDG_CACHE_HOME`/pyramid, or in
    /// `HOME`/.cache; `nil` where neither is set.
    static var controlStore: ControlStore? {
        let folder = { (name: String) in
            variables[name].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
        }
        let cache = folder("XDG_CACHE_HOME") ?? folder("HOME")?.appendingPathComponent(".cache")
        return cache.map { ControlStore(folder: $0.appendingPathComponent("pyramid")) }
    }

    static func flag(_ name: String) -> Bool {
        ["1", "true", "on", "yes"].contains(variables[name]?.lowercased())
    }
}
