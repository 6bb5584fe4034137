import CKernels
import GGUF

/// A matrix of weights, packed for the kernels.
// Sendable: never written after `init`.
final class PackedMatrix: @unchecked Sendable {
    let format: ck_format
    /// The results of one product, without padding.
    let rows: Int
    /// The elements of one row of activations.
    let columns: Int
    /// Groups of sixteen rows, the last perhaps padded.
    let groups: Int
    /// How activations must be prepared.
    let activation: ck_activation
    /// The bytes that one group takes.
    let groupBytes: Int

    private let memory: PageBuffer

    /// Packs a tensor with two dimensions.
    ///
    /// - Throws: ``NativeError`` when there is no memory for it.
    init(_ tensor: StoredTensor, pool: WorkerPool) throws(NativeError) {
        let info = tensor.info
        precondition(info.dimensions.count == 2 && ck_is_supported(info.type.id))
        let format = ck_format(rawValue: info.type.id)
        let (columns, rows) = (info.dimensions[0], info.dimensions[1])
        let groups = (rows + Self.groupRows - 1) / Self.groupRows
        let groupBytes = ck_group_bytes(format, columns)
        memory = try PageBuffer(byteCount: groups * groupBytes, isDense: true)
        self.format = format
        self.rows = rows
        self.columns = columns
        self.groups = groups
        self.groupBytes = groupBytes
        activation = ck_activation_of(format)
        let packed = memory.elements(UInt8.self)
        let rowBytes = info.byteCount / rows
        tensor.prefetchPages()
        tensor.withBytes { bytes in
            guard let source = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
                return
            }
            pool.run(units: groups, grain: 4, threads: pool.threads) { range, _ in
                for group in range {
                    let first = group * Self.groupRows
                    ck_pack_group(
                        format, source + first * rowBytes, rowBytes,
                        min(Self.groupRows, rows - first), columns, packed + group * groupBytes)
                }
            }
        }
        tensor.dropPages()
    }

    /// The first packed group.
    var packed: UnsafePointer<UInt8> {
        UnsafePointer(memory.start.assumingMemoryBound(to: UInt8.self))
    }

    /// The rows with padding.
    var paddedRows: Int { groups * Self.groupRows }

    /// Bytes of memory.
    var byteCount: Int { memory.byteCount }

    /// Writes the values of one row, `[columns]`.
    func unpack(row: Int, into values: UnsafeMutablePointer<Float>) {
        let group = packed + row / Self.groupRows * groupBytes
        ck_unpack_row(format, group, row % Self.groupRows, columns, values)
    }

    static let groupRows = Int(CK_GROUP_ROWS)
}
