import Foundation
import ModelStore
import Testing

@Suite struct `The cache's layout` {
    let sample = Sample(bytes: 1000)
    let fixture: StoreFixture
    private static let root = "models--owner--tiny-GGUF"

    init() throws { fixture = try StoreFixture() }

    /// Lays a file out as the hub's own tools do.
    private func leaveSnapshot(_ sample: Sample, commit: String, name: String = "tiny.gguf") throws
    {
        try fixture.folder.write(sample.content, to: "\(Self.root)/blobs/\(sample.sha256)")
        try fixture.folder.write(Array(commit.utf8), to: "\(Self.root)/refs/main")
        let link = fixture.repository.snapshotFile(name, commit: commit)
        try FileManager.default.createDirectory(
            at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: link.path, withDestinationPath: "../../blobs/\(sample.sha256)")
    }

    @Test func `lets a file be found that another program downloaded`() async throws {
        try leaveSnapshot(sample, commit: Sample.commit)
        let link = fixture.repository.snapshotFile("tiny.gguf", commit: Sample.commit)
        #expect(fixture.store.locate(sample.file())?.path == link.path)
        #expect(fixture.store.locate(sample.file(isKnown: false))?.path == link.path)
        // No server listens: nothing is downloaded, but the content is hashed.
        #expect(try await fixture.store.pull(sample.file()).path == link.path)
    }

    @Test func `hides partial files, other content under the same name and broken links`() throws {
        try fixture.leavePartial(sample, bytes: sample.content.count)
        #expect(fixture.store.locate(sample.file()) == nil)
        try leaveSnapshot(Sample(bytes: 1000, seed: 2), commit: Sample.commit)
        #expect(fixture.store.locate(sample.file()) == nil)
        let other = fixture.repository.blob(Sample(bytes: 1000, seed: 2).sha256)
        try FileManager.default.removeItem(at: other)
        #expect(fixture.store.locate(sample.file(isKnown: false)) == nil)
    }

    @Test func `hides a blob of the wrong size`() throws {
        try fixture.folder.write([1, 2], to: "\(Self.root)/blobs/\(sample.sha256)")
        #expect(fixture.store.locate(sample.file()) == nil)
    }

    @Test func `gives an unknown commit a name that moves along with the main branch`() throws {
        let repository = fixture.repository
        try repository.prepare()
        try fixture.folder.write(sample.content, to: "\(Self.root)/blobs/\(sample.sha256)")
        let derived = String(sample.sha256.prefix(40))
        let first = try repository.install(sample.file(), sha256: sample.sha256, hubCommit: nil)
        #expect(first == repository.snapshotFile("tiny.gguf", commit: derived))
        #expect(repository.mainCommit == derived)

        let other = Sample(bytes: 1000, seed: 2)
        try fixture.folder.write(other.content, to: "\(Self.root)/blobs/\(other.sha256)")
        let file = other.file(name: "sub/other.gguf")
        let link = try repository.install(file, sha256: other.sha256, hubCommit: Sample.commit)
        #expect(try content(link) == other.content)
        #expect(repository.mainCommit == Sample.commit)
        let moved = repository.snapshotFile("tiny.gguf", commit: Sample.commit)
        #expect(try content(moved) == sample.content)
    }

    @Test func `leaves a main branch of the hub alone when the source knows no commit`() throws {
        try leaveSnapshot(Sample(bytes: 1000, seed: 2), commit: Sample.commit, name: "old.gguf")
        let repository = fixture.repository
        try fixture.folder.write(sample.content, to: "\(Self.root)/blobs/\(sample.sha256)")
        let link = try repository.install(sample.file(), sha256: sample.sha256, hubCommit: nil)
        #expect(link == repository.snapshotFile("tiny.gguf", commit: Sample.commit))
        #expect(repository.mainCommit == Sample.commit)
    }

    @Test func `is listed with what was verified and what was not`() async throws {
        let family = ModelFamily(
            name: "tiny", summary: "",
            levels: [
                ModelLevel(role: .target, content: .file(sample.file())),
                ModelLevel(role: .qualifier, content: .requantizedTarget(type: "Q4_0")),
                ModelLevel(role: .draft, content: .file(sample.file(name: "absent.gguf"))),
            ])
        #expect(fixture.store.installed(in: [family]).isEmpty)
        try leaveSnapshot(sample, commit: Sample.commit)
        let before = fixture.store.installed(in: [family])
        #expect(before.map(\.role).contains(.target))
        #expect(before.first?.bytes == 1000)
        #expect(before.first?.isVerified == false)
        #expect(try await fixture.store.verify(sample.file()))
        #expect(fixture.store.installed(in: [family]).first?.isVerified == true)
        // Any later change makes the note void.
        try Data([1]).write(to: fixture.repository.blob(sample.sha256))
        #expect(fixture.store.installed(in: [family]).isEmpty)
    }
}
