/// What a generated program may use before it is ended.
public struct SandboxLimits: Sendable, Codable, Equatable {
    /// The time it may take by the clock. Default 10 s.
    public var time: Duration = .seconds(10)
    /// The processor time of one process, in whole seconds. Default 10.
    public var processorSeconds = 10
    /// The address space of one process, in bytes. Default 1 GiB.
    public var memory = 1 << 30
    /// How many processes and threads it may have at once. Default 8.
    public var processes = 8
    /// The size of one file, in bytes; all files together may have four times that, and they are
    /// in memory. Default 16 MiB.
    public var fileSize = 16 << 20
    /// How much of its output is read, in bytes; a program that writes more is ended. Default
    /// 64 KiB.
    public var output = 64 << 10

    /// The defaults.
    public init() {}
}
