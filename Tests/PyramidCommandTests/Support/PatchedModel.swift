import Foundation
import Testing

/// The real model's header with some bytes changed, in a file as long as the real one whose
/// weights are a hole.
struct PatchedModel {
    /// The first 2 MiB, which hold all but weights.
    private(set) var bytes: [UInt8]
    /// The real file's size in bytes.
    let size: Int

    init() throws {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: TestModel.path))
        bytes = Array(try #require(try file.read(upToCount: 2 << 20)))
        size = Int(try file.seekToEnd())
        try file.close()
    }

    /// Replaces bytes at an offset.
    mutating func set(_ new: [UInt8], at offset: Int) {
        bytes.replaceSubrange(offset..<offset + new.count, with: new)
    }

    /// Replaces the 32-bit number of a metadata entry.
    mutating func set(_ key: String, to value: UInt32) throws {
        // A key is followed by the four bytes of its value's type.
        let place = try #require(Data(bytes).range(of: Data(key.utf8)))
        var new: [UInt8] = []
        new.append(value)
        set(new, at: place.upperBound + 4)
    }

    /// Replaces the first token that reads `text` by another text of the same length.
    mutating func replaceToken(_ text: String, with other: String) throws {
        var old: [UInt8] = []
        old.append(text)
        var new: [UInt8] = []
        new.append(other)
        try #require(old.count == new.count)
        set(new, at: try #require(Data(bytes).range(of: Data(old))).lowerBound)
    }

    func write(in folder: TemporaryFolder, _ name: String = "patched.gguf") throws -> String {
        try folder.write(name, bytes, size: size)
    }
}
