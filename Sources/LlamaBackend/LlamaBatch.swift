internal import CLlama
internal import PyramidDecoding

/// The arrays of a native batch, `[capacity]` tokens, each of one sequence.
final class LlamaBatch {
    private var batch: llama_batch
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        batch = llama_batch_init(Int32(capacity), 0, 1)
    }

    deinit {
        llama_batch_free(batch)
    }

    var count: Int { Int(batch.n_tokens) }
    var isFull: Bool { count == capacity }
    var native: llama_batch { batch }

    func clear() {
        batch.n_tokens = 0
    }

    func append(_ token: TokenID, position: Int, sequence: SequenceID, wantsLogits: Bool) {
        precondition(!isFull)
        batch.token[count] = token
        batch.pos[count] = Int32(position)
        batch.n_seq_id[count] = 1
        batch.seq_id[count]?[0] = Int32(sequence)
        batch.logits[count] = wantsLogits ? 1 : 0
        batch.n_tokens += 1
    }
}
