import LlamaBackend
import Testing

@Suite struct RequantizerTests {
    @Test("An unknown quantization is refused with the known ones")
    func unknown() {
        let error = #expect(throws: LlamaError.self) {
            try Requantizer(type: "Q9_X", threads: 1)
        }
        #expect(error?.message.contains("Q9_X") == true)
        #expect(error?.message.contains("Q4_0") == true)
    }
}
