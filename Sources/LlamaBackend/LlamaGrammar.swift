internal import CLlama
internal import Grammar
public import PyramidDecoding

/// A grammar in llama.cpp's GBNF (grammars/README.md there) that a text keeps to, token by token.
///
/// It remembers its state after the last tokens, so that proposals can be taken back, and which
/// tokens the last states allow, so that all levels share that work. Tokens that end the text are
/// allowed where the grammar is complete, and where it allows nothing else.
public final class LlamaGrammar: TokenConstraint {
    /// The grammar after some tokens.
    private final class State {
        let sampler: UnsafeMutablePointer<llama_sampler>
        /// Whether each token may follow; found when it is first asked for.
        var allowed: [Bool]?
        /// Whether some token that does not end the text is known to be allowed.
        var goesOn = false

        init(_ sampler: UnsafeMutablePointer<llama_sampler>) {
            self.sampler = sampler
        }

        deinit {
            llama_sampler_free(sampler)
        }
    }

    private let vocabulary: LlamaVocabulary
    /// The state after each beginning of `tokens`, `[tokens.count + 1]`; `nil` for those that lie
    /// too far back, but for the first.
    private var states: [State?]
    private var tokens: [TokenID] = []
    private var candidates: [llama_token_data] = []

    /// A grammar for texts of a vocabulary.
    ///
    /// - Parameters:
    ///   - text: The rules, in GBNF.
    ///   - root: The rule that a whole text keeps to.
    ///   - vocabulary: The tokens that texts are made of.
    /// - Throws: ``LlamaError`` when llama.cpp cannot read the rules, some rule of them is
    ///   missing or calls itself first.
    public init(
        _ text: String, root: String = "root", vocabulary: LlamaVocabulary
    ) throws(LlamaError) {
        do { try GrammarCheck.check(text, root: root) } catch {
            throw LlamaError(.invalidGrammar, error.description)
        }
        guard !text.isEmpty,
            let sampler = llama_sampler_init_grammar(vocabulary.handle.vocabulary, text, root)
        else {
            throw LlamaError(
                .invalidGrammar,
                "the grammar cannot be read: it must be GBNF with a rule '\(root)', and no rule "
                    + "may be missing or begin with itself")
        }
        self.vocabulary = vocabulary
        states = [State(sampler)]
    }

    /// Forbids what the grammar does not allow.
    public func restrict(
        _ logits: UnsafeMutableBufferPointer<Float>, after generated: ArraySlice<TokenID>
    ) {
        let state = state(after: generated)
        let allowed = state.allowed ?? allAllowed(state)
        for token in logits.indices where token >= allowed.count || !allowed[token] {
            logits[token] = -.infinity
        }
    }

    /// Whether the grammar allows a token.
    public func allows(_ token: TokenID, after generated: ArraySlice<TokenID>) -> Bool {
        isAllowed(token, state(after: generated))
    }

    private func state(after generated: ArraySlice<TokenID>) -> State {
        var common = zip(generated, tokens).prefix { $0 == $1 }.count
        // Back to a state that is still there; the first always is.
        while states[common] == nil { common -= 1 }
        tokens.removeSubrange(common...)
        states.removeSubrange((common + 1)...)
        for token in generated.dropFirst(common) {
            guard let last = states[states.count - 1], let next = llama_sampler_clone(last.sampler)
            else { preconditionFailure("llama.cpp did not copy a grammar") }
            // llama.cpp ends the process where a token is accepted that does not fit.
            precondition(isAllowed(token, last), "token \(token) is against the grammar")
            // An end leaves the grammar where it is, also where it came because nothing else could.
            if !vocabulary.isEnd(token) { llama_sampler_accept(next, token) }
            states.append(State(next))
            tokens.append(token)
            forget(states.count - 1 - Self.keptStates)
            let masked = states.count - 1 - Self.keptMasks
            if masked >= 0 { states[masked]?.allowed = nil }
        }
        guard let state = states[states.count - 1] else {
            preconditionFailure("the newest state is kept")
        }
        return state
    }

    private func forget(_ index: Int) {
        if index > 0 { states[index] = nil }
    }

    /// More than any lookahead: what is older is not taken back.
    private static let keptStates = 2 * DecodingOptions.longestLookahead
    /// A mask takes a byte for each token of the vocabulary.
    private static let keptMasks = 16

    private func isAllowed(_ token: TokenID, _ state: State) -> Bool {
        guard (0..<vocabulary.size).contains(Int(token)) else { return false }
        if let allowed = state.allowed { return allowed[Int(token)] }
        candidates.removeAll(keepingCapacity: true)
        candidates.append(llama_token_data(id: token, logit: 0, p: 0))
        apply(state)
        let isAllowed = candidates[0].logit == 0
        guard vocabulary.isEnd(token) else {
            if isAllowed { state.goesOn = true }
            return isAllowed
        }
        // Where nothing else is allowed an end is, which all tokens together tell.
        return isAllowed || (!state.goesOn && allAllowed(state)[Int(token)])
    }

    private func allAllowed(_ state: State) -> [Bool] {
        candidates.removeAll(keepingCapacity: true)
        for token in 0..<vocabulary.size {
            candidates.append(llama_token_data(id: TokenID(token), logit: 0, p: 0))
        }
        apply(state)
        var allowed = candidates.map { $0.logit == 0 }
        if !allowed.contains(true) {
            for token in allowed.indices { allowed[token] = vocabulary.isEnd(TokenID(token)) }
        }
        state.allowed = allowed
        return allowed
    }

    /// Gives the candidates that do not fit the logit -infinity.
    private func apply(_ state: State) {
        candidates.withUnsafeMutableBufferPointer { candidates in
            var array = llama_token_data_array(
                data: candidates.baseAddress, size: candidates.count, selected: -1, sorted: false)
            llama_sampler_apply(state.sampler, &array)
        }
    }
}
