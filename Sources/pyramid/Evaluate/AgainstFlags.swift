import ArgumentParser
import PyramidEvaluation

/// Which other program is measured beside this one.
struct AgainstFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Run another program's methods on the same prompts, between ours: 'llama.cpp' runs \
            llama-bench once, and llama-server and llama-speculative-simple with the lowest model \
            of the target's whole vocabulary at several lengths and with n-gram modes. 'make llama-tools' builds them.
            """, valueName: "program"))
    var against: String?

    @Option(
        help: ArgumentHelp(
            """
            Where llama.cpp's programs are. (default: .llama/tools/bin, else PATH)
            """, valueName: "folder"))
    var llamaTools: String?

    @Option(
        help: ArgumentHelp(
            """
            Only this setting of llama.cpp, such as plain, draft-4 or ngram-simple; repeatable.
            """, valueName: "setting"))
    var againstSetting: [String] = []

    func validate() throws {
        guard against == nil || against == "llama.cpp" else {
            throw ValidationError("--against \(against ?? "") is not known; known: llama.cpp")
        }
        guard against != nil || (llamaTools == nil && againstSetting.isEmpty) else {
            throw ValidationError("--llama-tools and --against-setting need --against llama.cpp")
        }
    }

    /// The programs; `nil` when none are wanted. To be asked for before models are loaded.
    ///
    /// - Throws: `AgainstError` naming the program that is missing.
    func tools() throws -> LlamaTools? {
        guard against != nil else { return nil }
        return try LlamaTools(
            folders: LlamaTools.folders(
                named: llamaTools, searchPath: Environment.variables["PATH"]))
    }

    /// The settings to run.
    func settings(hasDraftModel: Bool) throws -> [LlamaSetting] {
        let all = LlamaSetting.all(hasDraftModel: hasDraftModel)
        guard !againstSetting.isEmpty else { return all }
        return try againstSetting.map { name in
            guard let setting = all.first(where: { $0.name == name }) else {
                throw ValidationError(
                    "--against-setting \(name) is not known; known here: "
                        + all.map(\.name).joined(separator: ", "))
            }
            return setting
        }
    }
}
