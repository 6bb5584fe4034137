package import Grammar

/// The members of a request's object, read by name and type; what is wrong is named.
package struct RequestFields {
    private let members: [String: JSONValue]
    /// Where the object stands in the request, such as `messages[0].`.
    private let path: String

    package init(_ value: JSONValue, path: String = "") throws(APIError) {
        guard case .object(let list) = value else {
            throw APIError(
                .invalidRequest, "\(path.isEmpty ? "the body" : path) must be a JSON object",
                parameter: path.isEmpty ? nil : path)
        }
        members = Dictionary(list.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        self.path = path.isEmpty ? "" : path + "."
    }

    /// A member's value; `nil` where it is missing or null.
    subscript(name: String) -> JSONValue? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    var names: [String] { members.keys.sorted() }

    func string(_ name: String) throws(APIError) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else { throw wrong(name, "a string", value) }
        return text
    }

    func boolean(_ name: String) throws(APIError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .boolean(let flag) = value else { throw wrong(name, "true or false", value) }
        return flag
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(APIError) -> Double? {
        guard let value = self[name] else { return nil }
        guard case .number(let digits) = value, let number = Double(digits), range.contains(number)
        else {
            throw wrong(name, "a number from \(range.lowerBound) to \(range.upperBound)", value)
        }
        return number
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let value = self[name] else { return nil }
        guard case .number(let digits) = value, let number = Self.integer(digits),
            range.contains(number)
        else {
            let words =
                range.upperBound == .max
                ? "a whole number of at least \(range.lowerBound)"
                : "a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw wrong(name, words, value)
        }
        return number
    }

    /// Of the first of these members that is there; clients differ in what they call it.
    func integer(firstOf names: [String], in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let name = names.first(where: { self[$0] != nil }) else { return nil }
        return try integer(name, in: range)
    }

    func array(_ name: String) throws(APIError) -> [JSONValue]? {
        guard let value = self[name] else { return nil }
        guard case .array(let values) = value else { throw wrong(name, "an array", value) }
        return values
    }

    func object(_ name: String) throws(APIError) -> RequestFields? {
        guard let value = self[name] else { return nil }
        return try RequestFields(value, path: path + name)
    }

    /// A string or an array of strings.
    func strings(_ name: String, atMost count: Int) throws(APIError) -> [String] {
        guard let value = self[name] else { return [] }
        let expected = "a string or an array of at most \(count) strings"
        switch value {
        case .string(let text): return [text]
        case .array(let values) where values.count <= count:
            var texts: [String] = []
            for case .string(let text) in values { texts.append(text) }
            guard texts.count == values.count else { throw wrong(name, expected, value) }
            return texts
        default: throw wrong(name, expected, value)
        }
    }

    /// A member's name with where its object stands.
    func name(_ name: String) -> String { path + name }

    func wrong(_ name: String, _ expected: String, _ value: JSONValue) -> APIError {
        guard value != .null else {
            return APIError(
                .invalidRequest, "'\(path)\(name)' is missing; it must be \(expected)",
                parameter: path + name)
        }
        let text = value.text
        let shown = text.count > 80 ? text.prefix(77) + "..." : text[...]
        return APIError(
            .invalidRequest, "'\(path)\(name)' is \(shown); it must be \(expected)",
            parameter: path + name)
    }

    /// Also 1e3 and 16.0, which some clients write.
    private static func integer(_ digits: String) -> Int? {
        if let number = Int(digits) { return number }
        return Double(digits).flatMap { Int(exactly: $0) }
    }
}
