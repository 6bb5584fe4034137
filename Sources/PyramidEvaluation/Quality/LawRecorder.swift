public import Foundation
public import PyramidDecoding

/// The laws that a model gives the tokens of texts, each cut to its most probable tokens: what a
/// smaller model is trained on.
///
/// A recording is a folder of NumPy files, one row for each recorded token:
/// `tokens.npy` int32 [n], the token; `ids.npy` int32 [n, k], the k most probable tokens, the best
/// first; `logs.npy` float32 [n, k], their log-probabilities; `texts.npy` int64 [m, 2], the row at
/// which each text begins, and that at which the answer in it does (the same where all is text).
/// The law in row i was that of token i, given the text's rows before it; a text's first row has
/// the law's place filled with its own token.
public final class LawRecorder {
    /// How many tokens of each law are kept.
    public let kept: Int
    private let tokens: NumPyFile
    private let ids: NumPyFile
    private let logs: NumPyFile
    private let texts: NumPyFile
    private var row: [(id: Int32, logit: Float)] = []

    /// The tokens recorded so far.
    public var count: Int { tokens.rows }

    /// Begins a recording in a folder, which is made.
    ///
    /// - Throws: When a file cannot be written.
    public init(folder: URL, kept: Int) throws {
        precondition(kept > 0)
        self.kept = kept
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = { (name: String, type: String, width: Int?) in
            try NumPyFile(folder.appendingPathComponent(name + ".npy"), type: type, width: width)
        }
        tokens = try file("tokens", "<i4", nil)
        ids = try file("ids", "<i4", kept)
        logs = try file("logs", "<f4", kept)
        texts = try file("texts", "<i8", 2)
    }

    /// Reads a text with the model's sequence 0, which must be empty and is left so, and adds it.
    ///
    /// - Parameters:
    ///   - text: At least two tokens; those beyond the context are left out.
    ///   - promptCount: How many of them are a prompt.
    ///   - model: The model, with at least ``kept`` tokens.
    /// - Throws: `DecodingError`, as of level 0, or when a file cannot be written.
    public func add<Model: LanguageModel>(
        _ text: [TokenID], promptCount: Int = 0, by model: Model
    ) throws {
        precondition(text.count >= 2 && model.vocabularySize >= kept)
        let text = text.prefix(model.contextSize)
        var ids: [Int32] = Array(repeating: text[0], count: kept)
        var logs: [Float] = Array(repeating: -.infinity, count: kept)
        logs[0] = 0
        let law = RawLaw(vocabularySize: model.vocabularySize)
        try TextReading.read(text, from: 1, by: model) { _, logits in
            guard law.set(logits), let normalizer = law.logNormalizer else { return false }
            selectBest(logits)
            for (id, logit) in row {
                ids.append(id)
                logs.append(logit - normalizer)
            }
            return true
        }
        try texts.append([Int64(count), Int64(count + min(promptCount, text.count))])
        try tokens.append(Array(text))
        try self.ids.append(ids)
        try self.logs.append(logs)
    }

    /// Writes what the files say of themselves; without it the recording cannot be read.
    public func finish() throws {
        for file in [tokens, ids, logs, texts] { try file.finish() }
    }

    /// The ``kept`` greatest logits, the greatest first.
    private func selectBest(_ logits: UnsafeBufferPointer<Float>) {
        row.removeAll(keepingCapacity: true)
        var least = -Float.infinity
        for (id, logit) in logits.enumerated() where logit > least || row.count < kept {
            var place = row.count
            while place > 0, row[place - 1].logit < logit { place -= 1 }
            row.insert((Int32(id), logit), at: place)
            if row.count > kept { row.removeLast() }
            if row.count == kept { least = row[kept - 1].logit }
        }
    }
}
