/// The keys and values of all layers of one sequence, in half floats.
///
/// Room for the whole context is set aside, and taken page by page as positions are written unless
/// it is to be taken at once. Which
/// positions count is the caller's knowledge: to drop the last ones nothing needs to be done.
final class KeyValueCache {
    /// The places of one key-value head in one layer.
    struct Head {
        /// `[position / 16][headSize][16]`
        var keys: UnsafeMutablePointer<UInt16>
        /// `[position][headSize]`
        var values: UnsafeMutablePointer<UInt16>
    }

    private let memory: PageBuffer
    private let layers: Int
    private let heads: Int
    private let headElements: Int

    init(_ shape: ModelShape, contextSize: Int, isReserved: Bool) throws(NativeError) {
        layers = shape.layerCount
        heads = shape.keyValueHeadCount
        headElements = Self.padded(contextSize) * shape.headSize
        memory = try PageBuffer(
            byteCount: Self.byteCount(shape, contextSize: contextSize), isDense: isReserved)
        if isReserved { memory.touch() }
    }

    func head(_ head: Int, layer: Int) -> Head {
        let start = memory.elements(UInt16.self) + 2 * (layer * heads + head) * headElements
        return Head(keys: start, values: start + headElements)
    }

    /// Takes over the first `count` positions of another sequence's cache of the same shape.
    func copy(_ count: Int, from other: KeyValueCache, headSize: Int) {
        for layer in 0..<layers {
            for index in 0..<heads {
                let own = head(index, layer: layer)
                let source = other.head(index, layer: layer)
                // Keys lie in blocks: what comes after the last position is written before it is
                // read.
                own.keys.update(from: source.keys, count: Self.padded(count) * headSize)
                own.values.update(from: source.values, count: count * headSize)
            }
        }
    }

    /// Bytes that a full cache takes.
    static func byteCount(_ shape: ModelShape, contextSize: Int) -> Int {
        4 * shape.layerCount * shape.keyValueWidth * padded(contextSize)
    }

    /// Positions come in blocks of sixteen.
    static func padded(_ contextSize: Int) -> Int { (contextSize + 15) / 16 * 16 }
}
