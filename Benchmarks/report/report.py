"""Makes one HTML page of pyramid's results files.

    report.py [-o report.html] RECORDS.jsonl ...
"""

import argparse
import sys
from pathlib import Path

import figures
import page
import tables
from records import Results, ResultsError

# Title, what it shows, and what it needs; the functions of that name draw it.
SECTIONS = [
    ("Speed", "Tokens per second of all prompts together, prefill excluded; the table's ratios are "
     "those of the prompts that a method and plain decoding share.", "bench records", "speed",
     ["speed", "categories"]),
    ("Speed over loss", "How much faster a method is, and how far from the target's law its tokens "
     "were drawn. Exact methods are at 0.",
     "bench records with a method 'plain' and measured variation", "pareto", []),
    ("Speed over quality", "How much faster a method is, and how many of its answers are right.",
     "sweep records with scores, or bench and eval records of the same methods", "quality",
     ["quality"]),
    ("Time of a forward", "T(n) at one context depth. Dashed: the least that this machine's memory "
     "and processor would need, measured.", "forward and ceiling records", "forwards", []),
    ("Accepted lengths", "Dotted: the mean. A level's proposals are verified by the level above.",
     "bench records with levels below the target", "accepted", []),
    ("Authorship", "A token belongs to the level that drew it.",
     "bench records with levels below the target", "authorship", []),
    ("The controller", "The prompt at which it changed its choice most often.", "plan records",
     "timeline", []),
    ("Memory", "The peak counts pages of files that are mapped.", "memory records", "memory", []),
]


def build(results):
    """The page, and the names of the sections that had no records."""
    runs = tables.runs(results)
    files = ", ".join(Path(name).name for name in results.files)
    sections = [page.section("Runs", f"From {files}.", page.table(runs))]
    missing = []
    for title, note, needs, name, table_names in SECTIONS:
        figure = getattr(figures, name)(results)
        parts = [page.image(figure, title)] if figure else []
        parts += [page.table(getattr(tables, table)(results)) for table in table_names]
        if any(parts):
            sections.append(page.section(title, note, *parts))
        if not figure:
            missing.append(f"{title}: needs {needs}")
    if results["llama-bench"]:
        sections.append(page.section(
            "llama-bench", "llama.cpp's own measure of the same files, without speculation.",
            page.table(tables.llama_bench(results))))
    if missing:
        sections.append(page.section(
            "Left out", "No figure, for want of records: " + "; ".join(missing) + "."))
    return page.document(sections), missing


def main(arguments=None):
    parser = argparse.ArgumentParser(description="One HTML page of pyramid's results files.")
    parser.add_argument("-o", "--output", default="report.html", help="the page (report.html)")
    parser.add_argument("records", nargs="+", help="results files: JSON objects, one a line")
    options = parser.parse_args(arguments)
    try:
        text, missing = build(Results(options.records))
    except ResultsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    Path(options.output).write_text(text, encoding="utf-8")
    for line in missing:
        print(f"left out: {line}", file=sys.stderr)
    print(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
