import PyramidEvaluation
import Testing

struct TaskPromptTests {
    private let world = ToyWorld()

    @Test func `A prompt's style decides whether it is a message, unless somebody does`() {
        #expect(world.items.map { TaskPrompt($0, chat: nil).isMessage } == [false, true, false])
        #expect(world.items.map { TaskPrompt($0, chat: true).isMessage } == [true, true, true])
        #expect(world.items.map { TaskPrompt($0, chat: false).isMessage } == [false, false, false])
    }

    @Test func `A text stays as it is, and a function to continue is not touched`() {
        #expect(TaskPrompt(world.items[0], chat: true).text == "abc")
        let code = TaskPrompt(world.items[2], chat: nil)
        #expect(code.text == "def f():\n")
        #expect(code.stopStrings.contains("\ndef "))
    }

    @Test func `Questions ask for the form that is scored`() {
        for chat in [true, false] {
            let question = TaskPrompt(world.items[1], chat: chat)
            #expect(question.text.hasPrefix("ab\n\n"))
            #expect(question.text.contains("#### N"))
            #expect(question.text.hasSuffix("Answer:") == !chat)
        }
        let code = TaskPrompt(world.items[2], chat: true)
        #expect(code.text.contains("```python\ndef f():\n"))
        // An assistant may define what it needs.
        #expect(code.stopStrings.isEmpty)
    }
}
