/// A proposal of the lookup that costs nothing to compare with the text that comes.
struct LookupShadow {
    /// The class of the match's length.
    var matchClass: Int
    /// The tokens after the earlier occurrence.
    var tokens: [TokenID]

    static let longest = 16
}
