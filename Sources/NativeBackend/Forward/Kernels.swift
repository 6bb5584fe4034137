import CKernels

/// The kernels with the threads that run them.
struct Kernels {
    let instructionSet: InstructionSet
    let pool: WorkerPool
    let threads: Int

    private var table: ck_kernels { instructionSet.kernels.pointee }

    /// Runs `body` for every index below `count`, `grain` of them at least to a share.
    func each(
        _ count: Int, grain: Int = 1, _ body: @escaping (_ index: Int, _ thread: Int) -> Void
    ) {
        pool.run(units: count, grain: grain, threads: threads) { range, thread in
            for index in range { body(index, thread) }
        }
    }

    /// Multiplies matrices with the same rows; a share is some groups of one of them.
    ///
    /// - Parameters:
    ///   - products: One product for each matrix, with as many groups.
    ///   - finish: Told which columns of which product's output are complete.
    func multiply(
        _ products: [Product], finish: @escaping (_ product: Int, _ columns: Range<Int>) -> Void
    ) {
        let multiply = table.multiply
        let groups = products.reduce(0) { $0 + $1.groups }
        pool.run(units: groups, threads: threads) { range, _ in
            var start = 0
            for (index, product) in products.enumerated() {
                let part = range.clamped(to: start..<start + product.groups)
                if !part.isEmpty {
                    let first = part.lowerBound - start
                    withUnsafePointer(to: product.call) { multiply($0, first, part.count) }
                    let rows = PackedMatrix.groupRows
                    finish(index, first * rows..<(first + part.count) * rows)
                }
                start += product.groups
            }
        }
    }

    /// Multiplies two matrices of one shape with the same rows; a share has the same groups of
    /// both, so that what needs both results can follow at once.
    func multiplyPairs(
        _ first: Product, _ second: Product, finish: @escaping (_ columns: Range<Int>) -> Void
    ) {
        let multiply = table.multiply
        pool.run(units: first.groups, threads: threads) { range, _ in
            withUnsafePointer(to: first.call) { multiply($0, range.lowerBound, range.count) }
            withUnsafePointer(to: second.call) { multiply($0, range.lowerBound, range.count) }
            let rows = PackedMatrix.groupRows
            finish(range.lowerBound * rows..<range.upperBound * rows)
        }
    }

    func quantize(
        _ activation: ck_activation, _ values: UnsafePointer<Float>, columns: Int, row: Int,
        rows: Int, into target: UnsafeMutableRawPointer
    ) {
        table.quantize(activation, values, columns, row, rows, target)
    }

    func normalize(
        _ values: UnsafePointer<Float>, _ norm: FloatVector, epsilon: Float,
        into output: UnsafeMutablePointer<Float>
    ) {
        table.normalize(values, norm.elements, norm.count, epsilon, output)
    }

    func add(_ addends: UnsafePointer<Float>, to values: UnsafeMutablePointer<Float>, count: Int) {
        table.add(values, addends, count)
    }

    func gate(_ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>, count: Int) {
        table.gate(gate, up, count)
    }

    func rotate(
        _ head: UnsafeMutablePointer<Float>, _ angles: UnsafePointer<Float>, pairs: Int,
        order: ModelShape.RopeOrder
    ) {
        table.rotate(head, angles, angles + pairs, pairs, order == .halves)
    }

    func store(
        key: UnsafePointer<Float>, value: UnsafePointer<Float>, headSize: Int, position: Int,
        in head: KeyValueCache.Head
    ) {
        table.store(key, value, headSize, position, head.keys, head.values)
    }

    func attend(_ attention: ck_attention) {
        withUnsafePointer(to: attention) { table.attend($0) }
    }
}
