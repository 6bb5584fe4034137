import NIOHTTP1

/// What the hub states about a file in the headers of its answer.
struct HubStatement: Hashable {
    /// `X-Repo-Commit`, 40 hexadecimal digits.
    private(set) var commit: String?

    /// `X-Linked-Etag`: the SHA-256 of a file in large-file storage, 64 lower-case digits.
    private(set) var sha256: String?

    /// `X-Linked-Size` in bytes.
    private(set) var bytes: Int?

    /// Adds what `headers` state; what an earlier answer stated stays.
    mutating func merge(_ headers: HTTPHeaders) {
        if let value = headers.first(name: "X-Repo-Commit"), value.isHexadecimal(digits: 40) {
            commit = commit ?? value
        }
        if let value = headers.first(name: "X-Linked-Etag") {
            let digits = value.filter { $0 != "\"" }.lowercased()
            if digits.isHexadecimal(digits: 64) { sha256 = sha256 ?? digits }
        }
        if let value = headers.first(name: "X-Linked-Size"), let size = Int(value), size > 0 {
            bytes = bytes ?? size
        }
    }

    /// What the download has to be, from the catalogue's facts and these.
    ///
    /// - Throws: ``ModelStoreError`` with code `contentChanged` if both are known and differ,
    ///   `noChecksum` if neither knows a SHA-256.
    func expectation(for file: ModelFile) throws(ModelStoreError) -> ExpectedContent {
        if let sha256, let known = file.sha256, sha256 != known {
            throw changed(file, fact: "SHA-256", stated: sha256, known: known)
        }
        if let bytes, let known = file.bytes, bytes != known {
            throw changed(file, fact: "size", stated: "\(bytes)", known: "\(known)")
        }
        guard let sha256 = file.sha256 ?? sha256 else {
            throw ModelStoreError(
                code: .noChecksum,
                message: """
                    Neither the catalogue nor the hub states a SHA-256 for \(file.name): it cannot \
                    be checked and is not downloaded. Unset HF_ENDPOINT if it names a mirror.
                    """)
        }
        return ExpectedContent(sha256: sha256, bytes: file.bytes ?? bytes, hubCommit: commit)
    }

    private func changed(
        _ file: ModelFile, fact: String, stated: String, known: String
    ) -> ModelStoreError {
        ModelStoreError(
            code: .contentChanged,
            message: """
                \(file.repository) now states \(fact) \(stated) for \(file.name), the catalogue \
                expects \(known): the file was replaced there.
                """)
    }
}
