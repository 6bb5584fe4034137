public import Foundation

/// Where model files are kept: the Hugging Face hub cache, shared with llama.cpp and the hub's own
/// tools.
///
/// New files go to ``primary``; files that other programs left in any of ``all`` are found too.
public struct CacheFolders: Sendable, Hashable {
    /// Every folder that is searched, the one that is written to first.
    public let all: [URL]

    /// The folder that new files go to.
    public let primary: URL

    /// Uses one folder only.
    public init(_ folder: URL) {
        primary = folder
        all = [folder]
    }

    /// Finds the folders that `environment` names: `LLAMA_CACHE`, `HF_HUB_CACHE`,
    /// `HUGGINGFACE_HUB_CACHE`, `HF_HOME`/hub, `XDG_CACHE_HOME`/huggingface/hub and
    /// `HOME`/.cache/huggingface/hub, in this order. The first becomes ``primary``. Empty values do
    /// not count; a leading `~/` stands for `HOME`.
    ///
    /// - Throws: ``ModelStoreError`` with code `noCacheFolder` if none of them is set.
    public init(environment: [String: String]) throws(ModelStoreError) {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        var folders: [URL] = []
        for (variable, subfolder) in Self.candidates {
            guard var path = environment[variable], !path.isEmpty else { continue }
            if path.hasPrefix("~/"), let home { path = home + path.dropFirst() }
            var folder = URL(fileURLWithPath: path, isDirectory: true)
            if let subfolder { folder.appendPathComponent(subfolder, isDirectory: true) }
            folder = folder.standardizedFileURL
            if !folders.contains(folder) { folders.append(folder) }
        }
        guard let first = folders.first else {
            throw ModelStoreError(
                code: .noCacheFolder,
                message: "No folder for models: set HOME, or HF_HUB_CACHE to a folder.")
        }
        primary = first
        all = folders
    }

    /// Variables and what is appended to their values.
    private static let candidates: [(variable: String, subfolder: String?)] = [
        ("LLAMA_CACHE", nil), ("HF_HUB_CACHE", nil), ("HUGGINGFACE_HUB_CACHE", nil),
        ("HF_HOME", "hub"), ("XDG_CACHE_HOME", "huggingface/hub"),
        ("HOME", ".cache/huggingface/hub"),
    ]
}
