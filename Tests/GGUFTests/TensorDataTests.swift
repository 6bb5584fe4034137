import Foundation
import GGUF
import GGUFTestSupport
import Synchronization
import Testing

@Suite("Tensor data")
struct TensorDataTests {
    /// The bytes of tensor `index`, different for every index and place.
    private func data(_ index: Int, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index &* 101 &+ $0 >> 8) }
    }

    /// A file with tensors of these byte counts, which start at number `first`.
    private func writer(sizes: [Int], first: Int = 0) -> GGUFWriter {
        var writer = GGUFWriter()
        for (index, size) in sizes.enumerated() {
            writer.tensors.append(
                GGUFWriter.Tensor(
                    name: "t\(first + index)", dimensions: [UInt64(size)], type: 24,
                    data: data(first + index, count: size)))
        }
        return writer
    }

    @Test(
        "The bytes are those that were written, whatever the alignment",
        arguments: [1, 2, 32, 64, 4096])
    func sameBytes(alignment: Int) throws {
        let sizes = [1, 32, 33, 0, 5000, 64, 4096, 9]
        var writer = writer(sizes: sizes)
        writer.alignment = alignment
        writer.set("general.alignment", .uint32(UInt32(alignment)))
        let file = try open(writer)
        for (index, size) in sizes.enumerated() {
            let tensor = try #require(file.tensor(named: "t\(index)"))
            file.withTensorBytes(tensor) { bytes in
                #expect(Array(bytes) == data(index, count: size))
                let address = bytes.baseAddress.map(UInt.init(bitPattern:)) ?? 1
                #expect(address.isMultiple(of: UInt(alignment)))
            }
        }
    }

    @Test("The bytes of a split model come from the part that holds them")
    func splitModel() throws {
        let folder = try TemporaryFolder()
        var path = ""
        for part in (0..<3).reversed() {
            var writer = writer(sizes: [40, 3000 + part], first: 2 * part)
            writer.set("split.no", .uint16(UInt16(part)))
            writer.set("split.count", .uint16(3))
            writer.set("split.tensors.count", .int32(6))
            path = try folder.write(writer.bytes(), as: "toy-0000\(part + 1)-of-00003.gguf")
        }
        let files = try GGUFModelFiles(path: path)
        for index in 0..<6 {
            let tensor = try #require(files.storedTensor(named: "t\(index)"))
            #expect(tensor.file === files.parts[index / 2])
            let size = index.isMultiple(of: 2) ? 40 : 3000 + index / 2
            #expect(tensor.withBytes { Array($0) } == data(index, count: size))
        }
        #expect(files.storedTensor(named: "t6") == nil)
    }

    @Test("A split model with a part that was cut short does not open")
    func cutPart() throws {
        let folder = try TemporaryFolder()
        for part in 0..<2 {
            var writer = writer(sizes: [40], first: part)
            writer.set("split.no", .uint16(UInt16(part)))
            writer.set("split.count", .uint16(2))
            writer.alignment = part == 0 ? 32 : 1
            if part == 1 { writer.set("general.alignment", .uint32(1)) }
            _ = try folder.write(
                Array(writer.bytes().dropLast(part)), as: "toy-0000\(part + 1)-of-00002.gguf")
        }
        let error = failure { () throws(GGUFError) in
            _ = try GGUFModelFiles(path: folder.path + "/toy-00001-of-00002.gguf")
        }
        #expect(error?.code == .tensorPastEnd)
        #expect(error?.path.hasSuffix("toy-00002-of-00002.gguf") == true)
    }

    @Test("An error of the reader passes through with its type")
    func errors() throws {
        let file = try open(writer(sizes: [8]))
        let tensor = try #require(file.tensor(named: "t0"))
        let error = failure { () throws(GGUFError) in
            try file.withTensorBytes(tensor) { (_: UnsafeRawBufferPointer) throws(GGUFError) in
                throw GGUFError(.unreadable, path: "x", message: "y")
            }
        }
        #expect(error?.path == "x")
    }

    @Test("A tensor of another file ends the program")
    func strangeTensor() async {
        await #expect(processExitsWith: .failure) {
            let tests = TensorDataTests()
            let other = try open(tests.writer(sizes: [64]))
            let tensor = try #require(other.tensor(named: "t0"))
            try open(tests.writer(sizes: [8])).dropPages(of: tensor)
        }
    }

    @Test("Bytes stay the same while other threads drop and prefetch the pages")
    func threads() throws {
        let size = 200_000
        let file = try open(writer(sizes: [100, size, 100]))
        let tensor = try #require(file.tensor(named: "t1"))
        let expected = data(1, count: size)
        let wrong = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 64) { index in
            switch index % 4 {
            case 0: file.dropPages(of: tensor)
            case 1: file.prefetchPages(of: tensor)
            default:
                let isSame = file.withTensorBytes(tensor) { $0.elementsEqual(expected) }
                if !isSame { wrong.withLock { $0 += 1 } }
            }
        }
        #expect(wrong.withLock { $0 } == 0)
    }

    @Test("Dropping and prefetching leaves small, empty and last tensors readable")
    func smallTensors() throws {
        let sizes = [1, 0, 4096, 10_000, 3]
        let file = try open(writer(sizes: sizes))
        for tensor in file.tensors { file.prefetchPages(of: tensor) }
        for tensor in file.tensors { file.dropPages(of: tensor) }
        for (index, tensor) in file.tensors.enumerated() {
            #expect(file.withTensorBytes(tensor) { Array($0) } == data(index, count: sizes[index]))
        }
    }

    #if os(Linux)
        @Test("Dropping a tensor's pages lowers the resident memory of the file")
        func residentMemory() throws {
            let size = 4 << 20
            let file = try open(writer(sizes: [100, size, 100]))
            let tensor = try #require(file.tensor(named: "t1"))
            let sum = file.withTensorBytes(tensor) { $0.reduce(0) { $0 &+ Int($1) } }
            #expect(sum > 0)
            #expect(try residentBytes(of: file.path) >= size / 2)
            file.dropPages(of: tensor)
            #expect(try residentBytes(of: file.path) < size / 8)
        }

        /// The resident bytes of the mappings of a file, as the kernel counts them.
        private func residentBytes(of path: String) throws -> Int {
            let report = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
            // The kernel writes this file while it is read, so its size is not known before.
            var bytes = Data()
            while let chunk = try report.read(upToCount: 65_536), !chunk.isEmpty { bytes += chunk }
            var kilobytes = 0
            var isInside = false
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                let words = line.split(separator: " ")
                if words.first?.hasSuffix(":") != true { isInside = line.contains(path) }
                if isInside, words.first == "Rss:" { kilobytes += Int(words[1]) ?? 0 }
            }
            return kilobytes * 1024
        }
    #endif
}
