/// A JSON Schema (draft 2020-12, the part that a grammar can say) as a grammar in GBNF: every text
/// of the grammar is valid under the schema, but that `oneOf` is read as `anyOf`, and that where
/// `additionalProperties` allows further names, one of these may be a named one again.
///
/// Properties come in the schema's order, and those that are not required may be left out;
/// properties that are not named are allowed only where `additionalProperties` says so, since a
/// model left free would seldom stop. What a grammar cannot say is refused by its name.
public struct SchemaGrammar {
    let root: JSONValue
    var rules: [(name: String, body: String)] = []
    /// Names of rules by what they are for: a `$ref`, or a primitive.
    var known: [String: String] = [:]
    /// How deep the schema that is being read is in others, and how many have been read: a schema
    /// that comes back to itself, or doubles with each step, must not keep anybody busy.
    private var depth = 0
    private var schemas = 0
    private var bytes = 0

    private static let mostDepth = 100
    private static let mostSchemas = 5_000

    /// The grammar of the texts that are valid under a schema.
    ///
    /// - Parameters:
    ///   - schema: The schema.
    ///   - before: What stands before each of these texts.
    ///   - after: What stands after it.
    /// - Throws: ``GrammarError`` that names the keyword and its place.
    public static func text(
        for schema: JSONValue, before: String = "", after: String = ""
    ) throws(GrammarError) -> String {
        var grammar = SchemaGrammar(root: schema)
        let body = try grammar.body(of: schema, at: "#")
        let value = before.isEmpty && after.isEmpty ? body : grammar.rule("value", body)
        let texts = [before, after].map { $0.isEmpty ? "" : grammar.literal($0) }
        let parts = [texts[0], value, texts[1]].filter { !$0.isEmpty }
        grammar.add("root", parts.joined(separator: " "))
        return grammar.text
    }

    /// The grammar of any JSON object, for `response_format` json_object.
    public static var anyObject: String {
        var grammar = SchemaGrammar(root: .object([]))
        let object = grammar.anyObjectRule()
        grammar.add("root", object)
        return grammar.text
    }

    private init(root: JSONValue) {
        self.root = root
    }

    private var text: String {
        rules.reversed().map { "\($0.name) ::= \($0.body)\n" }.joined()
    }

    mutating func add(_ name: String, _ body: String) {
        rules.append((name, body))
        bytes += body.utf8.count
    }

    /// A rule of its own for a body, with a name that begins as given.
    mutating func rule(_ name: String, _ body: String) -> String {
        let letters = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let unique = "\(String(letters))-\(rules.count)"
        add(unique, body)
        return unique
    }

    /// A rule that is made once.
    mutating func primitive(_ name: String, _ body: (inout Self) -> String) -> String {
        if let rule = known[name] { return rule }
        known[name] = name
        let text = body(&self)
        add(name, text)
        return name
    }

    /// The right side of a rule for the values that are valid under a schema.
    ///
    /// - Parameter place: Where the schema stands, as a JSON pointer, for errors and names.
    mutating func body(of schema: JSONValue, at place: String) throws(GrammarError) -> String {
        depth += 1
        schemas += 1
        defer { depth -= 1 }
        guard depth <= Self.mostDepth, schemas <= Self.mostSchemas,
            bytes <= GrammarCheck.mostBytes
        else {
            throw GrammarError(
                "the schema is too deep or too large at \(place.prefix(80)); make it simpler")
        }
        switch schema {
        case .boolean(true): return anyValueRule()
        case .boolean(false):
            throw GrammarError("\(place): the schema is false: nothing is valid")
        case .object(let members): return try body(of: members, schema, at: place)
        default: throw GrammarError("\(place): \(schema.text) is no schema: it must be an object")
        }
    }

    private mutating func body(
        of members: [JSONValue.Member], _ schema: JSONValue, at place: String
    ) throws(GrammarError) -> String {
        try refuseUnsupported(members, at: place)
        if let reference = schema["$ref"] {
            try refuseOthers(than: ["$ref"], members, at: place)
            return try body(ofReference: reference, at: place)
        }
        if let value = schema["const"] {
            try refuseOthers(than: ["const", "type"], members, at: place)
            return literal(value.text)
        }
        if let values = schema["enum"] {
            try refuseOthers(than: ["enum", "type"], members, at: place)
            return alternatives(try array(values, "\(place)/enum").map { literal($0.text) })
        }
        for name in ["anyOf", "oneOf"] {
            guard let choices = schema[name] else { continue }
            try refuseOthers(than: [name], members, at: place)
            return try alternatives(of: array(choices, "\(place)/\(name)"), at: "\(place)/\(name)")
        }
        if let parts = schema["allOf"] {
            let parts = try array(parts, "\(place)/allOf")
            return try body(of: merged(parts, schema, at: place), at: place)
        }
        switch schema["type"] {
        case .string(let type): return try body(ofType: type, schema, at: place)
        case .array(let types):
            var bodies: [String] = []
            for case .string(let type) in types {
                bodies.append(try body(ofType: type, schema, at: place))
            }
            guard bodies.count == types.count, !bodies.isEmpty else {
                throw GrammarError("\(place)/type must name types")
            }
            return alternatives(bodies)
        case nil: return try body(ofType: impliedType(schema), schema, at: place)
        default: throw GrammarError("\(place)/type must be a name or an array of names")
        }
    }

    /// The type that a schema without one is about, by its keywords; any where there are none.
    private func impliedType(_ schema: JSONValue) -> String? {
        let keywords: [(String, [String])] = [
            ("object", ["properties", "required", "additionalProperties"]),
            ("array", ["items", "prefixItems", "minItems", "maxItems"]),
            ("string", ["minLength", "maxLength", "format", "pattern"]),
            ("integer", Self.bounds),
        ]
        return keywords.first { $0.1.contains { schema[$0] != nil } }?.0
    }

    private mutating func body(
        ofType type: String?, _ schema: JSONValue, at place: String
    ) throws(GrammarError) -> String {
        switch type {
        case nil: return anyValueRule()
        case "object": return try objectBody(schema, at: place)
        case "array": return try arrayBody(schema, at: place)
        case "string": return try stringBody(schema, at: place)
        case "integer": return try integerBody(schema, at: place)
        case "number":
            if let bound = Self.bounds.first(where: { schema[$0] != nil }) {
                throw unsupported(bound, "\(place), for type number", "use type integer")
            }
            return numberRule()
        case "boolean": return "(\"true\" | \"false\")"
        case "null": return "\"null\""
        case .some(let other):
            throw GrammarError(
                "\(place)/type: '\(other)' is none of object, array, string, number, integer, "
                    + "boolean, null")
        }
    }

    private mutating func alternatives(
        of choices: [JSONValue], at place: String
    ) throws(GrammarError) -> String {
        var bodies: [String] = []
        for (index, choice) in choices.enumerated() {
            bodies.append(try body(of: choice, at: "\(place)/\(index)"))
        }
        return alternatives(bodies)
    }

    private func alternatives(_ bodies: [String]) -> String {
        bodies.count == 1 ? bodies[0] : "(" + bodies.joined(separator: " | ") + ")"
    }

    // MARK: References

    private mutating func body(
        ofReference reference: JSONValue, at place: String
    ) throws(GrammarError) -> String {
        guard case .string(let pointer) = reference, pointer.hasPrefix("#") else {
            throw GrammarError(
                "\(place)/$ref: \(reference.text) is not within this schema; only references that "
                    + "begin with # are supported")
        }
        if let rule = known[pointer] { return rule }
        let target = try schema(at: pointer, from: place)
        // Before its body, which may refer to itself.
        let letters = pointer.split(separator: "/").last.map(String.init) ?? "whole"
        let name =
            "ref-" + letters.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
            + "-\(known.count)"
        known[pointer] = name
        let text = try body(of: target, at: pointer)
        guard text != name else {
            throw GrammarError("\(place)/$ref: \(pointer) refers to itself only")
        }
        add(name, text)
        return name
    }

    private func schema(at pointer: String, from place: String) throws(GrammarError) -> JSONValue {
        var value = root
        for part in pointer.dropFirst().split(separator: "/") {
            let name = String(part).replacing("~1", with: "/").replacing("~0", with: "~")
            let next: JSONValue?
            if case .array(let values) = value {
                next = Int(name).flatMap { values.indices.contains($0) ? values[$0] : nil }
            } else {
                next = value[name]
            }
            guard let next else {
                throw GrammarError("\(place)/$ref: there is no \(pointer) in the schema")
            }
            value = next
        }
        return value
    }

    /// One schema that says what all parts of an `allOf` say, as far as they are objects.
    private func merged(
        _ parts: [JSONValue], _ schema: JSONValue, at place: String
    ) throws(GrammarError) -> JSONValue {
        guard case .object(let own) = schema else { return schema }
        var merged: [JSONValue.Member] = own.filter { $0.name != "allOf" }
        for (index, part) in parts.enumerated() {
            var part = part
            if case .string(let pointer)? = part["$ref"] {
                part = try self.schema(at: pointer, from: "\(place)/allOf/\(index)")
            }
            guard case .object(let members) = part else {
                throw GrammarError("\(place)/allOf/\(index) must be an object")
            }
            for member in members {
                try add(member, to: &merged, at: "\(place)/allOf/\(index)")
            }
        }
        return .object(merged)
    }

    private func add(
        _ member: JSONValue.Member, to merged: inout [JSONValue.Member], at place: String
    ) throws(GrammarError) {
        guard let index = merged.firstIndex(where: { $0.name == member.name }) else {
            merged.append(member)
            return
        }
        switch (member.name, merged[index].value, member.value) {
        case ("properties", .object(let first), .object(let second)):
            merged[index].value = .object(first + second)
        case ("required", .array(let first), .array(let second)):
            merged[index].value = .array(first + second)
        case (_, let first, let second):
            let isNote = Self.notes.contains(member.name)
            guard isNote || first == second else {
                throw unsupported(
                    member.name, "\(place), which differs from another part's",
                    "write the parts as one schema")
            }
        }
    }
}
