import ArgumentParser

/// llama.cpp's short options that we do not have; without them `-fa on` would be read as
/// `-f on`, a prompt file.
struct ForeignFlags: ParsableArguments {
    @Option(
        name: NameSpecification(Self.names.map { .customLong($0, withSingleDash: true) }),
        parsing: .unconditionalSingleValue, help: .hidden)
    var values: [String] = []

    func validate() throws {
        guard let value = values.first else { return }
        let given = CommandLine.arguments.first { Self.names.contains(String($0.dropFirst())) }
        throw ValidationError(
            "\(given ?? "An option with the value '\(value)'") is an option of llama.cpp that "
                + "pyramid does not have")
    }

    private static let names = [
        "fa", "ctk", "ctv", "ctkd", "ctvd", "tb", "tbd", "ub", "np",
        "cb", "ngld", "dev", "devd", "sm", "mg", "ts", "ot", "cnv", "st", "lv", "cd", "cmoe",
    ]
}
