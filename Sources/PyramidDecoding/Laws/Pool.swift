/// Lends objects that own storage of vocabulary size, so that it is allocated only until warm.
final class Pool<Element: AnyObject> {
    private let make: () -> Element
    private var free: [Element] = []

    init(_ make: @escaping () -> Element) {
        self.make = make
    }

    /// An object with unspecified content.
    func take() -> Element {
        free.popLast() ?? make()
    }

    /// Gives an object back; the caller must not use it any more.
    func give(_ element: Element?) {
        if let element { free.append(element) }
    }
}
