import GGUF

extension String {
    /// The text on one line and not longer than a line: names and values come from files, which
    /// may hold anything.
    var shown: String {
        let most = 60
        let end = unicodeScalars.dropFirst(most).isEmpty ? "" : "..."
        let escaped = unicodeScalars.prefix(most).map { $0.escaped(asASCII: false) }
        return escaped.joined() + end
    }
}

extension GGUFValue {
    /// The value for an error's text, on one line.
    var shown: String {
        switch self {
        case .array(let array): "an array of \(array.count)"
        case .string(let text):
            "\"\(text.withUTF8 { String(decoding: $0.prefix(1_000), as: UTF8.self) }.shown)\""
        case .bool(let flag): "\(flag)"
        case .float32(let number): "\(number)"
        default: integerValue.map { "\($0)" } ?? numberValue.map { "\($0)" } ?? "\(type)"
        }
    }
}
