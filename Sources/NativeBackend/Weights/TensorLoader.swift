import GGUF

/// Finds and packs the tensors of a file whose shape was checked.
struct TensorLoader {
    let files: GGUFModelFiles
    let pool: WorkerPool

    func matrix(_ name: String) throws(NativeError) -> PackedMatrix {
        try PackedMatrix(try tensor(name), pool: pool)
    }

    func vector(_ name: String) throws(NativeError) -> FloatVector {
        FloatVector(try tensor(name))
    }

    func vectorIfPresent(_ name: String) -> FloatVector? {
        files.storedTensor(named: name).map(FloatVector.init)
    }

    /// Gives back the memory of everything that was read.
    func dropPages() {
        for part in files.parts {
            for tensor in part.tensors { part.dropPages(of: tensor) }
        }
    }

    private func tensor(_ name: String) throws(NativeError) -> StoredTensor {
        guard let tensor = files.storedTensor(named: name) else {
            throw NativeError(.modelNotLoaded, "\(files.path): tensor \(name) is missing")
        }
        return tensor
    }
}
