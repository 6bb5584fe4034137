import PyramidDecoding

/// Feeds a model a text that is there already and looks at its logits.
enum TextReading {
    /// Reads a text with the model's sequence 0, which must be empty and is left so.
    ///
    /// - Parameters:
    ///   - tokens: The text; what goes beyond the context is left out.
    ///   - first: The first token whose logits are wanted, at least 1: those after the token before.
    ///   - model: The model.
    ///   - body: Gets the index of a token and the logits that it was to be drawn from, in order of
    ///     indexes up to `tokens.count - 1`; `false` says that they make no law.
    /// - Throws: `DecodingError`, as of level 0.
    static func read<Model: LanguageModel>(
        _ tokens: ArraySlice<TokenID>, from first: Int, by model: Model,
        _ body: (Int, UnsafeBufferPointer<Float>) -> Bool
    ) throws(DecodingError<Model.Failure>) {
        let result: Result<Void, DecodingError<Model.Failure>>
        do throws(DecodingError<Model.Failure>) {
            try forward(tokens, from: first, by: model, body)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        do {
            try model.rewind(0, to: 0)
        } catch {
            throw .model(level: 0, error)
        }
        return try result.get()
    }

    private static func forward<Model: LanguageModel>(
        _ text: ArraySlice<TokenID>, from first: Int, by model: Model,
        _ body: (Int, UnsafeBufferPointer<Float>) -> Bool
    ) throws(DecodingError<Model.Failure>) {
        precondition(first >= 1, "the first token needs something to be likely after")
        // The last token is judged and not fed.
        let tokens = Array(text.prefix(model.contextSize + 1))
        for start in stride(from: 0, to: tokens.count - 1, by: rowsPerForward) {
            let fed = tokens[start..<min(start + rowsPerForward, tokens.count - 1)]
            let firstRow = max(fed.startIndex, first - 1)
            let wanted = max(0, fed.endIndex - firstRow)
            do {
                try model.forward([
                    ForwardRequest(sequence: 0, position: start, tokens: fed, wantedRows: wanted)
                ])
            } catch {
                throw .model(level: 0, error)
            }
            for row in 0..<wanted {
                let isLaw = model.withLogits(request: 0, row: row) { logits in
                    body(firstRow + row + 1, logits)
                }
                guard isLaw else { throw .invalidLogits(level: 0) }
            }
        }
    }

    /// Bounds the memory of a forward's rows of logits.
    private static let rowsPerForward = 64
}
