public import PyramidDecoding

extension ModelPyramid {
    /// Makes the costs of all levels known: those that `store` has from earlier runs, and the
    /// others by at most about two seconds of measuring.
    ///
    /// - Throws: `DecodingError` when a level cannot make a forward.
    public func learnCosts(from store: ControlStore?) throws(DecodingError<LevelError>) {
        if let store {
            pyramid.costs = zip(costKeys, pyramid.costs).map { key, known in
                known ?? key.flatMap { store.cost($0) }
            }
        }
        try pyramid.calibrate()
    }

    /// Keeps what is known of the costs for other runs.
    public func keepCosts(in store: ControlStore) {
        for case (.some(let key), .some(let cost)) in zip(costKeys, pyramid.costs) {
            store.keep(cost, key)
        }
    }

    /// Makes known what automatic control goes by: costs, and what earlier runs with the same
    /// models have learnt of their agreement.
    ///
    /// - Throws: `DecodingError` when a level cannot make a forward.
    public func prepareControl(from store: ControlStore?) throws(DecodingError<LevelError>) {
        try learnCosts(from: store)
        if let experience = store?.experience(experienceKey) { pyramid.experience = experience }
    }

    /// Keeps what automatic control has learnt for other runs.
    public func keepControl(in store: ControlStore) {
        keepCosts(in: store)
        store.keep(pyramid.experience, experienceKey)
    }
}
