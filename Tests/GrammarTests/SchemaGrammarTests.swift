import Grammar
import Testing

/// A schema with texts that are valid and texts that are not.
struct SchemaCase: CustomTestStringConvertible {
    var schema: String
    var valid: [String]
    var invalid: [String]

    var testDescription: String { schema }
}

@Suite("JSON Schema as a grammar")
struct SchemaGrammarTests {
    static let cases = [
        SchemaCase(
            schema: "{}", valid: ["1", "null", #"{"a": [true, "x"]}"#, "-0.5e+3", "[]", "{}"],
            invalid: ["", "01", "{a:1}", "[1,]", "nul", "'a'"]),
        SchemaCase(
            schema: #"{"type": "string"}"#, valid: [#""""#, #""aä\n\u00e4""#],
            invalid: ["a", "\"a", #""\q""#, "\"\n\"", "1"]),
        SchemaCase(
            schema: #"{"type": "string", "minLength": 2, "maxLength": 3}"#,
            valid: [#""ab""#, #""abc""#, #""\n\n""#], invalid: [#""a""#, #""abcd""#]),
        SchemaCase(
            schema: #"{"type": "string", "format": "date"}"#, valid: [#""2026-11-22""#],
            invalid: [#""2026-13-01""#, #""26-1-1""#]),
        SchemaCase(
            schema: #"{"type": "string", "format": "date-time"}"#,
            valid: [#""2026-11-22T10:27:12Z""#, #""2026-11-22T10:27:12.5+01:00""#],
            invalid: [#""2026-11-22 10:27:12Z""#, #""2026-11-22T25:27:12Z""#]),
        SchemaCase(
            schema: #"{"enum": ["red", 1, null, {"a": 1}]}"#,
            valid: [#""red""#, "1", "null", #"{"a":1}"#], invalid: [#""blue""#, "2"]),
        SchemaCase(schema: #"{"const": "a\"b"}"#, valid: [#""a\"b""#], invalid: [#""ab""#]),
        SchemaCase(
            schema: #"{"type": ["integer", "null"]}"#, valid: ["12", "-3", "0", "null"],
            invalid: ["1.5", "-", "00", "true"]),
        SchemaCase(
            schema: #"{"type": "array", "items": {"type": "integer"}, "minItems": 1}"#,
            valid: ["[1]", "[1, 2,3]"], invalid: ["[]", "[true]", "[1 2]"]),
        SchemaCase(
            schema: #"{"type": "array", "items": {"type": "boolean"}, "maxItems": 2}"#,
            valid: ["[]", "[true]", "[true,false]"], invalid: ["[true,true,true]"]),
        SchemaCase(
            schema: #"{"items": {"type": "boolean"}, "minItems": 2, "maxItems": 3}"#,
            valid: ["[true,true]", "[true,true,false]"],
            invalid: ["[true]", "[true,true,true,true]"]),
        SchemaCase(
            schema: #"{"items": true, "maxItems": 1}"#, valid: ["[]", "[1]"], invalid: ["[1,1]"]),
        SchemaCase(
            schema: #"{"prefixItems": [{"type": "string"}, {"type": "integer"}]}"#,
            valid: [#"["a", 1]"#], invalid: [#"["a"]"#, #"[1, "a"]"#, #"["a",1,2]"#]),
        SchemaCase(
            schema: """
                {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": \
                "integer"}}, "required": ["name", "age"]}
                """,
            valid: [#"{"name": "A", "age": 3}"#, #"{"name":"A","age":3}"#],
            invalid: [
                #"{"age": 3, "name": "A"}"#, #"{"name": "A"}"#, "{}", #"{"name":"A","age":3,}"#,
            ]
        ),
        SchemaCase(
            schema: """
                {"properties": {"a": {"const": 1}, "b": {"const": 2}, "c": {"const": 3}}, \
                "required": ["b"]}
                """,
            valid: [
                #"{"b":2}"#, #"{"a":1,"b":2}"#, #"{"b":2,"c":3}"#, #"{"a":1,"b":2,"c":3}"#,
            ], invalid: ["{}", #"{"a":1}"#, #"{"a":1,"c":3}"#, #"{"b":2,"a":1}"#]),
        SchemaCase(
            schema: #"{"properties": {"a": {"const": 1}, "b": {"const": 2}}}"#,
            valid: ["{}", #"{"a":1}"#, #"{"b":2}"#, #"{"a":1,"b":2}"#],
            invalid: [#"{"b":2,"a":1}"#, #"{"c":1}"#, "{,}"]),
        SchemaCase(
            schema: """
                {"properties": {"a": {"const": 1}}, "required": ["a"], "additionalProperties": \
                {"type": "integer"}}
                """, valid: [#"{"a":1}"#, #"{"a":1,"x":5,"y":6}"#], invalid: [#"{"a":1,"x":"y"}"#]),
        SchemaCase(
            schema: #"{"additionalProperties": {"type": "null"}}"#,
            valid: ["{}", #"{"x":null}"#, #"{"x":null, "y":null}"#], invalid: [#"{"x":1}"#]),
        SchemaCase(
            schema: #"{"type": "object", "additionalProperties": false}"#, valid: ["{}", "{ }"],
            invalid: [#"{"a":1}"#]),
        SchemaCase(
            schema: #"{"required": ["x"]}"#, valid: [#"{"x":[1]}"#], invalid: ["{}"]),
        SchemaCase(
            schema: #"{"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 1}]}"#,
            valid: ["null", #""a""#], invalid: [#""ab""#, "1"]),
        SchemaCase(
            schema: """
                {"$defs": {"node": {"properties": {"next": {"anyOf": [{"$ref": "#/$defs/node"}, \
                {"type": "null"}]}}, "required": ["next"]}}, "$ref": "#/$defs/node"}
                """,
            valid: [#"{"next":null}"#, #"{"next":{"next":null}}"#], invalid: [#"{"next":{}}"#]),
        SchemaCase(
            schema: """
                {"allOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]}, {"properties": \
                {"b": {"const": 2}}, "required": ["b"]}]}
                """, valid: [#"{"a":1,"b":2}"#], invalid: [#"{"a":1}"#, #"{"b":2}"#]),
        SchemaCase(
            schema: #"{"title": "T", "description": "D", "type": "boolean", "default": true}"#,
            valid: ["true", "false"], invalid: ["1"]),
    ]

    @Test("Valid texts keep to it and others do not", arguments: cases)
    func texts(of item: SchemaCase) throws {
        let text = try SchemaGrammar.text(for: JSONValue(parsing: item.schema))
        let grammar = try GBNF(text)
        for valid in item.valid { #expect(grammar.matches(valid), "\(valid)\n\(text)") }
        for invalid in item.invalid { #expect(!grammar.matches(invalid), "\(invalid)\n\(text)") }
    }

    @Test(
        "Bounds of integers hold for every integer around them",
        arguments: [
            (0, 9), (1, 12), (7, 345), (-5, 5), (-120, -17), (99, 1001), (100, 199), (-1, 0),
            (8, 8),
        ])
    func integers(least: Int, most: Int) throws {
        let schema = #"{"type": "integer", "minimum": \#(least), "maximum": \#(most)}"#
        let grammar = try GBNF(try SchemaGrammar.text(for: JSONValue(parsing: schema)))
        for number in -1100...1100 {
            #expect(grammar.matches("\(number)") == (least...most).contains(number), "\(number)")
        }
        #expect(!grammar.matches("-0") && !grammar.matches("08"))
    }

    @Test("Exclusive bounds leave the bound out")
    func exclusive() throws {
        let schema = #"{"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 3}"#
        let grammar = try GBNF(try SchemaGrammar.text(for: JSONValue(parsing: schema)))
        #expect([0, 1, 2, 3].map { grammar.matches("\($0)") } == [false, true, true, false])
        let half = try GBNF(
            try SchemaGrammar.text(for: JSONValue(parsing: #"{"type":"integer","minimum":5}"#)))
        #expect(half.matches("123456789012345") && !half.matches("4") && half.matches("5"))
    }

    @Test("Any object is one")
    func anyObject() throws {
        let grammar = try GBNF(SchemaGrammar.anyObject)
        #expect(grammar.matches(#"{"a": {"b": [1, 2.5, null]}}"#) && grammar.matches("{}"))
        #expect(!grammar.matches("[]") && !grammar.matches("1"))
    }

    @Test(
        "What a grammar cannot say is refused by its name and place",
        arguments: [
            (#"{"type": "string", "pattern": "a+"}"#, "'pattern' at #"),
            (#"{"properties": {"a": {"not": {}}}}"#, "'not' at #/properties/a"),
            (#"{"type": "number", "minimum": 1}"#, "'minimum' at #, for type number"),
            (#"{"type": "int"}"#, "'int' is none of object"),
            (#"{"$ref": "http://x"}"#, "not within this schema"),
            (##"{"$ref": "#/$defs/x"}"##, "there is no #/$defs/x"),
            (##"{"$ref": "#"}"##, "refers to itself only"),
            (#"{"enum": []}"#, "#/enum must be an array"),
            (#"{"type": "string", "format": "ipv4"}"#, "#/format: \"ipv4\" is not supported"),
            (#"{"items": {}, "minItems": 3, "maxItems": 2}"#, "maxItems is less"),
            (#"{"type": "integer", "minimum": 3, "maximum": 2}"#, "no integer"),
            (#"{"minLength": 3000}"#, "no whole number from 0 to 2000"),
            ("false", "nothing is valid"), ("[1]", "is no schema"),
        ])
    func refused(schema: String, words: String) throws {
        let error = try #require(throws: GrammarError.self) {
            try SchemaGrammar.text(for: JSONValue(parsing: schema))
        }
        #expect(error.description.contains(words), "\(error)")
    }
}

@Suite("JSON values")
struct JSONValueTests {
    @Test("What is read is written as it was, members in their order")
    func roundTrip() throws {
        for text in [
            "null", "true", "-1.50e+3", #""\"\\\n\u0001ä😀""#, #"{"b":1,"a":[{},[]]}"#, "[]",
        ] {
            #expect(try JSONValue(parsing: text).text == text)
        }
        #expect(try JSONValue(parsing: #" { "a" : "\u00e4\ud83d\ude00" } "#)["a"] == .string("ä😀"))
        #expect(try JSONValue(parsing: #"{"a":1,"a":2}"#)["a"] == .number("2"))
    }

    @Test(
        "What is no JSON is refused with its place",
        arguments: [
            "", "{", "[1,]", "{\"a\" 1}", "01", "1.", "1e", "tru", "\"a", "\"\\x\"", "1 2", "nan",
            "\"\\ud83d\"", "\"\u{1}\"", "'a'", "-", "{\"a\":1,}",
            String(repeating: "[", count: 100),
        ])
    func refused(text: String) throws {
        let error = try #require(throws: GrammarError.self) { try JSONValue(parsing: text) }
        #expect(error.description.hasPrefix("no JSON: "))
        #expect(error.description.contains("at byte"))
    }
}
