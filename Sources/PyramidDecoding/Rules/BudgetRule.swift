/// Speculative sampling that also accepts refused proposals with a share theta of the time, where
/// a budget of total variation pays for it.
///
/// With m(x) = min(p(x), r(x)) and TV = 1 - sum of m, the strict test accepts x with mass m(x) and
/// refuses it with mass r(x) - m(x); its residual law is (p(x) - m(x)) / TV. Accepting a share
/// theta of what it refuses, the emitted token has the law
///
///     m + theta (r - m) + (1 - theta) TV (p - m) / TV = p + theta (r - p),
///
/// whose total variation from p is theta TV. So theta = min(1, available / TV), decided before
/// the token is looked at, spends no more than is available, whether the token passes or not.
/// Available is limit * (emitted tokens, this one included) - (what those before spent), so the
/// sum of what is spent never exceeds limit * (emitted tokens). A theta that looked at the token
/// would emit another law than the one that is paid for.
///
/// Where nothing is available this is ``ExactRule``, draw for draw. Only the target has a budget;
/// at other levels nothing is ever available.
package struct BudgetRule: Sendable {
    /// The most mean total variation per emitted token, 0 ... 1.
    package let budget: Double

    package init(budget: Double) {
        self.budget = budget
    }

    /// The theta of a position.
    private func share(_ proposal: TestedProposal) -> Double {
        let available = proposal.available
        guard available > 0 else { return 0 }
        let totalVariation = 1 - proposal.overlap
        return available >= totalVariation ? 1 : available / totalVariation
    }
}

extension BudgetRule: AcceptanceRule {
    package var preservesLaw: Bool { budget == 0 }

    package func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        let share = share(proposal)
        var judgement = ExactRule().judge(proposal, &source) { generator in
            share > 0 && generator.uniform() < share
        }
        if share > 0 { judgement.law = share < 1 ? .blend(share: share) : .proposal }
        return judgement
    }
}
