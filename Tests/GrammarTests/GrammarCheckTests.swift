import Grammar
import Testing

@Suite("Grammars that llama.cpp can be given")
struct GrammarCheckTests {
    @Test(
        "What is sound passes",
        arguments: [
            "root ::= \"a\"", "root ::= item+ # a comment\nitem ::= [a-z] | \"\\x41\" | .\n",
            "root ::= (\n  \"a\" |\n  \"b\"\n)* \"!\"\n",
            "root ::= [^\"\\\\] {2,5} list?\nlist ::= \",\" list | \";\"",
            "a ::= \"x\"\nroot ::= a{3} a{2,} a{0,7} \"\"", "root ::= <[100]> !<|im_end|> \"x\"",
            "root ::= value\nvalue ::= \"[\" (value (\",\" value)*)? \"]\" | [0-9]+",
        ])
    func sound(grammar: String) throws {
        try GrammarCheck.check(grammar)
    }

    @Test("So do the grammars that are made of schemas")
    func schemas() throws {
        try GrammarCheck.check(SchemaGrammar.anyObject)
        for item in SchemaGrammarTests.cases {
            try GrammarCheck.check(SchemaGrammar.text(for: JSONValue(parsing: item.schema)))
        }
    }

    private static let doubling =
        (0..<40).map { "a\($0) ::= a\($0 + 1) \"x\" | a\($0 + 1) \"y\"\n" }
        .joined() + "a40 ::= \"z\"\nroot ::= a0"

    @Test(
        "What would keep llama.cpp busy for ever, or end the process, is refused with a reason",
        arguments: [
            ("root ::= \"a\"{5,3}", "{5,3}"), ("root ::= \"a\"{9999}", "9999"),
            ("root ::= \"a\"{99999999999999999999}", "a number"),
            ("root ::= " + String(repeating: "(", count: 5000), "too deep"),
            ("root ::= a root \"y\" | \"x\"\na ::= b\nb ::= \"\"", "comes back to itself"),
            ("root ::= root \"a\"", "comes back to itself"),
            ("root ::= (\"a\"?)*", "comes back to itself"),
            (doubling, "too many ways"),
            ("root ::= \"" + String(repeating: "a", count: 30_000) + "\"{2000}", "elements"),
            ("root ::= (\"a\"{1000}){1000}", "elements"),
            (String(repeating: "# comment\n", count: 10_000) + "root ::= \"a\"", "bytes"),
            ("root ::= \"\0\"", "NUL"), ("root ::= missing", "no rule 'missing'"),
            ("other ::= \"a\"", "no rule 'root'"), ("", "no rule 'root'"), ("root", "'::='"),
            ("root ::= \"a", "expected"), ("root ::= [a", "expected"), ("root ::= []", "set"),
            ("root ::= \"\\q\"", "escape"), ("root ::= \"a\" )", "the end of the rule"),
            ("root ::= *", "the end of the rule"), ("root ::= <x", "'>'"),
            ("root ::= my_rule", "the end of the rule"),
        ])
    func refused(grammar: String, reason: String) {
        let error = #expect(throws: GrammarError.self) { try GrammarCheck.check(grammar) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test(
        "Schemas that come back to themselves, double or say two things are refused",
        arguments: [
            (##"{"allOf": [{"$ref": "#"}]}"##, "too deep"),
            (nested(60), "too deep or too large"),
            (#"{"properties": {"a": {}}, "anyOf": [{"required": ["b"]}]}"#, "beside anyOf"),
            (
                ##"{"$ref": "#/$defs/a", "minLength": 2, "$defs": {"a": {"type": "string"}}}"##,
                "beside $ref"
            ),
            (#"{"enum": "a"}"#, "array"), (#"{"anyOf": []}"#, "array"), (#"{"enum": []}"#, "array"),
            (wide(300), "200 is the most"),
        ])
    func refusedSchema(schema: String, reason: String) throws {
        let value = try JSONValue(parsing: schema)
        let error = #expect(throws: GrammarError.self) { try SchemaGrammar.text(for: value) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    private static func nested(_ depth: Int) -> String {
        (0..<depth).reduce("true") { inner, _ in
            #"{"type": ["array", "array"], "items": \#(inner)}"#
        }
    }

    private static func wide(_ count: Int) -> String {
        let members = (0..<count).map { #""p\#($0)": {"type": "null"}"# }
        return #"{"properties": {\#(members.joined(separator: ", "))}}"#
    }
}
