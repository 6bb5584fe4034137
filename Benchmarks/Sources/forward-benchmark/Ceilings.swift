import CCeilings
import Dispatch

/// The most that this many threads of this machine can do, measured.
struct Ceilings {
    /// Bytes read from memory in a second.
    var bytesPerSecond = 0.0
    /// Products of int8 in a second; 0 where they are not measured.
    var productsPerSecond = 0.0

    /// Measures again and keeps what was higher: on a shared machine it varies.
    mutating func measure(threads: Int) {
        let share = 256 << 20
        guard let memory = ceiling_allocate(threads * share) else { return }
        defer { memory.deallocate() }
        let start = UInt(bitPattern: memory)
        for _ in 0..<12 {
            let reading = seconds(threads) { thread in
                guard let own = UnsafeRawPointer(bitPattern: start + UInt(thread * share)) else {
                    return
                }
                _ = ceiling_read(own, share)
            }
            bytesPerSecond = max(bytesPerSecond, Double(threads * share) / reading)
            let rounds: UInt64 = 2_000_000
            let multiplying = seconds(threads) { _ in
                var result: UInt32 = 0
                _ = ceiling_dots(rounds, &result)
            }
            var result: UInt32 = 0
            let products = Double(ceiling_dots(1, &result) * rounds) * Double(threads)
            productsPerSecond = max(productsPerSecond, products / multiplying)
        }
    }
}

/// The time until all threads have run `body`.
private func seconds(_ threads: Int, _ body: @Sendable (Int) -> Void) -> Double {
    let clock = ContinuousClock()
    let time = clock.measure { DispatchQueue.concurrentPerform(iterations: threads, execute: body) }
    return time / .seconds(1)
}
