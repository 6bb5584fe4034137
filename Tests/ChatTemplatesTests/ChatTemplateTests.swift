import ChatTemplates
import Grammar
import Testing

@Suite struct ChatTemplateTests {
    /// The form of many models' templates.
    private static let chatML = """
        {%- for message in messages -%}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}
        {%- endfor -%}
        {%- if tools -%}{{- 'TOOLS ' + (tools | tojson) -}}{%- endif -%}
        {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
        """

    private let hello = [
        ChatMessage(role: "system", content: "Be brief."), ChatMessage(role: "user", content: "Hi"),
    ]

    @Test("A conversation becomes the template's text")
    func rendering() throws {
        let template = try ChatTemplate(Self.chatML, beginText: "<s>", endText: "</s>")
        #expect(
            try template.prompt(for: hello)
                == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                + "<|im_start|>assistant\n")
        #expect(template.source == Self.chatML)
    }

    @Test("The tokens around texts are the model's, whatever the variables say")
    func markers() throws {
        let template = try ChatTemplate(
            "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}", beginText: "<s>",
            endText: "</s>")
        #expect(try template.prompt(for: hello) == "<s>Be brief.</s>")
        let variables = try JSONValue(
            parsing: #"{"messages": [{"content": "x"}], "bos_token": "evil"}"#)
        #expect(try template.text(variables) == "<s>x</s>")
    }

    @Test("A template that refuses, fails or cannot be read says why")
    func errors() throws {
        #expect(throws: TemplateError.self) { try ChatTemplate(nil, beginText: "", endText: "") }
        for source in ["{% for %}", "{{ ", "{% if x %}"] {
            #expect(throws: TemplateError.self) {
                try ChatTemplate(source, beginText: "", endText: "")
            }
        }
        #expect(throws: TemplateError.self) {
            try ChatTemplate("a\0b", beginText: "", endText: "")
        }
        let strict = try ChatTemplate(
            "{{ raise_exception('roles must alternate') }}", beginText: "", endText: "")
        let error = #expect(throws: TemplateError.self) { try strict.prompt(for: hello) }
        #expect(error?.description.contains("roles must alternate") == true)
    }

    @Test("Texts keep every character, also those that JSON must escape")
    func characters() throws {
        let template = try ChatTemplate("{{ messages[0].content }}", beginText: "", endText: "")
        let text = "\"q\" \\ \u{8} \n\t é 漢 👩‍👩‍👧 {{ x }} {% y %}"
        #expect(try template.prompt(for: [ChatMessage(role: "user", content: text)]) == text)
    }
}
