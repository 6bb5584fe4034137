import PyramidServer
import Synchronization

/// Where the thread that loads the models leaves what the server is to know of them: the server is
/// made first, because it listens while they are being loaded.
final class ModelPlace: Sendable {
    private struct Parts {
        var state: ServerState?
        var model: ServedModel?
    }

    private let parts = Mutex(Parts())

    func set(_ model: ServedModel) {
        parts.withLock { parts in
            parts.model = model
            parts.state?.setModel(model)
        }
    }

    func connect(_ state: ServerState) {
        parts.withLock { parts in
            parts.state = state
            if let model = parts.model { state.setModel(model) }
        }
    }
}
