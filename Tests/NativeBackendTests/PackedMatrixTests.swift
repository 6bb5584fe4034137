import CKernels
import GGUFTestSupport
import PyramidDecoding
import Testing

@Suite("Packed weights")
struct PackedMatrixTests {
    private static let columns = [32, 96, 256, 512]

    @Test(
        "Rows come out of their groups with the values that the file's blocks define",
        arguments: WeightType.allCases)
    func values(type: WeightType) throws {
        var random = RandomSource(seed: 5)
        for columns in Self.columns where columns.isMultiple(of: type.blockSize) {
            for rows in [1, 2, 15, 16] {
                let bytes = type.randomBytes(
                    count: rows * columns, deviation: 1, using: &random)
                let matrix = try PackedGroup(type, bytes, rows: rows, columns: columns)
                check(matrix, against: type.values(of: bytes))
            }
        }
    }

    @Test("So do any bytes, whatever their scales", arguments: WeightType.allCases)
    func anyBytes(type: WeightType) throws {
        var random = RandomSource(seed: 6)
        let columns = 256
        for round in 0..<20 {
            let count = 16 * columns / type.blockSize * type.blockBytes
            let bytes = (0..<count).map { _ in
                round == 0 ? 0xFF : UInt8.random(in: 0...255, using: &random)
            }
            let matrix = try PackedGroup(type, bytes, rows: 16, columns: columns)
            check(matrix, against: type.values(of: bytes))
        }
    }

    @Test("Rows that are missing are zeros", arguments: WeightType.allCases)
    func padding(type: WeightType) throws {
        var random = RandomSource(seed: 7)
        let bytes = type.randomBytes(count: 3 * 256, deviation: 1, using: &random)
        let matrix = try PackedGroup(type, bytes, rows: 3, columns: 256)
        for row in 3..<16 { #expect(matrix.row(row).allSatisfy { $0 == 0 }) }
    }

    private func check(_ matrix: PackedGroup, against expected: [Double]) {
        for row in 0..<matrix.rows {
            let exact = expected[row * matrix.columns..<(row + 1) * matrix.columns]
            // A minimum of about the size of the scaled weight makes their sum less exact.
            let tolerance = 1e-6 * (exact.lazy.filter(\.isFinite).map(\.magnitude).max() ?? 0)
            for (value, exact) in zip(matrix.row(row), exact) {
                let difference = abs(Double(value) - exact)
                guard !(difference <= tolerance || !exact.isFinite) else { continue }
                Issue.record("\(value) in the place of \(exact)")
            }
        }
    }
}

/// Up to sixteen rows, packed.
private struct PackedGroup {
    struct UnknownType: Error {}

    let rows: Int
    let columns: Int
    private let format: ck_format
    private var group: [UInt8]

    init(_ type: WeightType, _ bytes: [UInt8], rows: Int, columns: Int) throws {
        guard ck_is_supported(type.number) else { throw UnknownType() }
        format = ck_format(rawValue: type.number)
        self.rows = rows
        self.columns = columns
        group = Array(repeating: 0xAA, count: ck_group_bytes(format, columns))
        ck_pack_group(format, bytes, bytes.count / rows, rows, columns, &group)
    }

    func row(_ row: Int) -> [Float] {
        Array(unsafeUninitializedCapacity: columns) { values, count in
            if let start = values.baseAddress { ck_unpack_row(format, group, row, columns, start) }
            count = columns
        }
    }
}
