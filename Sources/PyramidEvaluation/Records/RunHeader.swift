/// The first record of every run: what the figures after it were measured with.
public struct RunHeader: Record, Equatable {
    /// `header`.
    public static let type = "header"

    /// A loaded model.
    public struct Model: Sendable, Codable, Equatable {
        /// Its short name, as the records name levels.
        public var name: String
        /// The bytes of its file or files; `nil` for a lookup.
        public var fileBytes: Int?
        /// Who computes it; `nil` for a lookup.
        public var backend: String?

        /// A model.
        public init(name: String, fileBytes: Int? = nil, backend: String? = nil) {
            self.name = name
            self.fileBytes = fileBytes
            self.backend = backend
        }
    }

    /// The machine.
    public var machine: MachineDescription
    /// When the run began, ISO 8601 in UTC.
    public var date: String
    /// The levels, bottom first.
    public var models: [Model]
    /// Threads per forward.
    public var threads: Int
    /// The command that ran, word by word.
    public var commandLine: [String]
    /// The program's version.
    public var version: String

    /// A header of a run that begins now, on this machine.
    public init(
        models: [Model], threads: Int, commandLine: [String], version: String
    ) {
        machine = .current
        date = MachineDescription.now
        self.models = models
        self.threads = threads
        self.commandLine = commandLine
        self.version = version
    }
}
