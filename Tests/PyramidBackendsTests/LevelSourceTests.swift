import PyramidBackends
import PyramidDecoding
import Testing

@Suite("Levels for a mode")
struct LevelSourceTests {
    private let four: [LevelSource] = ["ngram", "draft", "qualifier", "target"].map { .init($0) }

    @Test("A mode for any number of levels takes all")
    func all() {
        for mode in [DecodingMode.exact, .coupled, .budget(Budget())] {
            #expect(four.forMode(mode) == four)
        }
    }

    @Test("Another one takes the bottom model and those nearest to the target")
    func fewer() {
        let models = Array(four.dropFirst())
        let psd: [DecodingMode] = [.psdA(PSDA()), .psdF(PSDF())]
        for mode in psd { #expect(four.forMode(mode) == models) }
        #expect(four.forMode(.fsd(FSD())) == [models[0], models[2]])
        let five = [LevelSource("ngram"), LevelSource("tiny")] + models
        #expect(five.forMode(psd[0]).map(\.text) == ["tiny", "qualifier", "target"])
    }

    @Test("As many as it is for stay, and too few are for the mode to refuse")
    func asMany() {
        let trio = [four[0]] + four.suffix(2)
        #expect(trio.forMode(.psdA(PSDA())) == trio)
        #expect(trio.forMode(.fsd(FSD())) == Array(four.suffix(2)))
        #expect(Array(four.suffix(2)).forMode(.psdA(PSDA())) == Array(four.suffix(2)))
        #expect([four[3]].forMode(.fsd(FSD())) == [four[3]])
    }
}
