import PyramidEvaluation
import Testing

/// Where the system allows no sandbox, the reason is printed and there is nothing to run.
struct CodeVerdictTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var source: String
        var passes: Bool
        var word: String?
        var testDescription: String { source }
    }

    @Test(arguments: [
        Sample(source: "def twice(x):\n    return 2 * x", passes: true),
        Sample(source: "def twice(x):\n    print('busy', end='')\n    return 2 * x", passes: true),
        Sample(source: "def twice(x):\n    return x", passes: false, word: "AssertionError"),
        Sample(source: "def twice(x:\n", passes: false, word: "SyntaxError"),
        Sample(source: "import sys\nsys.exit(0)", passes: false, word: "before its checks"),
        Sample(
            source: "import os\ndef twice(x):\n    print('all right', flush=True)\n    os._exit(0)",
            passes: false, word: "before its checks"),
        Sample(
            source: "def twice(x):\n    return open('/etc/passwd')", passes: false, word: "Error"),
    ])
    func `Only a program that ends after its checks passes`(sample: Sample) async throws {
        let sandbox: CodeSandbox
        do {
            sandbox = try await CodeSandbox()
        } catch let error as SandboxError {
            print("not tested: \(error)")
            return
        }
        let task = ProgramTask(
            entryPoint: "twice", test: "def check(f):\n    assert f(4) == 8\n",
            canonicalSolution: "")
        let verdict = try await CodeVerdict(source: sample.source, task: task, sandbox: sandbox)
        #expect(verdict.passes == sample.passes)
        #expect((verdict.reason == nil) == sample.passes)
        if let word = sample.word {
            #expect(verdict.reason?.contains(word) == true, "\(verdict.reason ?? "")")
        }
    }
}
