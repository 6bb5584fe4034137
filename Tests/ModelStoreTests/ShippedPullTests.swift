import Foundation
import ModelStore
import Testing

struct `A pull of what came with the program` {
    let sample = Sample()
    var fixture: StoreFixture
    private let shipped: URL

    init() throws {
        fixture = try StoreFixture()
        shipped = fixture.folder.url.appendingPathComponent("Models")
        try FileManager.default.createDirectory(at: shipped, withIntermediateDirectories: true)
        fixture.options.shippedModels = shipped
    }

    private var file: ModelFile { sample.file(sources: [.shipped]) }

    @Test func `copies the file into the cache and checks it`() async throws {
        try Data(sample.content).write(to: shipped.appendingPathComponent("tiny.gguf"))
        let log = ProgressLog()
        let path = try await fixture.store.pull(file, progress: log.add)
        #expect(try content(path) == sample.content)
        #expect(log.all.last?.bytesDone == sample.content.count)
        // Afterwards the folder is not needed any more.
        try FileManager.default.removeItem(at: shipped)
        #expect(try await fixture.store.pull(file) == path)
    }

    @Test func `begins anew after an interrupted copy`() async throws {
        try Data(sample.content).write(to: shipped.appendingPathComponent("tiny.gguf"))
        try fixture.leavePartial(sample, bytes: 1000)
        #expect(try content(try await fixture.store.pull(file)) == sample.content)
    }

    @Test func `refuses another file of the name`() async throws {
        var other = sample.content
        other[1000] ^= 1
        try Data(other).write(to: shipped.appendingPathComponent("tiny.gguf"))
        let error = try await fixture.pullError(file)
        #expect(error.code == .checksumMismatch)
        #expect(error.message.contains("not the one that this program was built with"))
        #expect(fixture.store.locate(file) == nil)
    }

    @Test func `says where the file is to be found when it is not there`() async throws {
        let error = try await fixture.pullError(file)
        #expect(error.code == .noSource)
        #expect(error.message.contains("it is not in \(shipped.path)"))
        #expect(error.message.contains("PYRAMID_MODELS"))
        var fixture = fixture
        fixture.options.shippedModels = nil
        let other = try await fixture.pullError(file)
        #expect(other.message.contains("no such folder is near the program"))
    }
}
