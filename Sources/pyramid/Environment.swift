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
            ModelStore(
                folders: try CacheFolders(environment: variables),
                options: TransferOptions(environment: variables))
        }
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
