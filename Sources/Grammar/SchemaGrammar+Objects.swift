extension SchemaGrammar {
    /// An object with the schema's properties in their order.
    mutating func objectBody(_ schema: JSONValue, at place: String) throws(GrammarError) -> String {
        let properties: [JSONValue.Member]
        switch schema["properties"] {
        case .object(let members): properties = distinct(members)
        case nil: properties = []
        default: throw GrammarError("\(place)/properties must be an object")
        }
        let required = try requiredNames(schema, at: place)
        let named = Set(properties.map(\.name))
        let others = try additional(schema, at: place)
        // A required property without a schema of its own may have any value.
        let unnamed = required.filter { !named.contains($0) }
        let all = properties + unnamed.map { JSONValue.Member($0, .boolean(true)) }
        if all.isEmpty, others == nil {
            return schema["additionalProperties"] == nil
                ? anyObjectRule() : "\"{\" \(space()) \"}\""
        }
        // Every optional one can be followed by each of those after it.
        guard all.count <= Self.mostProperties else {
            throw GrammarError(
                "\(place) has \(all.count) properties; \(Self.mostProperties) is the most")
        }
        var members: [(rule: String, isRequired: Bool)] = []
        for property in all {
            let value = try body(of: property.value, at: "\(place)/properties/\(property.name)")
            let name = literal(JSONValue.quoted(property.name))
            let member = rule(
                "member-\(property.name)", "\(name) \(space()) \":\" \(space()) \(value)")
            members.append((member, required.contains(property.name)))
        }
        return "\"{\" \(space()) \(sequence(members, others)) \"}\""
    }

    private static let mostProperties = 200

    /// Members with commas between those that are there.
    private mutating func sequence(
        _ members: [(rule: String, isRequired: Bool)], _ others: String?
    ) -> String {
        let (space, comma) = (space(), "\(space()) \",\" \(space()) ")
        // What may follow once something stands before it, from the last member backwards.
        var following = others.map { "(\(comma)\($0))*" } ?? ""
        var starts: [String] = others.map { ["\($0) \(following)"] } ?? []
        var mayBeEmpty = true
        for member in members.reversed() {
            let whole = following.isEmpty ? member.rule : "\(member.rule) \(following)"
            let rest = rule("rest", "\(comma)\(whole)")
            let start = rule("start", whole)
            if member.isRequired {
                following = rest
                starts = [start]
                mayBeEmpty = false
            } else {
                // Without the member, what follows is as before.
                following = following.isEmpty ? "\(rest)?" : "(\(rest) | \(following))"
                starts.insert(start, at: 0)
            }
        }
        let body = starts.count == 1 ? starts[0] : "(" + starts.joined(separator: " | ") + ")"
        return mayBeEmpty ? "(\(body) \(space))?" : "\(body) \(space)"
    }

    /// The rule of a member whose name the schema leaves free; `nil` where there may be none.
    private mutating func additional(
        _ schema: JSONValue, at place: String
    ) throws(GrammarError) -> String? {
        guard let value = schema["additionalProperties"], value != .boolean(false) else {
            return nil
        }
        let body = try body(of: value, at: "\(place)/additionalProperties")
        return rule("other", "\(stringRule()) \(space()) \":\" \(space()) \(body)")
    }

    private func requiredNames(
        _ schema: JSONValue, at place: String
    ) throws(GrammarError) -> [String] {
        guard let value = schema["required"] else { return [] }
        guard case .array(let names) = value else {
            throw GrammarError("\(place)/required must be an array of names")
        }
        var required: [String] = []
        for case .string(let name) in names where !required.contains(name) { required.append(name) }
        return required
    }

    /// Of equal names the last, as everywhere in JSON.
    private func distinct(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
        var seen: Set<String> = []
        return members.reversed().filter { seen.insert($0.name).inserted }.reversed()
    }
}
