import LlamaBackend
import Testing

@Suite struct WorkerAddressTests {
    @Test("Names and addresses with a port")
    func sound() throws {
        for text in ["localhost:50052", "192.168.0.2:1", "gpu-1.lan:65535"] {
            #expect(try #require(WorkerAddress(text)).description == text)
        }
    }

    @Test(
        "What llama.cpp would end the process on is none",
        arguments: [
            "", ":", "host", "host:", ":1", "host:0", "host:65536", "host:-1", "host:1x", "a:b:1",
            "::1:50052", "my host:1", "host:+1", "host:١",
        ])
    func unsound(text: String) {
        #expect(WorkerAddress(text) == nil)
    }
}
