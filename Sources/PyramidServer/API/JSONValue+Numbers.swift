import Foundation
import Grammar

extension JSONValue {
    /// A whole number.
    static func integer(_ value: Int) -> JSONValue { .number("\(value)") }

    /// A number with at most so many digits after the point; null for what is none.
    static func decimal(_ value: Double, digits: Int = 3) -> JSONValue {
        guard value.isFinite else { return .null }
        let scale = pow(10, Double(digits))
        let rounded = (value * scale).rounded() / scale
        return .number(
            rounded == rounded.rounded() && abs(rounded) < 1e15
                ? "\(Int(rounded))" : "\(rounded)")
    }

    /// An object of members; those that are `nil` are left out.
    static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }
}
