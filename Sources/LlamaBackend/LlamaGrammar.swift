internal import CLlama
public import PyramidDecoding

/// A grammar in llama.cpp's GBNF (grammars/README.md there) that a text keeps to, token by token.
///
/// It remembers its state after every token, so that proposals can be taken back, and which tokens
/// each state allows, so that all levels share that work. Tokens that end the text are allowed
/// where the grammar is complete.
public final class LlamaGrammar: TokenConstraint {
    /// The grammar after some tokens.
    private final class State {
        let sampler: UnsafeMutablePointer<llama_sampler>
        /// Whether each token may follow; found when it is first asked for.
        var allowed: [Bool]?

        init(_ sampler: UnsafeMutablePointer<llama_sampler>) {
            self.sampler = sampler
        }

        deinit {
            llama_sampler_free(sampler)
        }
    }

    private let vocabulary: LlamaVocabulary
    /// The state after each beginning of `tokens`, `[tokens.count + 1]`.
    private var states: [State]
    private var tokens: [TokenID] = []
    private var candidates: [llama_token_data] = []

    /// A grammar for texts of a vocabulary.
    ///
    /// - Parameters:
    ///   - text: The rules, in GBNF.
    ///   - root: The rule that a whole text keeps to.
    /// - Throws: ``LlamaError`` when llama.cpp cannot read the rules, some rule of them is
    ///   missing or calls itself first.
    public init(
        _ text: String, root: String = "root", vocabulary: LlamaVocabulary
    ) throws(LlamaError) {
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
        state.allowed = allowed
        for token in logits.indices where token >= allowed.count || !allowed[token] {
            logits[token] = -.infinity
        }
    }

    /// Whether the grammar allows a token.
    public func allows(_ token: TokenID, after generated: ArraySlice<TokenID>) -> Bool {
        isAllowed(token, state(after: generated))
    }

    private func state(after generated: ArraySlice<TokenID>) -> State {
        let common = zip(generated, tokens).prefix { $0 == $1 }.count
        tokens.removeSubrange(common...)
        states.removeSubrange((common + 1)...)
        for token in generated.dropFirst(common) {
            let last = states[states.count - 1]
            // llama.cpp ends the process where a token is accepted that does not fit.
            precondition(isAllowed(token, last), "token \(token) is against the grammar")
            guard let next = llama_sampler_clone(last.sampler) else {
                preconditionFailure("llama.cpp did not copy a grammar")
            }
            llama_sampler_accept(next, token)
            states.append(State(next))
            tokens.append(token)
        }
        return states[states.count - 1]
    }

    private func isAllowed(_ token: TokenID, _ state: State) -> Bool {
        guard (0..<vocabulary.size).contains(Int(token)) else { return false }
        if let allowed = state.allowed { return allowed[Int(token)] }
        candidates.removeAll(keepingCapacity: true)
        candidates.append(llama_token_data(id: token, logit: 0, p: 0))
        apply(state)
        return candidates[0].logit == 0
    }

    private func allAllowed(_ state: State) -> [Bool] {
        candidates.removeAll(keepingCapacity: true)
        for token in 0..<vocabulary.size {
            candidates.append(llama_token_data(id: TokenID(token), logit: 0, p: 0))
        }
        apply(state)
        return candidates.map { $0.logit == 0 }
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
