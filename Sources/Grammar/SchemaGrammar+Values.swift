extension SchemaGrammar {
    /// A terminal of a grammar.
    func literal(_ text: String) -> String {
        JSONValue.quoted(text) { _ in nil }
    }

    /// At most a blank, or a line break with some indentation: a model that likes white space
    /// could go on with it for ever.
    mutating func space() -> String {
        primitive("space") { _ in #"(" " | "\n" [ \t]{0,20})?"# }
    }

    mutating func anyValueRule() -> String {
        primitive("value") { grammar in
            let parts = [
                grammar.anyObjectRule(), grammar.anyArrayRule(), grammar.stringRule(),
                grammar.numberRule(), "\"true\"", "\"false\"", "\"null\"",
            ]
            return parts.joined(separator: " | ")
        }
    }

    mutating func anyObjectRule() -> String {
        primitive("object") { grammar in
            let (space, string) = (grammar.space(), grammar.stringRule())
            let member = "\(string) \(space) \":\" \(space) \(grammar.anyValueRule())"
            return grammar.list(member, open: "{", close: "}", space, least: 0, most: nil)
        }
    }

    private mutating func anyArrayRule() -> String {
        primitive("array") { grammar in
            let (space, value) = (grammar.space(), grammar.anyValueRule())
            return grammar.list(value, open: "[", close: "]", space, least: 0, most: nil)
        }
    }

    mutating func stringRule() -> String {
        primitive("string") { grammar in "\"\\\"\" \(grammar.characterRule())* \"\\\"\"" }
    }

    private mutating func characterRule() -> String {
        primitive("character") { _ in
            #"[^"\\\x00-\x1F\x7F] | "\\" (["\\/bfnrt] | "u" "#
                + #"([0-9a-cefA-CEF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2}))"#
        }
    }

    mutating func numberRule() -> String {
        primitive("number") { grammar in
            "\(grammar.integerRule()) (\".\" [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?"
        }
    }

    private mutating func integerRule() -> String {
        primitive("integer") { _ in #""-"? ("0" | [1-9] [0-9]{0,15})"# }
    }

    // MARK: Arrays

    mutating func arrayBody(_ schema: JSONValue, at place: String) throws(GrammarError) -> String {
        let least = try count("minItems", schema, least: 0, at: place) ?? 0
        let most = try count("maxItems", schema, least: 0, at: place)
        guard most ?? least >= least else {
            throw GrammarError("\(place): maxItems is less than minItems")
        }
        let space = space()
        if case .array(let parts)? = schema["prefixItems"] {
            return try tuple(parts, schema, least, most, at: place)
        }
        let element = try body(of: schema["items"] ?? .boolean(true), at: "\(place)/items")
        if most == 0 { return "\"[\" \(space) \"]\"" }
        let item = rule("item", element)
        return list(item, open: "[", close: "]", space, least: least, most: most)
    }

    /// An array of as many elements as are named; more only where `items` allows it.
    private mutating func tuple(
        _ parts: [JSONValue], _ schema: JSONValue, _ least: Int, _ most: Int?, at place: String
    ) throws(GrammarError) -> String {
        if let rest = schema["items"], rest != .boolean(false) {
            throw unsupported("items", "\(place) beside prefixItems", "set it to false")
        }
        guard !parts.isEmpty, least <= parts.count, (most ?? parts.count) >= parts.count else {
            throw GrammarError(
                "\(place): minItems and maxItems leave no array of the \(parts.count) elements of "
                    + "prefixItems")
        }
        let space = space()
        var elements: [String] = []
        for (index, part) in parts.enumerated() {
            elements.append(try body(of: part, at: "\(place)/prefixItems/\(index)"))
        }
        let joined = elements.joined(separator: " \(space) \",\" \(space) ")
        return "\"[\" \(space) \(joined) \(space) \"]\""
    }

    /// Items with commas between brackets.
    private func list(
        _ item: String, open: String, close: String, _ space: String, least: Int, most: Int?
    ) -> String {
        let times = "{\(max(0, least - 1)),\(most.map { "\($0 - 1)" } ?? "")}"
        let more = most == 1 ? "" : "(\(space) \",\" \(space) \(item))\(times) "
        let items = "\(item) \(more)\(space)"
        let body = least > 0 ? items : "(\(items))?"
        return "\"\(open)\" \(space) \(body) \"\(close)\""
    }

    // MARK: Strings

    private static let formats = [
        "date": #"[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])"#,
        "time": #"([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,9})? "#
            + #"("Z" | [-+] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])"#,
        "uuid": "[0-9a-fA-F]{8} \"-\" ([0-9a-fA-F]{4} \"-\"){3} [0-9a-fA-F]{12}",
    ]

    mutating func stringBody(
        _ schema: JSONValue, at place: String
    ) throws(GrammarError) -> String {
        let least = try count("minLength", schema, least: 0, at: place)
        let most = try count("maxLength", schema, least: 0, at: place)
        if let format = schema["format"] {
            guard least == nil, most == nil else {
                throw unsupported("format", "\(place) beside a length", "leave one of them out")
            }
            guard case .string(let name) = format, let body = formatBody(name) else {
                let known = (Self.formats.keys + ["date-time"]).sorted().joined(separator: ", ")
                throw GrammarError(
                    "\(place)/format: \(format.text) is not supported; known: \(known)")
            }
            return "\"\\\"\" \(body) \"\\\"\""
        }
        guard least != nil || most != nil else { return stringRule() }
        guard most ?? .max >= least ?? 0 else {
            throw GrammarError("\(place): maxLength is less than minLength")
        }
        let character = characterRule()
        let times = "{\(least ?? 0),\(most.map(String.init) ?? "")}"
        return "\"\\\"\" \(character)\(times) \"\\\"\""
    }

    private func formatBody(_ name: String) -> String? {
        guard name == "date-time", let date = Self.formats["date"], let time = Self.formats["time"]
        else { return Self.formats[name] }
        return "\(date) \"T\" \(time)"
    }

    // MARK: Integers

    mutating func integerBody(
        _ schema: JSONValue, at place: String
    ) throws(GrammarError) -> String {
        var bounds: [String: Int] = [:]
        for keyword in Self.bounds {
            guard let value = schema[keyword] else { continue }
            guard case .number(let digits) = value, let number = Int(digits),
                abs(number) <= Self.greatest
            else {
                throw GrammarError(
                    "\(place)/\(keyword): \(value.text) is no whole number of at most 15 digits")
            }
            bounds[keyword] = number
        }
        guard !bounds.isEmpty else { return integerRule() }
        let least = [bounds["minimum"], bounds["exclusiveMinimum"].map { $0 + 1 }].compactMap { $0 }
            .max()
        let most = [bounds["maximum"], bounds["exclusiveMaximum"].map { $0 - 1 }].compactMap { $0 }
            .min()
        guard least ?? -Self.greatest <= most ?? Self.greatest else {
            throw GrammarError("\(place): no integer is within the bounds")
        }
        return "("
            + IntegerRange(least ?? -Self.greatest, most ?? Self.greatest).alternatives
            .joined(separator: " | ") + ")"
    }

    /// More digits than any double keeps are of no use.
    private static let greatest = 999_999_999_999_999
}
