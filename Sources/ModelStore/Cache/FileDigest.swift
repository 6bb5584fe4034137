import Crypto
import Foundation

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits a byte.
    package var hexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// The SHA-256 of the file at `url`, read in pieces of 1 MiB.
///
/// - Throws: ``ModelStoreError`` with code `cacheNotReadable`; `CancellationError`.
func fileSHA256(_ url: URL) async throws -> String {
    var digest = SHA256()
    do {
        let file = try FileHandle(forReadingFrom: url)
        defer { try? file.close() }
        while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
            try Task.checkCancellation()
            digest.update(data: data)
            await Task.yield()
        }
    } catch let error as CancellationError {
        throw error
    } catch {
        throw ModelStoreError(
            code: .cacheNotReadable, message: "Cannot read \(url.path): \(error).")
    }
    return digest.finalize().hexadecimal
}
