/// How tokens are drawn, as far as it changes how often levels agree.
enum DrawKind: Hashable {
    case greedy
    case sampled
    case coupled
}
