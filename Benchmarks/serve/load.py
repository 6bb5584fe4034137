"""Load on a server that speaks OpenAI's API: `pyramid serve`, llama-server or any other.

For each number of concurrent streams it asks for so many seconds, prompt after prompt, greedy, and
prints tokens/s of all streams together, the time to the first token, the time between tokens (50th
and 99th percentile), answers lost, and the server's memory in the first and last minute (of a short
time its first and last quarter). Then every prompt that was answered is asked again alone: an answer
that differs was mixed up.

    python3 -m venv .client-env && .client-env/bin/pip install -r Tests/ClientTests/requirements.txt
    .client-env/bin/python Benchmarks/serve/load.py --url http://127.0.0.1:8080 --pid PID \\
        --prompts spec-bench.jsonl --streams 1,4,16 --seconds 300
"""

import argparse
import asyncio
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import openai


@dataclass
class Load:
    """What a number of streams measured."""

    tokens: int = 0
    first: list[float] = field(default_factory=list)
    between: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    answers: dict[int, set[str]] = field(default_factory=dict)
    memory: list[int] = field(default_factory=list)
    seconds: float = 0.0


async def ask(client, model: str, prompt: str, tokens: int, load: Load, number: int) -> None:
    """One answer; its times go into `load`."""
    began = last = time.perf_counter()
    text, count = "", 0
    try:
        stream = await client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": prompt}], temperature=0,
            max_tokens=tokens, stream=True, stream_options={"include_usage": True})
        async for chunk in stream:
            now = time.perf_counter()
            if chunk.usage:
                count = chunk.usage.completion_tokens
            for choice in chunk.choices:
                if not choice.delta.content:
                    continue
                (load.between if text else load.first).append(now - (last if text else began))
                last = now
                text += choice.delta.content
    except openai.OpenAIError as error:
        load.failed.append(repr(error))
        return
    load.tokens += count
    load.answers.setdefault(number, set()).add(text)


async def run(client, arguments, model: str, prompts: list[str], streams: int) -> Load:
    load = Load()
    end = time.perf_counter() + arguments.seconds
    numbers = iter(range(10**9))

    async def work() -> None:
        while time.perf_counter() < end:
            number = next(numbers) % len(prompts)
            await ask(client, model, prompts[number], arguments.tokens, load, number)

    async def watch() -> None:
        while True:
            load.memory.append(resident(arguments.pid))
            await asyncio.sleep(1)

    began = time.perf_counter()
    watcher = asyncio.create_task(watch())
    await asyncio.gather(*(work() for _ in range(streams)))
    watcher.cancel()
    load.seconds = time.perf_counter() - began
    return load


def resident(pid: int | None) -> int:
    """Bytes of memory that a process has; 0 without one."""
    if pid is None:
        return 0
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--url", required=True, help="such as http://127.0.0.1:8080")
    parser.add_argument("--key", default="none", help="the API key")
    parser.add_argument("--pid", type=int, help="the server's process, for its memory")
    parser.add_argument("--prompts", type=Path, required=True, help="JSONL of Spec-Bench")
    parser.add_argument("--count", type=int, default=26, help="how many prompts")
    parser.add_argument("--streams", default="1,4,16")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--json", type=Path, help="a file to which a line for each is added")
    arguments = parser.parse_args()
    lines = [json.loads(line) for line in arguments.prompts.read_text().split("\n") if line]
    step = max(1, len(lines) // arguments.count)
    prompts = [
        line["turns"][0] if "turns" in line else line["prompt"] for line in lines[::step]
    ][:arguments.count]
    client = openai.AsyncOpenAI(
        base_url=arguments.url + "/v1", api_key=arguments.key, max_retries=0, timeout=600)
    model = (await client.models.list()).data[0].id
    alone: dict[int, str] = {}
    print(f"{'streams':>7} {'tokens/s':>9} {'first p50':>10} {'p99':>7} {'between p50':>12} {'p99':>7}"
          f" {'answers':>8} {'lost':>5} {'mixed':>6} {'MB first':>9} {'last':>6}")
    for streams in map(int, arguments.streams.split(",")):
        load = await run(client, arguments, model, prompts, streams)
        mixed = 0
        for number, texts in load.answers.items():
            if number not in alone:
                solo = Load()
                await ask(client, model, prompts[number], arguments.tokens, solo, number)
                alone[number] = next(iter(solo.answers.get(number, {""})))
            mixed += sum(text != alone[number] for text in texts)
        # A sample a second.
        minute = max(1, min(60, len(load.memory) // 4))
        answered = len(load.first)
        row = {
            "url": arguments.url, "streams": streams, "seconds": load.seconds,
            "tokens_per_second": load.tokens / load.seconds,
            "first_p50": percentile(load.first, 0.5), "first_p99": percentile(load.first, 0.99),
            "between_p50": percentile(load.between, 0.5),
            "between_p99": percentile(load.between, 0.99), "answers": answered,
            "lost": len(load.failed), "mixed": mixed,
            "memory_first": sum(load.memory[:minute]) / minute,
            "memory_last": sum(load.memory[-minute:]) / minute,
        }
        print(f"{streams:7} {row['tokens_per_second']:9.1f} {row['first_p50']:9.2f}s"
              f" {row['first_p99']:6.2f}s {row['between_p50'] * 1000:10.1f}ms"
              f" {row['between_p99'] * 1000:5.0f}ms {answered:8} {row['lost']:5} {mixed:6}"
              f" {row['memory_first'] / 1e6:9.0f} {row['memory_last'] / 1e6:6.0f}", flush=True)
        for error in sorted(set(load.failed))[:3]:
            print("  lost:", error[:200])
        if arguments.json:
            with open(arguments.json, "a") as file:
                file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
