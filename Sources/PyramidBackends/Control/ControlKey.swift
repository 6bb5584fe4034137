import Crypto
import Foundation

/// What something learnt holds for; kept in the file beside it.
protocol ControlKey: Codable, Equatable {
    /// Where such files lie in the store.
    static var folder: String { get }

    /// All that it says, in one line.
    var text: String { get }
}

extension ControlKey {
    /// A name for a file, the same for equal keys.
    var fileName: String {
        SHA256.hash(data: Data(text.utf8)).prefix(12)
            .map { String(format: "%02x", $0) }.joined() + ".json"
    }
}
