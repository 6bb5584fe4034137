#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Cosines and sines of the rotary embedding's angles, position by position, computed when a
/// position is first needed (RoPE, arXiv 2104.09864).
final class RotaryTable {
    /// Pairs of elements that are rotated in a head.
    let pairs: Int

    private let frequencies: [Double]
    private let table: PageBuffer
    private var ready = 0

    init(_ model: NativeModel, contextSize: Int) throws(NativeError) {
        let shape = model.shape
        pairs = shape.rotatedSize / 2
        frequencies = (0..<shape.rotatedSize / 2).map { pair in
            let exponent = -2 * Double(pair) / Double(shape.rotatedSize)
            let factor = model.rotaryFactors.map { Double($0.elements[pair]) } ?? 1
            return pow(Double(shape.ropeBase), exponent) * Double(shape.ropeFrequencyScale) / factor
        }
        table = try PageBuffer(byteCount: max(1, contextSize * shape.rotatedSize) * 4)
    }

    /// Makes the angles of all positions below `count` available.
    func prepare(_ count: Int) {
        let values = table.elements(Float.self)
        while ready < count {
            let row = values + ready * 2 * pairs
            for (pair, frequency) in frequencies.enumerated() {
                row[pair] = Float(cos(Double(ready) * frequency))
                row[pairs + pair] = Float(sin(Double(ready) * frequency))
            }
            ready += 1
        }
    }

    /// The cosines of a prepared position, `[pairs]`, followed by the sines.
    func angles(at position: Int) -> UnsafePointer<Float> {
        UnsafePointer(table.elements(Float.self) + position * 2 * pairs)
    }
}
