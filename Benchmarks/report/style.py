"""How all figures look: colours that the colour-blind can tell apart, also printed in grey."""

import matplotlib

matplotlib.use("Agg")

# Okabe and Ito's palette, ordered so that neighbours differ in lightness too.
COLORS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]
HATCHES = ["", "///", "...", "xx", "\\\\\\", "++", "--", "oo"]

matplotlib.rcParams.update({
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "hatch.linewidth": 0.5,
    "svg.fonttype": "path",
    # The same records give the same file.
    "svg.hashsalt": "pyramid",
})


def color(index):
    return COLORS[index % len(COLORS)]


def marker(index):
    return MARKERS[index % len(MARKERS)]


def hatch(index):
    return HATCHES[index % len(HATCHES)]
