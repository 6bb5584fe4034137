extension SchemaGrammar {
    /// Keywords that say nothing about which values are valid.
    static let notes: Set<String> = [
        "$schema", "$id", "$comment", "$defs", "definitions", "$anchor", "title", "description",
        "default", "examples", "example", "deprecated", "readOnly", "writeOnly", "strict", "name",
    ]

    static let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]

    private static let supported: Set<String> = Set(
        bounds + [
            "$ref", "const", "enum", "anyOf", "oneOf", "allOf", "type", "properties", "required",
            "additionalProperties", "items", "prefixItems", "minItems", "maxItems", "minLength",
            "maxLength", "format",
        ])

    /// - Throws: ``GrammarError`` for a keyword that the grammar would leave unsaid.
    func refuseUnsupported(
        _ members: [JSONValue.Member], at place: String
    ) throws(GrammarError) {
        for member in members
        where !Self.notes.contains(member.name) && !Self.supported.contains(member.name) {
            throw unsupported(member.name, place, "leave it out")
        }
    }

    /// - Throws: ``GrammarError`` for a keyword that says more than the one which decides.
    func refuseOthers(
        than names: Set<String>, _ members: [JSONValue.Member], at place: String
    ) throws(GrammarError) {
        for member in members
        where !Self.notes.contains(member.name) && !names.contains(member.name) {
            let decisive = names.sorted().joined(separator: " and ")
            throw unsupported(
                member.name, "\(place) beside \(decisive)", "say both in one, or leave it out")
        }
    }

    /// The elements of an array that must have some.
    func array(_ value: JSONValue, _ place: String) throws(GrammarError) -> [JSONValue] {
        guard case .array(let values) = value, !values.isEmpty else {
            throw GrammarError("\(place) must be an array with at least one element")
        }
        return values
    }

    func unsupported(_ keyword: String, _ place: String, _ wayOut: String) -> GrammarError {
        GrammarError("'\(keyword)' at \(place) is not supported; \(wayOut)")
    }

    /// A whole number that a keyword has, at least `least`; `nil` where the schema lacks it.
    func count(
        _ keyword: String, _ schema: JSONValue, least: Int, at place: String
    ) throws(GrammarError) -> Int? {
        guard let value = schema[keyword] else { return nil }
        guard case .number(let digits) = value, let number = Int(digits), number >= least,
            number <= Self.mostRepeats
        else {
            throw GrammarError(
                "\(place)/\(keyword): \(value.text) is no whole number from \(least) to "
                    + "\(Self.mostRepeats)")
        }
        return number
    }

    /// Grammars with more repetitions are refused by llama.cpp.
    static let mostRepeats = 2000
}
