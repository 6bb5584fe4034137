package import PyramidDecoding

extension ToyPyramid {
    /// What one sequence alone generates in a fresh pyramid, prompt excluded.
    package func text(after prompt: [TokenID], _ options: DecodingOptions) throws -> [TokenID] {
        let pyramid = try make(makeModels())
        let id = try pyramid.start(prompt: prompt, options: options)
        while pyramid.end(of: id) == nil { _ = try pyramid.round([id]) }
        return Array(pyramid.tokens(of: id).dropFirst(prompt.count))
    }

    /// What the target alone generates, token by token.
    package func plainText(
        after prompt: [TokenID], _ options: DecodingOptions
    ) throws -> [TokenID] {
        var options = options
        options.lookaheads = []
        return try targetAlone.text(after: prompt, options)
    }
}
