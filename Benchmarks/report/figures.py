"""One function a figure: it takes the results, and gives None where their records are missing."""

import math
from collections import defaultdict

import matplotlib.pyplot as plt
from matplotlib.ticker import LogLocator, NullFormatter

import records as rec
import style


# One colour each, the same in all figures.
_FAMILIES = ["exact", "auto", "fsd", "psd-a", "psd-f", "budget", "coupled"]


def _levels(results, names):
    """Level names in the order of the models, bottom first."""
    order = [model["name"] for header in results["header"] for model in header["models"]]
    return sorted(dict.fromkeys(names), key=lambda n: order.index(n) if n in order else len(order))


def _family(record):
    """What the points of one colour have in common."""
    if record.get("engine", "pyramid") != "pyramid":
        return record["engine"]
    return record["control"] if record.get("control") == "auto" else record.get("mode", "exact")


def pareto(results):
    """Speed over loss: the ratio to plain decoding beside the mean total variation."""
    methods = rec.by_method(results["bench"])
    plain = methods.get("plain")
    if not plain or len(methods) < 2:
        return None
    points = []
    for name, own in methods.items():
        ratio, loss = rec.ratio_to_plain(own, plain), rec.mean_variation(own)
        if ratio and loss is not None:
            points.append((loss, ratio, name, _family(own[0])))
    return _scatter(points, "mean total variation to the target's law, per token", higher=False)


def quality(results):
    """Speed over accuracy, from the grid of a sweep or from evaluated answers."""
    points = []
    for cell in results["sweep"]:
        correct, ratio = cell.get("correct"), cell.get("ratio_to_reference")
        if correct and ratio and correct.get("count"):
            share = correct["successes"] / correct["count"]
            points.append((share * 100, ratio["value"], cell["cell"], cell["group"]))
    if not points:
        evaluated = rec.by_method(results["eval"])
        speeds = rec.by_method(results["bench"])
        plain = speeds.get("plain")
        for name, answers in evaluated.items():
            share = rec.accuracy(answers)
            ratio = rec.ratio_to_plain(speeds[name], plain) if plain and name in speeds else None
            if share and ratio:
                points.append((share[0] * 100, ratio, name, _family(speeds[name][0])))
    return _scatter(points, "answers that are right (%)", higher=True)


def _front(points, higher):
    """The points than which none is both faster and better."""
    sign = -1 if higher else 1
    front, best = [], -math.inf
    for point in sorted(points, key=lambda p: (sign * p[0], -p[1])):
        if point[1] > best:
            front.append(point)
            best = point[1]
    return front


def _scatter(points, label, higher):
    if not points:
        return None
    figure, axes = plt.subplots(figsize=(7.2, 4.2))
    present = {point[3] for point in points}
    for family in _FAMILIES + sorted(present - set(_FAMILIES)):
        if family not in present:
            continue
        index = (_FAMILIES + sorted(present - set(_FAMILIES))).index(family)
        own = [point for point in points if point[3] == family]
        axes.plot([p[0] for p in own], [p[1] for p in own], linestyle="", label=family,
                  marker=style.marker(index), color=style.color(index), markersize=7,
                  markeredgecolor="white", markeredgewidth=0.6)
    front = _front(points, higher)
    if len(front) > 1:
        axes.plot([p[0] for p in front], [p[1] for p in front], color="#888888", linewidth=1,
                  zorder=0, label="none is better and faster")
    for point in front:
        axes.annotate(point[2], point[:2], fontsize=8, xytext=(6, 5), textcoords="offset points")
    axes.axhline(1, color="black", linewidth=0.8, linestyle=":")
    axes.set_xlabel(label)
    axes.set_ylabel("speed, ratio to plain decoding")
    axes.margins(x=0.15, y=0.12)
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def speed(results):
    """Tokens per second of every method; the best of another program is marked."""
    methods = rec.by_method(results["bench"])
    if not methods:
        return None
    rates = [(name, rec.rate(own), own[0].get("engine", "pyramid")) for name, own in methods.items()]
    rates = sorted((r for r in rates if r[1]), key=lambda r: r[1])
    engines = list(dict.fromkeys(own[0].get("engine", "pyramid") for own in methods.values()))
    figure, axes = plt.subplots(figsize=(7.2, 0.9 + 0.26 * len(rates)))
    bars = axes.barh([r[0] for r in rates], [r[1] for r in rates], edgecolor="white",
                     color=[style.color(engines.index(r[2])) for r in rates])
    for bar, (name, value, engine) in zip(bars, rates):
        bar.set_hatch(style.hatch(engines.index(engine)))
        best = engine != "pyramid" and value == max(r[1] for r in rates if r[2] == engine)
        axes.annotate(f"{value:.1f}" + (f"  ({engine}'s best)" if best else ""),
                      (value, bar.get_y() + bar.get_height() / 2), xytext=(3, 0),
                      textcoords="offset points", va="center", fontsize=8)
    plain = rec.rate(methods["plain"]) if "plain" in methods else None
    if plain:
        axes.axvline(plain, color="black", linewidth=0.8, linestyle=":")
    axes.set_xlabel("tokens per second of decoding; dotted: plain decoding")
    axes.tick_params(axis="y", labelsize=8)
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.18)
    return figure


def forwards(results):
    """T(n): the time of one forward over its rows, beside what memory and processor allow."""
    models = list(dict.fromkeys(r["model"] for r in results["forward"]))
    if not models:
        return None
    figure, grid = plt.subplots(1, len(models), figsize=(3.6 * len(models), 3.8), squeeze=False)
    backends = list(dict.fromkeys(r["backend"] for r in results["forward"]))
    for axes, model in zip(grid[0], models):
        for index, backend in enumerate(backends):
            own = sorted((r["rows"], r["milliseconds"]) for r in results["forward"]
                         if r["model"] == model and r["backend"] == backend)
            axes.plot(*zip(*own), marker=style.marker(index), color=style.color(index),
                      markersize=4, label=backend) if own else None
        _roofline(axes, results, model)
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel("rows of the forward")
        axes.set_title(model, fontsize=8, fontweight="normal")
    grid[0][0].set_ylabel("time of one forward (ms)")
    grid[0][0].legend(fontsize=8)
    return figure


def _roofline(axes, results, model):
    for ceiling in results["ceiling"]:
        if ceiling["model"] != model:
            continue
        rows = sorted({r["rows"] for r in results["forward"] if r["model"] == model})
        memory = ceiling["weight_bytes"] / ceiling["bytes_per_second"] * 1e3
        products = ceiling.get("products_per_second") or math.inf
        times = [max(memory, ceiling["weight_elements"] * n / products * 1e3) for n in rows]
        axes.plot(rows, times, color="black", linewidth=1, linestyle="--", label="roofline")


def accepted(results):
    """How many proposals each verification accepted, per level and method."""
    rows = []
    for name, own in rec.by_method(results["bench"]).items():
        totals = defaultdict(lambda: defaultdict(int))
        for record in own:
            for level, statistics in zip(record["levels"], record.get("level_statistics", [])):
                for length, count in enumerate(statistics["accepted_lengths"]):
                    totals[level][length] += count
        rows += [(name, level, counts) for level, counts in totals.items() if sum(counts.values())]
    if not rows:
        return None
    columns = min(3, len(rows))
    lines = math.ceil(len(rows) / columns)
    figure, grid = plt.subplots(lines, columns, figsize=(7.6, 1.9 * lines), squeeze=False,
                                sharex=True, sharey=True)
    levels = _levels(results, (row[1] for row in rows))
    for axes, (name, level, counts) in zip(grid.flat, rows):
        total = sum(counts.values())
        longest = max(length for length, count in counts.items() if count)
        lengths = range(longest + 1)
        index = levels.index(level)
        axes.bar(lengths, [100 * counts[n] / total for n in lengths], color=style.color(index),
                 hatch=style.hatch(index), edgecolor="white", width=0.85)
        mean = sum(n * c for n, c in counts.items()) / total
        axes.axvline(mean, color="black", linewidth=1, linestyle=":")
        axes.set_title(f"{name}\n{level}, mean {mean:.2f}", fontsize=7, fontweight="normal")
        axes.xaxis.set_major_locator(plt.MaxNLocator(integer=True, nbins=6))
    for axes in list(grid.flat)[len(rows):]:
        axes.set_visible(False)
    figure.supxlabel("proposals accepted at one verification", fontsize=9)
    figure.supylabel("verifications (%)", fontsize=9)
    return figure


def authorship(results):
    """Which level wrote which share of the text."""
    shares = {}
    for name, own in rec.by_method(results["bench"]).items():
        written = defaultdict(int)
        for record in own:
            for level, statistics in zip(record["levels"], record.get("level_statistics", [])):
                written[level] += statistics["written"]
        if sum(written.values()) and len(written) > 1:
            shares[name] = written
    if not shares:
        return None
    levels = _levels(results, (level for written in shares.values() for level in written))
    figure, axes = plt.subplots(figsize=(7.2, 1.1 + 0.3 * len(shares)))
    names = list(shares)[::-1]
    left = [0.0] * len(names)
    for index, level in enumerate(levels):
        widths = [100 * shares[n][level] / sum(shares[n].values()) for n in names]
        bars = axes.barh(names, widths, left=left, label=level, color=style.color(index),
                         hatch=style.hatch(index), edgecolor="white")
        for bar, width in zip(bars, widths):
            if width >= 8:
                axes.annotate(f"{width:.0f}", (bar.get_x() + width / 2,
                              bar.get_y() + bar.get_height() / 2), ha="center", va="center",
                              fontsize=8, bbox={"boxstyle": "round,pad=0.15", "fc": "white",
                                                "ec": "none", "alpha": 0.85})
        left = [a + b for a, b in zip(left, widths)]
    axes.set_xlim(0, 100)
    axes.set_xlabel("tokens of the text, by the level that wrote them (%)")
    axes.tick_params(axis="y", labelsize=8)
    axes.grid(axis="y", visible=False)
    axes.legend(fontsize=8, ncols=len(levels), loc="lower left", bbox_to_anchor=(0, 1))
    return figure


def timeline(results):
    """What the controller chose as a text went on, and what it expected of it."""
    if not results["plan"]:
        return None
    # The run in which it changed its mind most.
    plans = defaultdict(list)
    for plan in results["plan"]:
        run = plan["prompt_id"], plan.get("method", ""), plan.get("repetition", 0)
        plans[run].append(plan)

    def changes(steps):
        chains = [(tuple(s["levels"]), tuple(s["lookaheads"])) for s in steps]
        return sum(a != b for a, b in zip(chains, chains[1:]))
    chosen = max(plans, key=lambda run: (changes(plans[run]), len(plans[run])))
    steps = sorted(plans[chosen], key=lambda step: step["tokens"])
    levels = _levels(results, (level for step in steps for level in step["levels"][:-1]))
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(7.2, 4.4), sharex=True)
    tokens = [step["tokens"] for step in steps]
    for index, level in enumerate(levels):
        heights = []
        for step in steps:
            on = dict(zip(step["levels"], step["lookaheads"]))
            heights.append(on.get(level, 0))
        top.step(tokens, heights, where="post", label=level, color=style.color(index),
                 linestyle=["-", "--", "-.", ":"][index % 4])
    top.set_ylabel("lookahead (tokens, 0: off)")
    top.set_title(" by ".join(part for part in chosen[:2] if part))
    if levels:
        top.legend(fontsize=8)
    bottom.step(tokens, [s["predicted_tokens_per_second"] for s in steps], where="post",
                color=style.color(0), label="predicted")
    # One round alone says little.
    span = max(1, len(steps) // 20)
    measured = [(a["tokens"], (b["tokens"] - a["tokens"]) / (b["seconds"] - a["seconds"]))
                for a, b in zip(steps[::span], steps[span::span]) if b["seconds"] > a["seconds"]]
    if measured:
        bottom.step(*zip(*measured), where="post", color=style.color(1), linestyle="--",
                    label="measured")
    bottom.set_ylabel("tokens per second")
    bottom.set_xlabel("tokens of the text so far")
    bottom.legend(fontsize=8)
    return figure


def memory(results):
    """The memory that each set of levels needed at most, beside its files."""
    sets = {}
    for record in results["memory"]:
        sets[" + ".join(record["levels"])] = record
    if not sets:
        return None
    names = list(sets)[::-1]
    figure, axes = plt.subplots(figsize=(7.2, 1.1 + 0.45 * len(names)))
    for index, (key, label) in enumerate([("peak_bytes", "peak of the process"),
                                          ("file_bytes", "files")]):
        values = [sets[name][key] / 2**30 for name in names]
        places = [place + 0.2 - 0.4 * index for place in range(len(names))]
        bars = axes.barh(places, values, height=0.38, label=label, color=style.color(index),
                         hatch=style.hatch(index), edgecolor="white")
        axes.bar_label(bars, [f"{value:.2f}" for value in values], padding=3, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlabel("memory (GiB)")
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.12)
    axes.legend(fontsize=8, ncols=2, loc="lower left", bbox_to_anchor=(0, 1))
    return figure
