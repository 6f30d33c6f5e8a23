"""Figures of `bench/run` as tables and as a plot for the documentation."""

from __future__ import annotations

from html import escape
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "reference" / "bench-results.md"
PLOT = DOCS / "reference" / "bench-results.svg"
PEERS = ("xdist", "xdist-worksteal", "xdist-loadfile")


def mb(size: float) -> str:
    return f"{size / 1e6:.0f} MB"


def find(result: dict, engine: str, workers: int) -> dict | None:
    rows = [row for row in result["rows"] if (row["engine"], row["workers"]) == (engine, workers)]
    return rows[0] if rows else None


def levels(result: dict) -> list[int]:
    return sorted({row["workers"] for row in result["rows"] if row["engine"] != "serial"})


def limit(result: dict, workers: int, cores: int) -> float | None:
    """The least time of any runner with so many workers; None where serial pytest was not measured."""
    serial = find(result, "serial", 1)
    if serial is None:
        return None
    return max(serial["cpu"] / min(cores, workers), serial["wall"] / workers, serial["longest"])


def ratio(one: float | None, other: float | None) -> str:
    return f"{one / other:.2f}" if one and other else ""


def times(document: dict) -> list[str]:
    lines = ["| suite | workers | limit | Plimsoll | spawned | xdist load | worksteal | loadfile | Plimsoll / limit | Plimsoll / best of xdist |"]
    lines.append("| --- | " + "---: | " * 8 + "---: |")
    for result in document["results"]:
        for workers in levels(result):
            rows = [find(result, engine, workers) for engine in ("plimsoll", "plimsoll-spawn", *PEERS)]
            walls = [row and row["wall"] for row in rows]
            least = limit(result, workers, document["cores"])
            best = min((wall for wall in walls[2:] if wall), default=None)
            cells = " | ".join(f"{wall:.1f} s" if wall else "" for wall in [least, *walls])
            lines.append(f"| {result['suite']} | {workers} | {cells} | {ratio(walls[0], least)} | {ratio(walls[0], best)} |")
    return lines


def memory(document: dict) -> list[str]:
    lines = ["| suite | workers | Plimsoll | of it Java | spawned | xdist load | Plimsoll / xdist | CPU / serial | xdist's CPU / serial | first test | xdist | serial |"]
    lines.append("| --- | " + "---: | " * 10 + "---: |")
    for result in document["results"]:
        serial = find(result, "serial", 1)
        for workers in levels(result):
            ours, spawned, peer = (find(result, engine, workers) for engine in ("plimsoll", "plimsoll-spawn", "xdist"))
            cells = [mb(ours["memory"]) if ours else "", mb(ours["java"]) if ours else "", mb(spawned["memory"]) if spawned else ""]
            cells += [mb(peer["memory"]) if peer else "", ratio(ours and ours["memory"], peer and peer["memory"])]
            cells += [ratio(row and row["cpu"], serial and serial["cpu"]) for row in (ours, peer)]
            cells += [f"{row['first']:.2f} s" if row else "" for row in (ours, peer, serial)]
            lines.append(f"| {result['suite']} | {workers} | " + " | ".join(cells) + " |")
    return lines


def suites(document: dict) -> list[str]:
    lines = ["| suite | field | tests | serial | CPU | longest test | engine that Plimsoll chose | outcomes that differ |", "| --- | --- | " + "---: | " * 4 + "--- | ---: |"]
    for result in document["results"]:
        serial = find(result, "serial", 1)
        ours = [run for row in result["rows"] if row["engine"].startswith("plimsoll") for run in row["runs"]]
        chosen = ", ".join(sorted({run["ran"] for row in result["rows"] if row["engine"] == "plimsoll" for run in row["runs"]}))
        head = f"{serial['runs'][0]['tests']} | {serial['wall']:.1f} s | {serial['cpu']:.1f} s | {serial['longest']:.1f} s" if serial else " | | | "
        lines.append(f"| {result['suite']} | {result['field']} | {head} | {chosen} | {sum(run['differ'] for run in ours)} |")
    return lines


def tables(document: dict) -> str:
    return "\n".join([*suites(document), "", *times(document), "", *memory(document)])


def plot(document: dict) -> str:
    """Wall time over the limit with workers = 4: a row per suite, a mark per engine, one scale."""
    marks = [("plimsoll", "Plimsoll", "#0b6e4f"), ("xdist", "xdist load", "#8a8a8a"), ("xdist-worksteal", "worksteal", "#c9a227"), ("xdist-loadfile", "loadfile", "#b5533c")]
    rows = [(result, limit(result, 4, document["cores"])) for result in document["results"]]
    rows = [(result, least) for result, least in rows if least and find(result, "plimsoll", 4)]
    ratios = [row["wall"] / least for result, least in rows for engine, _, _ in marks if (row := find(result, engine, 4))]
    most = max([2.0, *ratios])
    left, width, step, top = 130, 520, 30, 50
    place = lambda value: left + (value - 1) / (most - 1) * width  # noqa: E731
    height = top + step * len(rows) + 40
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 40} {height}" font-family="sans-serif" font-size="13" role="img">']
    svg.append("<title>Wall time divided by the limit, 4 workers</title>")
    svg.append(f'<rect width="{left + width + 40}" height="{height}" fill="#ffffff"/>')
    for number, (_, words, color) in enumerate(marks):
        svg.append(f'<circle cx="{left + number * 120}" cy="20" r="5" fill="{color}"/><text x="{left + 10 + number * 120}" y="24">{words}</text>')
    for tick in range(1, int(most) + 1):
        svg.append(f'<line x1="{place(tick):.1f}" x2="{place(tick):.1f}" y1="{top - 12}" y2="{height - 30}" stroke="#dddddd"/>')
        svg.append(f'<text x="{place(tick):.1f}" y="{height - 12}" text-anchor="middle">{tick}</text>')
    for number, (result, least) in enumerate(rows):
        y = top + number * step
        svg.append(f'<text x="{left - 14}" y="{y + 4}" text-anchor="end">{escape(result["suite"])}</text>')
        for engine, _, color in reversed(marks):
            if row := find(result, engine, 4):
                svg.append(f'<circle cx="{place(max(1.0, row["wall"] / least)):.1f}" cy="{y}" r="6" fill="{color}" fill-opacity="0.85"/>')
    return "\n".join([*svg, "</svg>"]) + "\n"


HEAD = """# Results of the benchmark

`bench/run` measured this at {at}: medians of {rounds} round(s), alternating, {cores} cores, {platform}, Python {python}, memory by
{memory}, and `bench/run --docs` wrote this page. `bench/requirements.txt` has the versions. The limit is the least time that any
runner needs: the CPU time of serial pytest divided by the cores that the workers use, its wall time divided by the workers, or its
longest test, whichever is the largest. Plimsoll's memory includes its Java process.

![Wall time divided by the limit, 4 workers](bench-results.svg)

"""


def write(document: dict) -> None:
    PAGE.write_text(HEAD.format(**document) + tables(document) + "\n")
    PLOT.write_text(plot(document))
