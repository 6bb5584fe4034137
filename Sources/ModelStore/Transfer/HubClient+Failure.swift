import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension HubClient {
    /// Throws unless `response` is 200 or 206.
    func check(
        _ response: HTTPClientResponse, file: ModelFile, url: URL
    ) throws(ModelStoreError) {
        let status = response.status.code
        let host = url.host ?? address.host
        switch status {
        case 200, 206:
            return
        case 401, 403:
            throw accessDenied(file, status: status, host: host)
        case 404, 410:
            throw ModelStoreError(
                code: .notFound,
                message: """
                    \(host) has no \(file.name) in \(file.repository) (\(status)): it was renamed \
                    or removed there.
                    """)
        case 408, 429, 500...:
            throw ModelStoreError(
                code: .serverFailure,
                message: "\(host) answers \(status) for \(file.name): try again later.")
        default:
            throw ModelStoreError(
                code: .unexpectedResponse, message: "\(host) answers \(status) for \(file.name).")
        }
    }

    private func accessDenied(_ file: ModelFile, status: UInt, host: String) -> ModelStoreError {
        let token = options.token == nil ? "no token was sent" : "the token in HF_TOKEN was sent"
        return ModelStoreError(
            code: .accessDenied,
            message: """
                \(host) answers \(status) for \(file.repository) (\(token)): accept the licence at \
                https://huggingface.co/\(file.repository) and set HF_TOKEN to a token of that \
                account.
                """)
    }

    /// What `error`, thrown by the connection to `url`, means to a user. A cancellation stays one.
    func networkFailure(_ error: any Error, url: URL) -> any Error {
        let host = url.host ?? address.host
        switch error {
        case is CancellationError, is ModelStoreError:
            return error
        case let error as HTTPClientError:
            return clientFailure(error, host: host)
        case let error as NIOConnectionError where error.connectionErrors.isEmpty:
            return ModelStoreError(
                code: .nameResolution,
                message: """
                    The name \(host) has no address here: check the network, the name server and \
                    HF_ENDPOINT.
                    """)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            return ModelStoreError(
                code: .tls,
                message: """
                    No secure connection to \(host) (\(error)): check the clock, the system's \
                    certificates and any proxy.
                    """)
        default:
            return ModelStoreError(
                code: .connection,
                message: "The connection to \(host) failed (\(error)): check the network.",
                systemCode: (error as? IOError)?.errnoCode)
        }
    }

    private func clientFailure(_ error: HTTPClientError, host: String) -> any Error {
        switch error {
        case .cancelled:
            return CancellationError()
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            return ModelStoreError(
                code: .timeout,
                message: "\(host) sent no byte for \(options.idleTimeout): try again later.")
        case .connectTimeout:
            return ModelStoreError(
                code: .timeout,
                message: """
                    \(host) took no connection within \(options.connectTimeout): check the network \
                    and any firewall.
                    """)
        case .tlsHandshakeTimeout:
            return ModelStoreError(
                code: .tls, message: "The TLS handshake with \(host) did not end in time.")
        default:
            return ModelStoreError(
                code: .connection, message: "The connection to \(host) broke (\(error)).")
        }
    }
}
