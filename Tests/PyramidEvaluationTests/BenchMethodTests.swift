import PyramidDecoding
import PyramidEvaluation
import Testing

@Suite struct BenchMethodTests {
    private let three = BenchLevels(names: ["ngram", "small", "big"], hasLookup: true)
    private let four = BenchLevels(names: ["ngram", "tiny", "small", "big"], hasLookup: true)
    private let alone = BenchLevels(names: ["big"], hasLookup: false)

    @Test(arguments: [
        ("plain", "plain", [3], []),
        ("exact@ngram:4,draft:6", "exact@ngram:4,draft:6", [0, 1, 3], [4, 6]),
        ("exact@tiny:2,small:9", "exact@draft:2,qualifier:9", [1, 2, 3], [2, 9]),
        ("exact", "exact@ngram:4,draft:6,qualifier:6", [0, 1, 2, 3], [4, 6, 6]),
        ("exact@ngram", "exact@ngram:8", [0, 3], [8]),
        ("coupled@draft", "coupled@draft:4", [1, 3], [4]),
        ("auto", "auto", [0, 1, 2, 3], [4, 6, 6]),
        ("auto@qualifier", "auto@qualifier", [2, 3], [4]),
        ("fsd", "fsd(tau_t=0.4)@draft:4", [1, 3], [4]),
        ("fsd(tau_t=.2)@qualifier:7", "fsd(tau_t=0.2)@qualifier:7", [2, 3], [7]),
        ("psd-a", "psd-a(tau_t=0.5)@draft:5,qualifier:25", [1, 2, 3], [5, 25]),
        (
            "psd-f(tau_q=.3,tau_t=1,divergence=tv)@ngram:3,draft:5",
            "psd-f(tau_q=0.3,tau_t=1.0,divergence=tv)@ngram:3,draft:5", [0, 1, 3], [3, 5]
        ),
        ("budget(.02)@draft:4", "budget(limit=0.02)@draft:4", [1, 3], [4]),
    ])
    func `A spec is read, and its name is a spec of the same method`(
        spec: String, name: String, levels: [Int], lookaheads: [Int]
    ) throws {
        let method = try BenchMethod(spec: spec, levels: four)
        #expect(method.name == name)
        #expect(method.levels == levels)
        #expect(method.lookaheads == lookaheads)
        #expect(method.control == (spec.hasPrefix("auto") ? .auto : .fixed))
        #expect(try BenchMethod(spec: method.name, levels: four) == method)
    }

    @Test(arguments: [
        ("fast", "known: plain, auto, exact"),
        ("exact@middle:3", "known: ngram, draft, qualifier"),
        ("exact@big:3", "no level 'big' below"),
        ("exact@draft:0", "lookahead '0'"),
        ("exact@draft:x", "lookahead 'x'"),
        ("exact@draft:300", "is 300"),
        ("exact@draft:4,ngram:4", "not above"),
        ("exact@draft:4,draft:5", "not above"),
        ("exact@", "not LEVEL:LOOKAHEAD"),
        ("plain@draft:4", "takes no levels"),
        ("exact(tau_t=1)", "it has none"),
        ("fsd(tau_q=1)", "known: tau_t, divergence"),
        ("fsd(tau_t=x)", "not a number"),
        ("fsd(tau_t=-1)", "must be 0 or more"),
        ("fsd(.4)", "not NAME=VALUE"),
        ("fsd(tau_t=1", "')' is missing"),
        ("fsd(divergence=near)", "known: js"),
        ("fsd@ngram:4,draft:4", "is for 2 levels"),
        ("psd-f@draft:4", "is for 3 levels"),
        ("budget(2)", "must be 0 to 1"),
    ])
    func `A spec that is wrong is named with what is known`(spec: String, reason: String) throws {
        let error = try #require(throws: ConfigurationError.self) {
            _ = try BenchMethod(spec: spec, levels: four)
        }
        #expect(error.description.contains("'\(spec)'"), "\(error)")
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func `A target alone has only plain decoding`() throws {
        #expect(try BenchMethod.defaults(for: alone, isGreedy: true).map(\.name) == ["plain"])
        #expect(try BenchMethod.lossy(for: alone) == [])
        for spec in ["exact", "auto", "fsd"] {
            #expect(throws: ConfigurationError.self) {
                _ = try BenchMethod(spec: spec, levels: alone)
            }
        }
    }

    @Test func `The defaults are plain, every pair, all levels and automatic control`() throws {
        let names = try BenchMethod.defaults(for: three, isGreedy: true).map(\.name)
        #expect(
            names == [
                "plain", "exact@ngram:8", "exact@draft:4", "exact@draft:8",
                "exact@ngram:4,draft:6", "exact@ngram:4,draft:8", "auto", "auto@draft",
            ])
        let sampled = try BenchMethod.defaults(for: four, isGreedy: false).map(\.name)
        #expect(sampled.contains("coupled@ngram:4,draft:6,qualifier:6"))
        #expect(sampled.contains("exact@draft:4,qualifier:6"))
        #expect(Set(sampled).count == sampled.count)
    }

    @Test func `Lossy modes take the models they need`() throws {
        #expect(
            try BenchMethod.lossy(for: three).map(\.name) == [
                "fsd(tau_t=0.4)@draft:4", "budget(limit=0.02)@ngram:4,draft:6",
            ])
        #expect(
            try BenchMethod.lossy(for: four).map(\.name) == [
                "fsd(tau_t=0.4)@draft:4", "psd-a(tau_t=0.5)@draft:5,qualifier:25",
                "psd-f(tau_q=0.4,tau_t=0.5)@draft:15,qualifier:25",
                "budget(limit=0.02)@ngram:4,draft:6,qualifier:6",
            ])
    }
}
