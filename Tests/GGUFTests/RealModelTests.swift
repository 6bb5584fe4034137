import Foundation
import GGUF
import Testing

extension Tag {
    /// Tests that need model files.
    @Tag static var weights: Self
}

private let modelsFolder = ProcessInfo.processInfo.environment["PYRAMID_TEST_MODELS"]

@Suite(
    "Real model files", .tags(.weights), .serialized,
    .enabled(
        if: modelsFolder != nil,
        "set PYRAMID_TEST_MODELS to a folder with *.gguf files to run these tests"))
struct RealModelTests {
    private func paths() throws -> [String] {
        let folder = try #require(modelsFolder)
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasSuffix(".gguf") }.map { folder + "/" + $0 }
    }

    @Test("Every file opens and describes a model")
    func opening() throws {
        for path in try paths() {
            let files = try GGUFModelFiles(path: path)
            let model = ModelDescription(files)
            let vocabulary = try VocabularyDescription(files)
            print(path)
            print("  \(model.name ?? "?") \(model.architecture ?? "?")", terminator: " ")
            print("\(model.parameterCount) parameters, \(model.fileTypeName ?? "?")")
            print("  \(model.tensorTypeShares.map { "\($0.type) \($0.share)" })")
            print("  \(model.bitsPerWeight ?? 0) bits per weight", terminator: ", ")
            print("\(model.keyValueElementsPerToken ?? 0) KV elements per token")
            print("  \(vocabulary.size) tokens, \(vocabulary.logitCount ?? 0) logits")
            print("  \(vocabulary.tokenizerModel ?? "?") \(vocabulary.preTokenizer ?? "?")")
            print("  \(vocabulary.specialTokens)")
            #expect(model.architecture != nil)
            #expect(model.parameterCount > 0)
            #expect(model.keyValueElementsPerToken != nil)
            #expect(vocabulary.size > 0)
            let middle = try #require(vocabulary.text(of: vocabulary.size / 2))
            #expect(middle.byteCount > 0)
        }
    }

    @Test("Every pair of vocabularies is compared, and a file with itself is identical")
    func comparing() throws {
        let paths = try paths()
        let vocabularies = try paths.map { try VocabularyDescription(GGUFModelFiles(path: $0)) }
        for (first, firstPath) in zip(vocabularies, paths) {
            for (second, secondPath) in zip(vocabularies, paths) {
                let comparison = VocabularyDescription.compare(first, second)
                print("\(firstPath) and \(secondPath): \(comparison)")
                #expect(firstPath != secondPath || comparison == .identical)
            }
        }
    }
}
