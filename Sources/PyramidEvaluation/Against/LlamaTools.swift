internal import Foundation

/// The programs of llama.cpp that are measured beside this one.
public struct LlamaTools: Sendable, Equatable {
    /// The path of `llama-server`.
    public var server: String
    /// The path of `llama-speculative-simple`.
    public var speculativeSimple: String
    /// The path of `llama-bench`.
    public var bench: String

    /// The programs in the first of some folders that has them.
    ///
    /// - Parameter folders: such as `.llama/tools/bin`, then those of `PATH`.
    /// - Throws: ``AgainstError/missing(program:folders:)``.
    public init(folders: [String]) throws(AgainstError) {
        server = try Self.find("llama-server", in: folders)
        speculativeSimple = try Self.find("llama-speculative-simple", in: folders)
        bench = try Self.find("llama-bench", in: folders)
    }

    /// Where the programs may be: a folder that was named, or else the checkout's own build and
    /// then the folders of `searchPath`.
    ///
    /// - Parameters:
    ///   - named: The folder that was asked for; `nil` when none was.
    ///   - searchPath: What `PATH` says.
    public static func folders(named: String?, searchPath: String?) -> [String] {
        if let named { return [named] }
        let paths = (searchPath ?? "").split(separator: ":").map(String.init)
        return [".llama/tools/bin"] + paths
    }

    private static func find(
        _ program: String, in folders: [String]
    ) throws(AgainstError) -> String {
        for folder in folders {
            let path = URL(fileURLWithPath: folder).appending(path: program).path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        // All of PATH would hide the two places that matter.
        let shown = folders.count > 2 ? [folders[0], "PATH"] : folders
        throw .missing(program: program, folders: shown)
    }
}
