import GGUFTestSupport
import Foundation
import GGUF
import Testing

@Suite("Opening files")
struct OpeningTests {
    @Test("Versions 2 and 3 open", arguments: [UInt32(2), 3])
    func versions(version: UInt32) throws {
        var writer = ToyModel.writer()
        writer.version = version
        let file = try open(writer)
        #expect(file.version == Int(version))
        #expect(file.alignment == 32)
        #expect(file.byteCount == writer.bytes().count)
        #expect(file.dataOffset.isMultiple(of: 32))
        #expect(file.tensors.map(\.name) == ["token_embd.weight", "blk.0.attn_q.weight"])
    }

    @Test("A missing file is named, with what to do")
    func missing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/absent.gguf"
        let error = try #require(failure { () throws(GGUFError) in _ = try GGUFFile(path: path) })
        #expect(error.code == .fileMissing)
        #expect(error.path == path)
        #expect(error.description.hasPrefix(path + ": "))
        #expect(error.message.contains("pyramid pull"))
    }

    @Test("A path through a file, with a zero byte or empty is a missing file")
    func impossiblePaths() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([1])
        for path in [path + "/model.gguf", "", "a\0b"] {
            let error = failure { () throws(GGUFError) in _ = try GGUFFile(path: path) }
            #expect(error?.code == .fileMissing)
        }
    }

    @Test(
        "A file that may not be read is refused",
        .enabled(if: geteuid() != 0, "the superuser may read everything"))
    func permission() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(ToyModel.writer().bytes())
        #expect(chmod(path, 0) == 0)
        let error = failure { () throws(GGUFError) in _ = try GGUFFile(path: path) }
        #expect(error?.code == .permissionDenied)
    }

    @Test("A directory is refused")
    func directory() throws {
        let folder = try TemporaryFolder()
        let error = failure { () throws(GGUFError) in _ = try GGUFFile(path: folder.path) }
        #expect(error?.code == .isDirectory)
    }

    @Test("A device and a named pipe are refused without waiting")
    func notRegular() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, "/dev/null"] {
            let error = failure { () throws(GGUFError) in _ = try GGUFFile(path: path) }
            #expect(error?.code == .notRegularFile)
        }
    }

    @Test("An empty file is refused")
    func empty() throws {
        #expect(try failure(opening: [])?.code == .emptyFile)
    }

    @Test(
        "Other formats are refused with their first bytes",
        arguments: [
            ("PK\u{3}\u{4}rest", "50 4B 03 04"), ("<!DOCTYPE html>", "web page"),
            ("version https://git-lfs", "git lfs pull"), ("GG", "47 47"), ("tjgg....", "before"),
        ])
    func otherFormats(content: String, clue: String) throws {
        let error = try #require(try failure(opening: Array(content.utf8)))
        #expect(error.code == .notGGUF)
        #expect(error.message.contains(clue))
    }

    @Test("Version 1, unknown versions and big-endian files are refused")
    func otherVersions() throws {
        let expected: [(UInt32, GGUFError.Code)] = [
            (0, .unsupportedVersion), (1, .unsupportedVersion), (4, .unsupportedVersion),
            (UInt32(3).byteSwapped, .bigEndian), (UInt32(2).byteSwapped, .bigEndian),
            (.max, .unsupportedVersion),
        ]
        for (version, code) in expected {
            var writer = ToyModel.writer()
            writer.version = version
            #expect(try failure(opening: writer.bytes())?.code == code)
        }
    }

    @Test("Every truncation is found, and the shortfall in tensor data is exact")
    func truncations() throws {
        let bytes = ToyModel.writer().bytes()
        let file = try open(ToyModel.writer())
        let last = try #require(file.tensors.last)
        let end = file.dataOffset + last.offset + last.byteCount
        for length in 1..<bytes.count {
            let error = try failure(opening: Array(bytes.prefix(length)))
            if length >= end {
                #expect(error == nil)
            } else if length >= file.dataOffset {
                #expect(error?.code == .tensorPastEnd)
                #expect(error?.message.contains(" \(end - length) bytes short") == true)
            } else {
                let codes: [GGUFError.Code] = [.truncated, .notGGUF, .tensorPastEnd]
                #expect(codes.contains(try #require(error).code))
            }
        }
    }

    @Test("The shortfall of a cut download is grouped by thousands, with the way out")
    func shortfallText() throws {
        var writer = GGUFWriter()
        writer.addTensor("big", [1024])
        let bytes = writer.bytes()
        let error = try #require(try failure(opening: bytes.dropLast(1024)))
        #expect(error.message.contains("1,024 bytes short"))
        #expect(error.message.contains("run `pyramid pull` again"))
        #expect(error.message.contains("\"big\""))
    }
}

/// The error that opening these bytes gives, or `nil` when they open.
private func failure(opening bytes: ArraySlice<UInt8>) throws -> GGUFError? {
    try failure(opening: Array(bytes))
}
