"""Tables as rows of cells, the first row being the heads."""

import records as rec


def runs(results):
    """What the figures were measured with."""
    rows = [["machine", "memory", "system", "date", "models", "threads", "command", "version"]]
    for header in results["header"]:
        machine = header["machine"]
        models = ", ".join(
            model["name"] + (f" ({model['backend']})" if model.get("backend") else "")
            for model in header["models"])
        rows.append([
            f"{machine['cpu']}, {machine['cores']} cores",
            f"{machine['memory_bytes'] / 2**30:.0f} GiB", machine["os"], header["date"], models,
            str(header["threads"]), " ".join(header["command_line"]), header["version"],
        ])
    return rows


def speed(results):
    """Every method of a bench: rates, ratio to plain decoding, accepted lengths, loss."""
    methods = rec.by_method(results["bench"])
    rows = [["method", "prompts", "tokens/s", "to plain", "tokens per target forward",
             "mean total variation"]]
    plain = methods.get("plain", [])
    for name, own in methods.items():
        ratio = rec.ratio_to_plain(own, plain) if plain else None
        forwards = sum(s[-1]["forwards"] for s in (r.get("level_statistics") for r in own) if s)
        tokens = sum(r["generated_tokens"] for r in own)
        loss = rec.mean_variation(own)
        rows.append([
            name, str(len({r["prompt_id"] for r in own})), _number(rec.rate(own), ".1f"),
            _number(ratio, ".2f", "x"), _number(tokens / forwards if forwards else None, ".2f"),
            _number(loss, ".4f"),
        ])
    return rows


def categories(results):
    """The ratio to plain decoding of every method in every category."""
    methods = rec.by_method(results["bench"])
    names = list(dict.fromkeys(r["category"] for r in results["bench"]))
    plain = methods.get("plain", [])
    rows = [["method"] + names]
    for name, own in methods.items():
        if name == "plain":
            continue
        cells = []
        for category in names:
            part = [[r for r in all_ if r["category"] == category] for all_ in (own, plain)]
            cells.append(_number(rec.ratio_to_plain(*part), ".2f", "x"))
        rows.append([name] + cells)
    return rows


def quality(results):
    """Of every method that was evaluated: right answers and loss."""
    rows = [["method", "task", "right", "answers", "mean total variation"]]
    groups = {}
    for record in results["eval"]:
        groups.setdefault((record["method"], record["category"]), []).append(record)
    for (method, category), own in groups.items():
        share = rec.accuracy(own)
        losses = [r["mean_total_variation"] for r in own
                  if r.get("mean_total_variation") is not None]
        rows.append([
            method, category, _number(share[0] * 100 if share else None, ".1f", " %"),
            str(share[1] if share else len(own)),
            _number(sum(losses) / len(losses) if losses else None, ".4f"),
        ])
    return rows


def llama_bench(results):
    """What llama-bench says."""
    rows = [["model", "commit", "threads", "test", "tokens/s"]]
    for record in results["llama-bench"]:
        read = record["prompt_tokens"]
        rows.append([
            record["model"], record["commit"], str(record["threads"]),
            f"read {read}" if read else f"generate {record['generated_tokens']}",
            f"{record['tokens_per_second']:.1f} ± {record['deviation']:.1f}",
        ])
    return rows


def _number(value, form, unit=""):
    return "–" if value is None else format(value, form) + unit
