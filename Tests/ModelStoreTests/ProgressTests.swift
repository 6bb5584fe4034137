import ModelStore
import Testing

@Suite struct `A progress bar` {
    private func progress(
        _ done: Int, of total: Int? = 1_000_000, speed: Double? = 50_000, file: String = "a.gguf"
    ) -> TransferProgress {
        TransferProgress(
            file: file, source: .huggingFace, bytesDone: done, bytesTotal: total,
            bytesPerSecond: speed)
    }

    @Test func `shows name, bar, per cent, bytes, speed and time left`() {
        let line = ProgressBar(width: 80, isASCII: true).line(for: progress(500_000))
        #expect(
            line
                == "a.gguf ##################------------------  50% 500.0kB/1.0MB 50.0kB/s ETA 0:10"
        )
    }

    @Test(arguments: [0, 1, 10, 39, 40, 60, 80, 200], [0, 333_333, 1_000_000])
    func `keeps to its width and fits the terminal`(_ width: Int, _ done: Int) {
        for isASCII in [true, false] {
            let bar = ProgressBar(width: width, isASCII: isASCII)
            let long = String(repeating: "model", count: 20)
            let line = bar.line(for: progress(done, file: long))
            #expect(line.count <= width)
            #expect(!isASCII || line.utf8.count == line.count)
        }
    }

    @Test func `colours without changing the text`() {
        let plain = ProgressBar(width: 60).line(for: progress(250_000))
        let colored = ProgressBar(width: 60, isColored: true).line(for: progress(250_000))
        #expect(colored.contains("\u{1B}[32m"))
        #expect(colored.replacing(#/\u{1B}\[[0-9]*m/#, with: "") == plain)
    }

    @Test func `leaves out what is not known`() {
        let line = ProgressBar(isASCII: true).line(for: progress(1500, of: nil, speed: nil))
        #expect(line == "a.gguf 1.5kB")
    }

    @Test(arguments: [
        (999, "999B"), (1000, "1.0kB"), (999_949, "999.9kB"), (999_950, "1.0MB"),
        (98_362_432, "98.4MB"), (1_117_320_768, "1.1GB"),
    ])
    func `rounds bytes to one decimal`(_ bytes: Int, _ text: String) {
        let line = ProgressBar().line(for: progress(bytes, of: nil, speed: nil))
        #expect(line == "a.gguf \(text)")
    }

    @Test func `says hours only when there are some and never years`() {
        let times = [(50_000, "0:19"), (1, "5:33:20"), (0.000_1, "99:59:59")].map { speed, _ in
            progress(0, of: speed == 50_000 ? 950_000 : 20_000, speed: Double(speed))
        }
        #expect(ProgressBar().line(for: times[0]).hasSuffix("ETA 0:19"))
        #expect(ProgressBar().line(for: times[1]).hasSuffix("ETA 5:33:20"))
        #expect(ProgressBar().line(for: times[2]).hasSuffix("ETA 99:59:59"))
    }
}

@Suite struct `A Content-Range header` {
    @Test func `is read with and without a total`() {
        #expect(ContentRange("bytes 5-9/10")?.first == 5)
        #expect(ContentRange("bytes 5-9/10")?.total == 10)
        #expect(ContentRange("Bytes 0-0/*")?.first == 0)
        #expect(ContentRange("bytes 0-0/*")?.total == nil)
    }

    @Test(arguments: ["", "bytes", "bytes */10", "bytes 9-5/10", "items 0-1/2", "bytes -1-2/3"])
    func `is refused when malformed`(_ header: String) {
        #expect(ContentRange(header) == nil)
    }
}
