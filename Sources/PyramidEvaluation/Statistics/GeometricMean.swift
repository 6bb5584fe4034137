internal import Foundation

/// The mean of ratios: twice as fast and half as fast come to 1.
public enum GeometricMean {
    /// The geometric mean of positive values; `nil` without any, or when one is not positive.
    public static func of(_ values: [Double]) -> Double? {
        guard !values.isEmpty, values.allSatisfy({ $0 > 0 }) else { return nil }
        return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
    }
}
