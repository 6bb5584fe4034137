public import Foundation

/// A model file of the catalogue that lies complete in the cache.
public struct InstalledModel: Sendable, Hashable {
    /// The name of the family.
    public let family: String

    /// The place in that family's pyramid.
    public let role: ModelRole

    /// The catalogue's description.
    public let file: ModelFile

    /// Where it lies.
    public let path: URL

    /// The size on disk in bytes.
    public let bytes: Int

    /// True if this program has hashed the file, found it right, and it has not changed since.
    public let isVerified: Bool
}
