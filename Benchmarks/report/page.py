"""One HTML page that needs nothing else: figures are inside."""

import base64
import html
import io

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #111; background: #fff; margin: 2em auto;
  max-width: 60em; padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin: 2em 0 .4em; }
p.note { color: #555; margin: .2em 0; } img { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85em; margin: .6em 0; }
th, td { text-align: left; padding: .25em .7em; border-bottom: 1px solid #ccc; vertical-align: top; }
td:not(:first-child) { font-variant-numeric: tabular-nums; }
th { border-bottom: 2px solid #333; }
@media print { body { margin: 0; max-width: none; font-size: 11px; }
  figure, tr { break-inside: avoid; } h2 { break-after: avoid; } }
figure { margin: .5em 0; }
"""


def image(figure, alternative):
    """A figure as an image in the page."""
    import matplotlib.pyplot as plt

    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    plt.close(figure)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    text = html.escape(alternative, quote=True)
    return f'<figure><img alt="{text}" src="data:image/svg+xml;base64,{data}"></figure>'


def table(rows):
    """A table; nothing when it has no rows below its heads."""
    if len(rows) < 2:
        return ""
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows[1:])
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'


def section(title, note, *parts):
    body = "\n".join(part for part in parts if part)
    return f"<h2>{html.escape(title)}</h2>\n<p class=\"note\">{html.escape(note)}</p>\n{body}"


def document(sections):
    body = "\n".join(sections)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>PyramidSD: results</title><style>{STYLE}</style></head>\n"
        f"<body><h1>PyramidSD: results</h1>\n{body}\n</body></html>\n")
