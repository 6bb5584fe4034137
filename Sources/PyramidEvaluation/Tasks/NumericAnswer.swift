public import Foundation

/// The number that an answer in words comes to.
public struct NumericAnswer: Sendable, Equatable, CustomStringConvertible {
    /// Its value; a decimal one, so that 0.1 is 0.1.
    public let value: Decimal

    /// As few digits as it needs.
    public var description: String { "\(value)" }

    /// What GSM8K's form asks for: the number after the last `####`; where there is none, that in
    /// the last `\boxed{}`; where there is none either, the last number of the text. `nil` without
    /// any number there.
    ///
    /// Signs of money and percent, thousands' commas, a full stop behind and zeros at the end of
    /// decimals make no difference.
    public init?(in text: String) {
        let numbers =
            Self.part(after: "####", of: text).map { Self.numbers(in: $0).prefix(1) }
            ?? Self.part(after: "\\boxed{", of: text).map { Self.numbers(in: $0).prefix(1) }
        // A mark with nothing after it, as in a text cut off there, marks nothing.
        guard let number = numbers?.first ?? Self.numbers(in: text[...]).last else { return nil }
        value = number
    }

    /// The rest of the line that `mark` is last found in.
    private static func part(after mark: String, of text: String) -> Substring? {
        guard let range = text.range(of: mark, options: .backwards) else { return nil }
        return text[range.upperBound...].prefix { !$0.isNewline }
    }

    /// The numbers of a text, from left to right.
    private static func numbers(in text: Substring) -> [Decimal] {
        text.matches(of: /(?<sign>-\s?\$?)?(?<digits>\d{1,3}(?:,\d{3})+|\d+)(?<decimals>\.\d+)?/)
            .compactMap { match in
                let isNegative = match.output.sign.map { isMinus($0, in: text) } ?? false
                let digits = match.output.digits.filter { $0 != "," }
                return Decimal(
                    string: (isNegative ? "-" : "") + digits + (match.output.decimals ?? ""),
                    locale: Locale(identifier: "en_US_POSIX"))
            }
    }

    /// Whether a dash makes a number negative: that of `is -3` does; those of `5-3` and `5 - 3`
    /// do not.
    private static func isMinus(_ sign: Substring, in text: Substring) -> Bool {
        let before = text[..<sign.startIndex]
        let isSpaced = before.last == " " && sign.contains(" ")
        let neighbour = isSpaced ? before.last { $0 != " " } : before.last
        guard let neighbour else { return true }
        return !neighbour.isNumber && !neighbour.isLetter && !")%".contains(neighbour)
    }
}
