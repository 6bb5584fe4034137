internal import Foundation

/// A `.npy` file that rows are appended to (NumPy's format, version 1.0).
final class NumPyFile {
    private(set) var rows = 0
    private let file: FileHandle
    private let type: String
    private let width: Int?

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - url: Where it lies; what is there is replaced.
    ///   - type: NumPy's name of the elements' type, such as `<f4`.
    ///   - width: Elements in a row; `nil` for an array of one dimension.
    init(_ url: URL, type: String, width: Int?) throws {
        self.type = type
        self.width = width
        try Data().write(to: url)
        file = try FileHandle(forWritingTo: url)
        // Nobody can take a file for whole before it is.
        try file.write(contentsOf: Data(count: Self.headerLength))
    }

    /// Appends whole rows.
    func append<Element: FixedWidthInteger>(_ elements: [Element]) throws {
        try append(elements.map(\.littleEndian), as: Element.self)
    }

    /// Appends whole rows.
    func append(_ elements: [Float]) throws {
        try append(elements.map(\.bitPattern.littleEndian), as: UInt32.self)
    }

    private func append<Element>(_ elements: [Element], as: Element.Type) throws {
        precondition(elements.count.isMultiple(of: width ?? 1))
        try file.write(contentsOf: elements.withUnsafeBytes { Data($0) })
        rows += elements.count / (width ?? 1)
    }

    /// Writes the header, with the number of rows, and closes the file.
    func finish() throws {
        try file.seek(toOffset: 0)
        try file.write(contentsOf: header)
        try file.close()
    }

    private static let headerLength = 128

    private var header: Data {
        let shape = width.map { "(\(rows), \($0))" } ?? "(\(rows),)"
        let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
        let length = Self.headerLength - 10
        let padded = text + String(repeating: " ", count: length - 1 - text.utf8.count) + "\n"
        return Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, UInt8(length), 0])
            + Data(padded.utf8)
    }
}
