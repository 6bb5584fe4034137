/// The file name of one part of a split model: `name-00002-of-00005.gguf`.
struct SplitName: Sendable, Equatable {
    /// Everything before `-00002-of-`, folders included.
    let stem: String
    /// This part's number, from 1.
    let number: Int
    /// The number of parts, at least `number`.
    let count: Int

    /// Takes a path apart, or returns `nil` when it does not end like a part's name.
    init?(path: String) {
        let bytes = Array(path.utf8)
        let ending = Array("-00000-of-00000.gguf".utf8)
        guard bytes.count > ending.count else { return nil }
        let tail = bytes.suffix(ending.count)
        var numbers = [0, 0]
        for (index, (byte, pattern)) in zip(tail, ending).enumerated() {
            guard pattern == UInt8(ascii: "0") else {
                guard byte == pattern else { return nil }
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let place = index < 6 ? 0 : 1
            numbers[place] = numbers[place] * 10 + Int(byte - UInt8(ascii: "0"))
        }
        guard numbers[0] >= 1, numbers[0] <= numbers[1] else { return nil }
        stem = String(decoding: bytes.dropLast(ending.count), as: UTF8.self)
        number = numbers[0]
        count = numbers[1]
    }

    /// The path of part `number`, from 1.
    func path(ofPart number: Int) -> String {
        "\(stem)-\(Self.padded(number))-of-\(Self.padded(count)).gguf"
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
