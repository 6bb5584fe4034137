import Foundation
import Synchronization

/// Counts SIGINT and SIGTERM: the first asks for an end after the round, the second ends at once.
enum Interrupts {
    private static let received = Atomic<Int32>(0)

    /// The signal that has come; `nil` while none has.
    static var pending: Int32? {
        let signal = received.load(ordering: .relaxed)
        return signal == 0 ? nil : signal
    }

    /// 130 after SIGINT, 143 after SIGTERM, as shells report them.
    static func exitCode(_ signal: Int32) -> Int32 { 128 + signal }

    /// Asks for an end as a signal does.
    static func ask(_ signal: Int32) {
        received.store(signal, ordering: .relaxed)
    }

    static func install() {
        // The handler must not be the first to touch it.
        _ = pending
        for number in [SIGINT, SIGTERM] {
            // Only an atomic and _exit: nothing else is safe inside a signal handler.
            signal(number) { number in
                let old = Interrupts.received.exchange(number, ordering: .relaxed)
                if old != 0 { _exit(Interrupts.exitCode(number)) }
            }
        }
    }

    /// Makes a signal remove the file at `path`, if it is there, and end the program: for work in
    /// a library that cannot be asked to stop.
    static func removeOnSignal(_ path: String) {
        let bytes = strdup(path)
        unfinished.store(UInt(bitPattern: bytes), ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            // Only unlink and _exit: nothing else is safe inside a signal handler.
            signal(number) { number in
                let address = Interrupts.unfinished.load(ordering: .relaxed)
                if let path = UnsafePointer<CChar>(bitPattern: address) { unlink(path) }
                _exit(Interrupts.exitCode(number))
            }
        }
    }

    /// The address of the path to remove, which is never freed; 0 while there is none.
    private static let unfinished = Atomic<UInt>(0)
}
