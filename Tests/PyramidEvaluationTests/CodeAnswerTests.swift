import PyramidEvaluation
import Testing

struct CodeAnswerTests {
    private let prompt = "import math\n\n\ndef half(x):\n    \"\"\"Half of x.\"\"\"\n"

    @Test(arguments: [
        "\nprint(half(2))", "\ndef other():\n    pass", "\nclass A:\n    pass",
        "\nif __name__ == '__main__':\n    half(1)", "\n```\nThat is all.", "\nimport os",
    ])
    func `A continuation ends where the function does`(rest: String) {
        let body = "    # Half.\n    y = x / 2\n\n    return y\n"
        let source = CodeAnswer.source(continuation: body + rest, of: prompt)
        #expect(source.hasPrefix(prompt + body))
        #expect(["\n", "\n\n"].contains(source.dropFirst((prompt + body).count)))
    }

    @Test func `What may stand in the first column inside a function stays`() {
        let body = "    y = [\n        1, 2,\n]\n# note\n    z = \"\"\"a\nb\n\"\"\"\n    return y\n"
        #expect(CodeAnswer.source(continuation: body + "x = 1", of: prompt) == prompt + body)
    }

    @Test func `A continuation may start in the middle of a line`() {
        let source = CodeAnswer.source(
            continuation: "x):\n    return x / 2\nprint()", of: "def half(")
        #expect(source == "def half(x):\n    return x / 2\n")
    }

    @Test func `The fence that defines the function is the answer`() {
        let message = """
            First install it:
            ```sh
            pip install numbers
            ```
            Then:
            ```python
            def half(x):
                return helper(x)

            def helper(x):
                return x / 2
            ```
            Done. ```
            """
        let source = CodeAnswer.source(message: message, to: prompt, entryPoint: "half")
        #expect(source.hasPrefix("import math\n\n\ndef half(x):\n    return helper(x)\n"))
        #expect(source.hasSuffix("return x / 2\n"))
        #expect(!source.contains("pip"))
    }

    @Test(arguments: [
        "    return x / 2", "```python\n    return x / 2\n```", "```\n    return x / 2",
    ])
    func `A body alone continues the prompt`(message: String) {
        let source = CodeAnswer.source(message: message, to: prompt, entryPoint: "half")
        #expect(source == prompt + "    return x / 2\n")
    }

    @Test func `Code without a fence is taken as it is`() {
        let message = "def half(x):\n    return x / 2"
        let source = CodeAnswer.source(message: message, to: prompt, entryPoint: "half")
        #expect(source == "import math\n\n\n" + message + "\n")
    }
}
