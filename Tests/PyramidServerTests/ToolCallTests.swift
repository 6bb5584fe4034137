import Grammar
import PyramidServer
import Testing

@Suite struct ToolCallTests {
    private static let text = """
        Let me look.
        <tool_call>
        {"name": "weather", "arguments": {"city": "Köln", "days": [1, 2]}}
        </tool_call>
        <tool_call>{"name": "time", "arguments": {}}</tool_call>
        """

    private func parts(_ pieces: [String]) -> [ToolCallReader.Part] {
        var reader = ToolCallReader()
        return pieces.flatMap { reader.parts(appending: $0) } + reader.finish()
    }

    /// Neighbouring texts as one.
    private func merged(_ parts: [ToolCallReader.Part]) -> [ToolCallReader.Part] {
        parts.reduce(into: []) { all, part in
            if case .text(let more) = part, case .text(let before)? = all.last {
                all[all.count - 1] = .text(before + more)
            } else {
                all.append(part)
            }
        }
    }

    @Test("Calls are found however the text is cut into pieces")
    func pieces() {
        let whole = merged(parts([Self.text]))
        #expect(
            whole == [
                .text("Let me look.\n"),
                .call(.init(name: "weather", arguments: #"{"city":"Köln","days":[1,2]}"#)),
                .text("\n"), .call(.init(name: "time", arguments: "{}")),
            ])
        let characters = Self.text.map(String.init)
        #expect(merged(parts(characters)) == whole)
        for size in 2..<20 {
            let pieces = stride(from: 0, to: characters.count, by: size).map {
                characters[$0..<min($0 + size, characters.count)].joined()
            }
            #expect(merged(parts(pieces)) == whole)
        }
    }

    @Test("What only looks like a call stays text; a call that was cut off counts if it is whole")
    func notCalls() {
        for text in [
            "a < b", "<tool", "<tool_call>{\"name\": 3}</tool_call>", "<tool_call>x</tool_call>",
        ] {
            #expect(merged(parts([text])) == [.text(text)])
        }
        #expect(parts(["<tool_call>{\"na"]) == [.text("<tool_call>{\"na")])
        #expect(
            parts(["<tool_call>{\"name\": \"f\", \"arguments\": \"{\\\"x\\\": 1}\"}</tool_call>"])
                == [.call(.init(name: "f", arguments: "{\"x\": 1}"))])
        #expect(
            parts(["<tool_call>{\"name\": \"f\", \"arguments\": {}}"])
                == [.call(.init(name: "f", arguments: "{}"))])
    }

    private func fields(_ json: String) throws -> RequestFields {
        try RequestFields(JSONValue(parsing: json))
    }

    @Test("What must be called is said by a grammar")
    func required() throws {
        let tools =
            #"[{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}}}, {"type": "function", "function": {"name": "g"}}]"#
        let choice = try #require(
            try ToolChoice(fields(#"{"tools": \#(tools), "tool_choice": "required"}"#)))
        #expect(choice.use == .required(nil))
        let grammar = try choice.grammar(nil)
        #expect(grammar.contains("<tool_call>") && grammar.contains(#"\"f\""#))
        #expect(grammar.contains(#"\"g\""#))
        let named = try #require(
            try ToolChoice(
                fields(
                    #"{"tools": \#(tools), "tool_choice": {"type": "function", "function": {"name": "g"}}}"#
                )))
        #expect(named.use == .required("g"))
        #expect(try !named.grammar("g").contains(#"\"f\""#))
        for wrong in [
            #"{"tools": \#(tools), "tool_choice": {"function": {"name": "h"}}}"#,
            #"{"tool_choice": "required"}"#, #"{"tools": [3]}"#, #"{"tools": "f"}"#,
        ] {
            #expect(throws: APIError.self) { try ToolChoice(fields(wrong)) }
        }
        #expect(try ToolChoice(fields("{}")) == nil)
        // References lead to the tool's own definitions.
        let referring =
            ##"{"$defs": {"city": {"enum": ["Rome"]}}, "properties": {"c": {"$ref": "#/$defs/city"}}, "required": ["c"]}"##
        for count in 1...2 {
            let functions = (0..<count).map {
                #"{"type": "function", "function": {"name": "f\#($0)", "parameters": \#(referring)}}"#
            }
            let choice = try #require(
                try ToolChoice(
                    fields(
                        #"{"tools": [\#(functions.joined(separator: ","))], "tool_choice": "required"}"#
                    )))
            #expect(try choice.grammar(nil).contains("Rome"))
        }
    }
}
