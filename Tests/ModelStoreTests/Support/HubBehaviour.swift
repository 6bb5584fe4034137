import ModelStore

/// Answers like the hub for one file: headers with the facts, content with ranges.
struct HubBehaviour: Sendable {
    let sample: Sample
    /// False: answers 200 with everything, whatever range is asked for.
    var knowsRanges = true
    /// False: states neither commit, size nor hash.
    var statesFacts = true

    var facts: [String: String] {
        guard statesFacts else { return [:] }
        return [
            "X-Repo-Commit": Sample.commit, "X-Linked-Size": "\(sample.content.count)",
            "X-Linked-Etag": "\"\(sample.sha256)\"",
        ]
    }

    func reply(_ request: TestServer.Request) -> TestServer.Reply {
        guard request.method == "GET" else { return TestServer.Reply(headers: facts) }
        let tag = ["ETag": "\"content-1\""].merging(facts) { $1 }
        let isSame = request.headers["if-range"].map { $0 == "\"content-1\"" } ?? true
        guard knowsRanges, isSame, let range = request.headers["range"],
            let first = Int(range.dropFirst("bytes=".count).dropLast())
        else { return TestServer.Reply(headers: tag, body: sample.content) }
        guard first < sample.content.count else { return TestServer.Reply(status: 416) }
        let last = sample.content.count - 1
        return TestServer.Reply(
            status: 206,
            headers: tag.merging(
                ["Content-Range": "bytes \(first)-\(last)/\(sample.content.count)"]) { $1 },
            body: Array(sample.content[first...]))
    }
}
