import Foundation
import ModelStore

/// A folder of wheels made for one test, and an environment in which pip knows no other place.
struct Wheelhouse {
    struct BuildFailure: Error {}

    let folder: TemporaryFolder
    let environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        let outer = ProcessInfo.processInfo.environment
        environment = [
            "PATH": outer["PATH"] ?? "/usr/bin:/bin", "HOME": folder.url.path,
            "PIP_CONFIG_FILE": "/dev/null", "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": folder.url.path,
        ]
    }

    /// True if there is a python3 with pip.
    static let hasPip: Bool = {
        guard let wheelhouse = try? Wheelhouse() else { return false }
        return (try? wheelhouse.python(["-m", "pip", "--version"])) != nil
    }()

    /// Makes a wheel of `part` with `members`, a path and content each.
    func add(_ part: WheelPart, members: [String: [UInt8]]) throws {
        let name = part.package.replacing("-", with: "_")
        let tree = "tree-\(name)"
        let info = "\(name)-\(part.version).dist-info"
        let metadata = "Metadata-Version: 2.1\nName: \(part.package)\nVersion: \(part.version)\n"
        let wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        try folder.write(Array(metadata.utf8), to: "\(tree)/\(info)/METADATA")
        try folder.write(Array(wheel.utf8), to: "\(tree)/\(info)/WHEEL")
        try folder.write([], to: "\(tree)/\(info)/RECORD")
        try folder.write(
            Array("raise SystemExit('imported')".utf8), to: "\(tree)/\(name)/__init__.py")
        for (path, bytes) in members { try folder.write(bytes, to: "\(tree)/\(path)") }
        let root = folder.url.appendingPathComponent(tree)
        let entries = try FileManager.default.contentsOfDirectory(atPath: root.path)
        try python(
            ["-m", "zipfile", "-c", wheelPath(part).path]
                + entries.map { root.appendingPathComponent($0).path })
    }

    /// Where the wheel of `part` lies.
    func wheelPath(_ part: WheelPart) -> URL {
        let name = part.package.replacing("-", with: "_")
        return folder.url.appendingPathComponent("\(name)-\(part.version)-py3-none-any.whl")
    }

    func python(_ arguments: [String]) throws {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        child.arguments = ["python3"] + arguments
        child.environment = environment
        child.standardOutput = FileHandle.nullDevice
        try child.run()
        child.waitUntilExit()
        guard child.terminationStatus == 0 else { throw BuildFailure() }
    }
}
