/// The families that the program knows by name.
public enum ModelCatalogue {
    /// All families, in the order in which they are listed.
    public static let families: [ModelFamily] = [.qwen25Coder, .smolLM2, .llama3, .qwen3]

    /// The family called `name`; upper and lower case are the same.
    ///
    /// - Throws: ``ModelStoreError`` with code `unknownFamily` that lists the known names and the
    ///   nearest one.
    public static func family(named name: String) throws(ModelStoreError) -> ModelFamily {
        let wanted = name.lowercased()
        if let family = families.first(where: { $0.name == wanted }) { return family }
        throw .unknownFamily(name, known: families.map(\.name), nearest: nearest(to: wanted))
    }

    /// The known name that needs the fewest edits to become `name`; nil if none is near.
    static func nearest(to name: String) -> String? {
        let distances = families.map { ($0.name, editDistance(name, $0.name)) }
        guard let best = distances.min(by: { $0.1 < $1.1 }) else { return nil }
        // More edits than half the name are no slip of the finger.
        return best.1 <= max(2, best.0.count / 2) ? best.0 : nil
    }
}
