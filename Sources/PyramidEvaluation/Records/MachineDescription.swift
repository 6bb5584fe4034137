internal import Foundation

/// The machine that figures were measured on.
public struct MachineDescription: Sendable, Codable, Equatable {
    /// The CPU's name; `unknown` where the system does not tell.
    public var cpu: String
    /// Logical cores that are in use.
    public var cores: Int
    /// Bytes of memory.
    public var memoryBytes: Int
    /// The operating system and its version.
    public var os: String

    /// This machine.
    public static var current: MachineDescription {
        let info = ProcessInfo.processInfo
        return MachineDescription(
            cpu: cpuName ?? "unknown", cores: info.activeProcessorCount,
            memoryBytes: Int(clamping: info.physicalMemory), os: info.operatingSystemVersionString)
    }

    /// The time, ISO 8601 in UTC.
    static var now: String { Date().formatted(.iso8601) }

    private static var cpuName: String? {
        #if canImport(Darwin)
            var size = 0
            guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0 else {
                return nil
            }
            var bytes = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else {
                return nil
            }
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        #else
            guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
            defer { fclose(file) }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = fread(&buffer, 1, buffer.count, file)
            let lines = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n")
            // ARM's kernels name no model.
            let line = lines.first { $0.hasPrefix("model name") }
            return line?.split(separator: ":", maxSplits: 1).last
                .map { $0.trimmingCharacters(in: .whitespaces) }
        #endif
    }
}
