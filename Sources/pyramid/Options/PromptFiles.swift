import PyramidEvaluation

/// Prompts of several files.
enum PromptFiles {
    /// The prompts of all files, in their order.
    ///
    /// - Parameters:
    ///   - files: The files.
    ///   - count: At most this many of each file; `nil` takes all.
    ///   - perCategory: At most this many of each category of a file; `nil` takes all.
    /// - Throws: `PromptError`, or ``CommandFailure`` when two files have a prompt of one id.
    static func items(
        _ files: [String], count: Int?, perCategory: Int? = nil
    ) throws -> [PromptItem] {
        var items: [PromptItem] = []
        var fileOfID: [String: String] = [:]
        for file in files {
            for item in try PromptFile.read(file, limit: count, perCategory: perCategory) {
                if let other = fileOfID.updateValue(file, forKey: item.id) {
                    throw CommandFailure(
                        file == other
                            ? "\(file) is named twice; give each file once"
                            : "\(file) and \(other) both have a prompt \(item.id); rename one of the "
                                + "files or change the id")
                }
                items.append(item)
            }
        }
        return items
    }
}
