import Foundation

/// A file system of a few kilobytes in memory, mounted for one test; needs the right to mount.
final class SmallDisk {
    struct MountFailure: Error {}

    private let folder: TemporaryFolder
    let url: URL

    init(kilobytes: Int) throws {
        folder = try TemporaryFolder()
        url = folder.url.appendingPathComponent("disk", isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let options = "size=\(kilobytes)k"
        guard Self.run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", url.path]) else {
            throw MountFailure()
        }
    }

    deinit { _ = Self.run("umount", [url.path]) }

    func makeReadOnly() throws {
        guard Self.run("mount", ["-o", "remount,ro", url.path]) else { throw MountFailure() }
    }

    /// True if this account may mount.
    static let isAvailable: Bool = (try? SmallDisk(kilobytes: 64)) != nil

    private static func run(_ command: String, _ arguments: [String]) -> Bool {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        child.arguments = [command] + arguments
        child.standardError = FileHandle.nullDevice
        guard (try? child.run()) != nil else { return false }
        child.waitUntilExit()
        return child.terminationStatus == 0
    }
}
