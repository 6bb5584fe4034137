#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How much memory this process could still get.
enum SystemMemory {
    /// Bytes available without swapping, within the limit of the container if there is one; `nil`
    /// where the system does not tell.
    static var availableBytes: Int? {
        #if os(Linux)
            let system = field("MemAvailable:", of: "/proc/meminfo").map { $0 * 1024 }
            let limit = integer(at: "/sys/fs/cgroup/memory.max")
            let used = integer(at: "/sys/fs/cgroup/memory.current")
            guard let limit, let used else { return system }
            // Cached file pages count as used, but go when somebody needs the memory.
            let cached = field("inactive_file", of: "/sys/fs/cgroup/memory.stat") ?? 0
            return min(system ?? .max, max(0, limit - used + cached))
        #elseif canImport(Darwin)
            var bytes: UInt64 = 0
            var size = MemoryLayout<UInt64>.size
            guard sysctlbyname("hw.memsize", &bytes, &size, nil, 0) == 0 else { return nil }
            return Int(clamping: bytes)
        #else
            return nil
        #endif
    }

    private static func field(_ name: String, of path: String) -> Int? {
        guard let line = text(at: path)?.split(separator: "\n").first(where: { $0.hasPrefix(name) })
        else { return nil }
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    private static func integer(at path: String) -> Int? {
        text(at: path)?.split(separator: "\n").first.flatMap { Int($0) }
    }

    private static func text(at path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
