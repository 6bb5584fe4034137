/// One GGUF file of a catalogue: what it is, how it is recognised and where it can be had.
public struct ModelFile: Sendable, Hashable {
    /// The repository on the Hugging Face hub, `owner/name`; it also names the cache folder,
    /// whatever the source, also of a file that is on no hub.
    public let repository: String

    /// The path of the file inside its repository.
    public let name: String

    /// The size in bytes; nil if not known, then the hub's statement is used.
    public let bytes: Int?

    /// The SHA-256 as 64 lower-case hexadecimal digits; nil if not known. Then the one that the hub
    /// states for the file (`X-Linked-Etag`) is required of the download, so that it proves an
    /// intact transfer but trusts the hub for the content.
    public let sha256: String?

    /// The commit (40 hexadecimal digits) of the repository that holds this content; nil if not
    /// known. Only used to file a download whose source states no commit.
    public let commit: String?

    /// The terms of use.
    public let licence: ModelLicence

    /// Where the file can be had, in the order in which the places are tried.
    public let sources: [ModelSource]

    /// Whether it comes with the program and from nowhere else.
    public var isShipped: Bool { sources == [.shipped] }

    /// A draft of our own that comes with the program, under the Apache licence as all that they are
    /// made of so far.
    static func shipped(_ name: String, bytes: Int, sha256: String) -> ModelFile {
        ModelFile(
            repository: "PyramidSD/drafts", name: name, bytes: bytes, sha256: sha256,
            licence: .apache2, sources: [.shipped])
    }

    /// Describes a file; every fact that is not known may be left out.
    public init(
        repository: String, name: String, bytes: Int? = nil, sha256: String? = nil,
        commit: String? = nil, licence: ModelLicence, sources: [ModelSource] = [.huggingFace]
    ) {
        self.repository = repository
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256?.lowercased()
        self.commit = commit
        self.licence = licence
        self.sources = sources
    }
}
