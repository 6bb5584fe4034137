import PyramidEvaluation
import Testing

/// Programs that misbehave in every way that the sandbox must contain. Where the system allows no
/// sandbox, the reason is printed and there is nothing to run.
@Suite(.serialized) struct CodeSandboxTests {
    @Test func `A good program runs and its output comes back`() async throws {
        guard let sandbox = try await makeSandbox() else { return }
        let outcome = try await sandbox.run("import sys\nprint(sum(range(10)), len(sys.argv))")
        #expect(outcome == SandboxOutcome(end: .exited(0), output: "45 1\n"))
        let failing = try await sandbox.run("raise ValueError('no')")
        #expect(failing.end == .exited(1))
        #expect(failing.output.contains("ValueError: no"))
    }

    @Test func `There is no network`() async throws {
        guard let sandbox = try await makeSandbox() else { return }
        let outcome = try await sandbox.run(
            """
            import socket
            server = socket.socket()
            for address in [("127.0.0.1", 9), ("192.0.2.1", 80)]:
                try:
                    socket.create_connection(address, 2)
                    print("connected")
                except OSError as error:
                    print(error.errno)
            """)
        // ENETUNREACH, also for the loopback, which is down.
        #expect(outcome == SandboxOutcome(end: .exited(0), output: "101\n101\n"))
    }

    @Test func `Neither files nor processes of the machine are visible`() async throws {
        guard let sandbox = try await makeSandbox() else { return }
        let outcome = try await sandbox.run(
            """
            import os
            print([f for f in ["/etc", "/home", "/root", "/proc", "/var"] if os.path.exists(f)])
            print(os.getpid(), sorted(os.environ), os.listdir("."), os.read(0, 1))
            for path in ["/usr/x", "/usr/bin/python3"]:
                try:
                    open(path, "w")
                    print("written")
                except OSError as error:
                    print(error.errno)
            """)
        // EROFS.
        #expect(outcome.output.contains("[]\n1 "), "\(outcome.output)")
        #expect(outcome.output.hasSuffix("30\n30\n"), "\(outcome.output)")
        #expect(outcome.output.contains(" [] b''\n"), "\(outcome.output)")
        for secret in ["USER", "HOME=/root", "SHELL"] {
            #expect(!outcome.output.contains(secret), "\(outcome.output)")
        }
    }

    @Test func `The walls cannot be taken down from inside`() async throws {
        guard let sandbox = try await makeSandbox() else { return }
        let outcome = try await sandbox.run(
            """
            import ctypes, os
            library = ctypes.CDLL(None, use_errno=True)
            flags = 32 | 4096 # MS_REMOUNT | MS_BIND
            print(library.mount(b"none", b"/usr", None, flags, None))
            print(library.mount(b"none", b"/work", b"tmpfs", 0, None))
            print(library.unshare(0x10000000)) # CLONE_NEWUSER
            print(library.umount2(b"/usr", 2))
            try:
                os.chroot("/work")
                print("moved")
            except PermissionError:
                print("refused")
            """)
        #expect(outcome == SandboxOutcome(end: .exited(0), output: "-1\n-1\n-1\n-1\nrefused\n"))
    }

    @Test func `A program that forks without end gets no further than its limit`() async throws {
        guard let sandbox = try await makeSandbox() else { return }
        let outcome = try await sandbox.run(
            """
            import os, time
            count = 0
            try:
                while count < 200:
                    if os.fork() == 0:
                        time.sleep(60)
                    count += 1
            except BlockingIOError:
                pass
            print(count)
            """)
        // The program itself is one of the eight, and what started it may be another.
        #expect(["6\n", "7\n"].contains(outcome.output), "\(outcome)")
        // All of them fork.
        let storm = try await makeSandbox { $0.time = .seconds(1) }?
            .run("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass")
        #expect(storm?.end == .outOfTime)
    }

    @Test func `A program that fills memory fails to`() async throws {
        guard let sandbox = try await makeSandbox() else { return }
        let outcome = try await sandbox.run(
            """
            kept = []
            try:
                while True:
                    kept.append(bytearray(64 << 20))
            except MemoryError:
                print(8 <= len(kept) < 16)
            """)
        #expect(outcome == SandboxOutcome(end: .exited(0), output: "True\n"))
    }

    @Test func `A program that writes huge files fails to`() async throws {
        guard let sandbox = try await makeSandbox() else { return }
        let outcome = try await sandbox.run(
            """
            import os, signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            errors = set()
            for name in range(20):
                try:
                    with open(str(name), "wb", buffering=0) as file:
                        while file.write(bytes(1 << 20)) == 1 << 20:
                            pass
                        file.write(b"more")
                except OSError as error:
                    errors.add(error.errno)
            sizes = [os.path.getsize(name) for name in os.listdir(".")]
            print(sorted(errors), max(sizes) <= 16 << 20, sum(sizes) <= 64 << 20)
            """)
        // EFBIG for a file, ENOSPC for all.
        #expect(outcome == SandboxOutcome(end: .exited(0), output: "[27, 28] True True\n"))
    }

    @Test(arguments: ["import time\nprint(1, flush=True)\ntime.sleep(1000)", "while True: pass"])
    func `A program that does not end is ended`(program: String) async throws {
        guard let sandbox = try await makeSandbox(limits: { $0.time = .milliseconds(700) }) else {
            return
        }
        let clock = ContinuousClock()
        let began = clock.now
        let outcome = try await sandbox.run(program)
        #expect(outcome.end == .outOfTime)
        #expect(clock.now - began < .seconds(8))
    }

    @Test func `A program that computes without end is ended by its processor time`() async throws {
        guard let sandbox = try await makeSandbox(limits: { $0.processorSeconds = 1 }) else {
            return
        }
        let clock = ContinuousClock()
        let began = clock.now
        let outcome = try await sandbox.run("while True: pass")
        // unshare says SIGKILL as an exit code of its own in some versions.
        #expect(outcome.end == .signaled(9) || outcome.end == .exited(1))
        #expect(clock.now - began < .seconds(8))
    }

    @Test func `A program that prints without end is ended and its output cut`() async throws {
        guard let sandbox = try await makeSandbox() else { return }
        let outcome = try await sandbox.run("while True: print('x' * 1000)")
        #expect(outcome.end == .tooMuchOutput)
        #expect(outcome.output.utf8.count == 64 << 10)
    }

    /// - Returns: `nil` where the system allows none; the reason is printed.
    private func makeSandbox(
        limits change: (inout SandboxLimits) -> Void = { _ in }
    ) async throws -> CodeSandbox? {
        var limits = SandboxLimits()
        change(&limits)
        do {
            return try await CodeSandbox(limits: limits)
        } catch let error as SandboxError {
            print("not tested: \(error)")
            return nil
        }
    }
}
