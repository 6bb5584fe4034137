import CKernels

/// The kernels of one instruction set. All give the same bits.
public struct InstructionSet: Sendable, CustomStringConvertible {
    // Sendable: the table is constant.
    nonisolated(unsafe) let kernels: UnsafePointer<ck_kernels>

    /// The sets that this CPU has, the fastest first; the last is portable C.
    public static let available: [InstructionSet] = {
        var sets: [InstructionSet] = []
        var next = ck_available()
        while let kernels = next.pointee {
            sets.append(InstructionSet(kernels: kernels))
            next += 1
        }
        return sets
    }()

    /// The fastest that this CPU has.
    public static var fastest: InstructionSet { available[0] }

    /// Whether there is more than portable C, which is right everywhere but too slow to use.
    public static var hasFast: Bool { available.count > 1 }

    /// The name, such as `AVX-512 VNNI`.
    public var description: String { String(cString: kernels.pointee.name) }
}
