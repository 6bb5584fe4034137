import CKernels

/// A matrix, the rows it is multiplied with, and where the results go.
struct Product {
    let groups: Int
    let call: ck_product

    init(
        _ matrix: PackedMatrix, _ workspace: Workspace, rows: Int,
        output: UnsafeMutablePointer<Float>, stride: Int
    ) {
        groups = matrix.groups
        call = ck_product(
            format: matrix.format, groups: matrix.packed, columns: matrix.columns,
            activations: UnsafeRawPointer(workspace.prepared(matrix.activation)), rows: rows,
            output: output, outputStride: stride)
    }
}
