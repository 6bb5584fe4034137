import ArgumentParser

/// The program's root command.
@main
struct PyramidCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pyramid",
        abstract: "Runs a GGUF language model fast with a pyramid of smaller ones.",
        discussion: """
            A small draft proposes tokens, a qualifier checks them, the target decides. The \
            default modes are exact: the text is the target's own.

            Start with:  pyramid pull qwen2.5-coder
                         pyramid generate --family qwen2.5-coder --chat -p "Reverse a list in C"
            """,
        version: "0.1.0",
        subcommands: [
            GenerateCommand.self, PullCommand.self, ModelsCommand.self, InspectCommand.self,
            DeriveCommand.self,
        ])
}
