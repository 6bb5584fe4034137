/// The terms under which a model's weights are given out.
public struct ModelLicence: Sendable, Hashable {
    /// The short name, an SPDX identifier where there is one: `Apache-2.0`.
    public let name: String

    /// What a user has to know or do before the download, nil if nothing.
    public let notice: String?

    /// Makes a licence from its short `name` and an optional `notice`.
    public init(name: String, notice: String? = nil) {
        self.name = name
        self.notice = notice
    }
}

extension ModelLicence {
    /// The Apache licence, version 2.0.
    public static let apache2 = ModelLicence(name: "Apache-2.0")
}
