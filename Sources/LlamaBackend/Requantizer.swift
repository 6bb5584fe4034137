internal import CLlama
internal import GGUF

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Makes a smaller sibling of a model by quantizing its weights again, with libllama's quantizer.
public struct Requantizer: Sendable {
    /// The quantizations that need no importance matrix, smallest first.
    public static let types = [
        "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_0", "Q4_K_S", "Q4_K_M", "Q4_1", "Q5_0",
        "Q5_K_S", "Q5_K_M", "Q5_1", "Q6_K", "Q8_0",
    ]

    private let fileType: llama_ftype
    private let threads: Int

    /// A requantizer to `type`, one of ``types`` in any case.
    ///
    /// - Throws: ``LlamaError`` for any other type.
    public init(type: String, threads: Int) throws(LlamaError) {
        guard let fileType = Self.fileTypes[type.uppercased()] else {
            throw LlamaError(
                .notRequantized,
                "unknown quantization '\(type)'; known: \(Self.types.joined(separator: ", "))")
        }
        self.fileType = fileType
        self.threads = threads
    }

    /// Reads the model at `input` and writes the smaller one to `output`, which appears only when
    /// it is complete.
    ///
    /// - Throws: `GGUFError` when the input is damaged, ``LlamaError`` when it cannot be done.
    public func requantize(_ input: String, to output: String) throws {
        LlamaRuntime.start(isBatchInvariant: false)
        let files = try GGUFModelFiles(path: input)
        let partial = Self.partialPath(of: output)
        guard access(folder(of: output), W_OK) == 0 else {
            throw LlamaError(
                .notRequantized,
                "\(folder(of: output)): \(String(cString: strerror(errno))); choose another output "
                    + "with -o")
        }
        try checkRoom(for: files.byteCount, at: folder(of: output))
        var parameters = llama_model_quantize_default_params()
        parameters.ftype = fileType
        parameters.nthread = Int32(clamping: threads)
        parameters.allow_requantize = true
        let (code, errors) = LlamaRuntime.collectingErrors {
            llama_model_quantize(input, partial, &parameters)
        }
        guard code == 0 else {
            unlink(partial)
            throw LlamaError(
                .notRequantized,
                "\(input): libllama cannot requantize it"
                    + (errors.isEmpty ? "" : ": \(errors)"), nativeCode: Int32(bitPattern: code))
        }
        do {
            // A disk that became full leaves a short file without an error.
            _ = try GGUFModelFiles(path: partial)
        } catch {
            unlink(partial)
            throw LlamaError(
                .notRequantized,
                "\(output): not written in full; free some space and try again (\(error))")
        }
        guard rename(partial, output) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(partial)
            throw LlamaError(.notRequantized, "\(output): \(reason)")
        }
    }

    /// Where the file for `output` is written until it is complete; a program that is ended
    /// meanwhile should remove it.
    public static func partialPath(of output: String) -> String {
        output + ".partial-\(getpid())"
    }

    private func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A full disk makes the quantizer's stream fail without a word, so look before.
    private func checkRoom(for bytes: Int, at folder: String) throws(LlamaError) {
        var statistics = statvfs()
        guard statvfs(folder, &statistics) == 0 else { return }
        let free = Int(clamping: statistics.f_bavail) * Int(clamping: statistics.f_frsize)
        guard free < bytes else { return }
        throw LlamaError(
            .notRequantized,
            "\(folder) has \(ByteCount(free)) free; up to \(ByteCount(bytes)) are "
                + "needed")
    }

    private static let fileTypes: [String: llama_ftype] = [
        "Q2_K": LLAMA_FTYPE_MOSTLY_Q2_K, "Q3_K_S": LLAMA_FTYPE_MOSTLY_Q3_K_S,
        "Q3_K_M": LLAMA_FTYPE_MOSTLY_Q3_K_M, "Q3_K_L": LLAMA_FTYPE_MOSTLY_Q3_K_L,
        "Q4_0": LLAMA_FTYPE_MOSTLY_Q4_0, "Q4_1": LLAMA_FTYPE_MOSTLY_Q4_1,
        "Q4_K_S": LLAMA_FTYPE_MOSTLY_Q4_K_S, "Q4_K_M": LLAMA_FTYPE_MOSTLY_Q4_K_M,
        "Q5_0": LLAMA_FTYPE_MOSTLY_Q5_0, "Q5_1": LLAMA_FTYPE_MOSTLY_Q5_1,
        "Q5_K_S": LLAMA_FTYPE_MOSTLY_Q5_K_S, "Q5_K_M": LLAMA_FTYPE_MOSTLY_Q5_K_M,
        "Q6_K": LLAMA_FTYPE_MOSTLY_Q6_K, "Q8_0": LLAMA_FTYPE_MOSTLY_Q8_0,
    ]
}
