import Foundation
import LlamaBackend
import PyramidDecoding

/// Texts of files as tokens, cut to a length.
struct TextPieces {
    /// A piece, and how many of its tokens are a prompt.
    struct Piece {
        var tokens: [TokenID]
        var promptCount: Int
    }

    let pieces: [Piece]
    var tokenCount: Int { pieces.reduce(0) { $0 + $1.tokens.count } }

    /// - Throws: ``CommandFailure`` for a file that cannot be read or has no text.
    init(_ files: [String], length: Int, tokenizer: LlamaTokenizer) throws {
        var pieces: [Piece] = []
        for file in files {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw CommandFailure("\(file) cannot be read")
            }
            let texts = try file.hasSuffix(".txt") ? [TextLine.plain(data)] : Self.lines(data, file)
            for text in texts {
                let whole = try text.piece(tokenizer)
                for start in stride(from: 0, to: whole.tokens.count, by: length) {
                    let tokens = whole.tokens[start..<min(start + length, whole.tokens.count)]
                    let prompt = min(max(0, whole.promptCount - start), tokens.count)
                    // A law needs a token before it.
                    guard tokens.count > 1 else { continue }
                    pieces.append(Piece(tokens: Array(tokens), promptCount: prompt))
                }
            }
        }
        guard !pieces.isEmpty else {
            throw CommandFailure("no text in \(files.joined(separator: ", "))")
        }
        self.pieces = pieces
    }

    private static func lines(_ data: Data, _ file: String) throws -> [TextLine] {
        try data.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
            if let text = try? JSONDecoder().decode(PlainLine.self, from: line) {
                return .plain(Data(text.text.utf8))
            }
            guard let answer = try? JSONDecoder().decode(BatchAnswer.self, from: line) else {
                throw CommandFailure(
                    "\(file), line \(number + 1): neither {\"text\"} nor an answer of pyramid batch"
                )
            }
            return .answer(answer)
        }
    }

    /// A line with nothing but a text.
    private struct PlainLine: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            let keys = try decoder.container(keyedBy: Key.self)
            text = try keys.decode(String.self, forKey: .text)
            guard !keys.contains(.prompt) else {
                throw Swift.DecodingError.dataCorruptedError(
                    forKey: .prompt, in: keys, debugDescription: "an answer")
            }
        }

        enum Key: String, CodingKey { case text, prompt }
    }
}

/// A text to read.
private enum TextLine {
    case plain(Data)
    case answer(BatchAnswer)

    func piece(_ tokenizer: LlamaTokenizer) throws -> TextPieces.Piece {
        switch self {
        case .plain(let data):
            let text = String(decoding: data, as: UTF8.self)
            return TextPieces.Piece(
                tokens: try tokenizer.tokens(of: text, addSpecial: true, parseSpecial: false),
                promptCount: 0)
        case .answer(let answer):
            // The tokens that were drawn, which need not be those that the text would split into.
            return TextPieces.Piece(
                tokens: answer.promptTokens + answer.tokens,
                promptCount: answer.promptTokens.count)
        }
    }
}
