import Foundation
import PyramidEvaluation
import Testing

struct NumericAnswerTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var text: String
        var value: Decimal?
        var testDescription: String { text }

        init(_ text: String, _ value: Decimal?) {
            self.text = text
            self.value = value
        }
    }

    @Test(arguments: [
        Sample("She has 3 + 4 = 7.\n#### 7", 7),
        Sample("#### 70,000", 70000),
        Sample("#### $1,234.50", Decimal(string: "1234.5")),
        Sample("#### 18.", 18),
        Sample("#### 18.00 dollars", 18),
        Sample("#### -5", -5),
        Sample("#### -$5", -5),
        Sample("####42", 42),
        Sample("**#### 42**", 42),
        Sample("#### 1\nNo: 2 of 3.\n#### 2 apples of 9", 2),
    ])
    func `The number after the last mark is the answer`(sample: Sample) {
        #expect(NumericAnswer(in: sample.text)?.value == sample.value)
    }

    @Test(arguments: [
        Sample("So that is \\boxed{36} in all, of 50.", 36),
        Sample("So he pays 3 times $1,000, that is $3,000.", 3000),
        Sample("The answer is 12%.", 12),
        Sample("10 - 3 = 7 and 9-4", 4),
        Sample("it falls to -3", -3),
        Sample("with x - 12", 12),
        Sample("The list 1,2,3", 3),
        Sample("Cut off at 5 ####", 5),
        Sample("I do not know.", nil),
        Sample("", nil),
    ])
    func `Without a mark it is the last number`(sample: Sample) {
        #expect(NumericAnswer(in: sample.text)?.value == sample.value)
    }

    @Test func `Equal values are equal whatever their form`() {
        #expect(NumericAnswer(in: "#### 1,000.0") == NumericAnswer(in: "$1000"))
        #expect(NumericAnswer(in: "0.30") == NumericAnswer(in: ".3 or 0.3"))
        #expect(NumericAnswer(in: "3") != NumericAnswer(in: "3.01"))
    }
}
