"""The report of benchmarks.serve as Markdown."""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.load import Load
from benchmarks.measuring import spread
from benchmarks.serve_turns import Turn


def report(found: dict[str, Any]) -> str:
    """Format all results as Markdown."""
    turns: list[Turn] = found["turns"]
    lines = [
        f"{found['painter']}, {found['px']} px, {found['cores']} cores with the clients on them, "
        f"{len(turns)} rounds, {found['minutes']:.1f} minutes; median (quartiles) of the rounds",
        "",
        "| server | clients | pictures/s | p50 ms | p99 ms | rejected | errors |",
        "|---|---|---|---|---|---|---|",
    ]
    for side, name in (("ours", "painting serve"), ("theirs", "the thesis's")):
        lines += [_row(name, key, [getattr(turn, side)[key] for turn in turns]) for key in getattr(turns[0], side)]
    return "\n".join([*lines, _steady_row(found["steady"]), "", *_comparisons(turns), "", *_steady_lines(found)])


def _row(server: str, clients: str, loads: Sequence[Load]) -> str:
    pictures = _values([load.pictures_per_second for load in loads])
    half, most = (_values([1000 * load.latency(share) for load in loads]) for share in (0.5, 0.99))
    return f"| {server} | {clients} | {pictures} | {half} | {most} | {_rejected(loads)} | {_errors(loads)} |"


def _steady_row(steady: dict[str, Any]) -> str:
    load: Load = steady["load"]
    half, most = (1000 * load.latency(share) for share in (0.5, 0.99))
    times = f"{load.pictures_per_second:.1f} | {half:.0f} | {most:.0f}"
    return f"| painting serve | {load.clients} | {times} | {_rejected([load])} | {_errors([load])} |"


def _comparisons(turns: Sequence[Turn]) -> list[str]:
    """Format the ratios of measurements of the same round."""
    painted = [median(turn.alone.paint) for turn in turns]
    encoded = [median(turn.alone.encoded) for turn in turns]
    plain = [turn.alone.pictures_per_second for turn in turns]
    one = [_half(turn.ours["1"]) for turn in turns]
    lines = [
        f"- `Painter.paint` alone, five pictures: {_values([1000 * seconds for seconds in painted])} ms; "
        f"a plain loop with PNG and base64: {_values(plain)} pictures/s",
        f"- one client's p50 over `Painter.paint` alone: {_ratios(one, painted)}",
        f"- one client's p50 over the plain loop's: {_ratios(one, encoded)}",
        f"- 64 clients' pictures/s over the plain loop's: {_ratios([_pace(turn.ours['64']) for turn in turns], plain)}",
    ]
    for clients in turns[0].theirs:
        ours, theirs = ([getattr(turn, side)[clients] for turn in turns] for side in ("ours", "theirs"))
        paces, halves = ([[about(load) for load in side] for side in (ours, theirs)] for about in (_pace, _half))
        lines += [
            f"- pictures/s over the thesis's, clients: {clients}: {_ratios(*paces)}",
            f"- p50 over the thesis's, clients: {clients}: {_ratios(*halves)}",
        ]
    return lines


def _steady_lines(found: dict[str, Any]) -> list[str]:
    steady, memory = found["steady"], found["steady"]["memory_mib"]
    load: Load = steady["load"]
    return [
        f"- {load.clients} clients for {load.ended - load.begun:.0f} s: {load.requests} requests, "
        f"{len(load.latencies)} painted, {sum(load.rejected.values())} rejected, {sum(load.errors.values())} errors; "
        f"p99 {load.latency(0.99):.2f} s of the deadline's {found['deadline_seconds']} s",
        f"- memory: {found['memory_at_rest_mib']:.0f} MiB at rest, {memory['begun']:.0f} when the load began, at most "
        f"{memory['most']:.0f}, {memory['ended']:.0f} at its end; {steady['memory_growth_mib_per_minute']:+.1f} MiB a "
        "minute after its first fifth",
        f"- cores: the server took {steady['server_cores']:.2f}, the clients {steady['client_cores']:.2f} "
        f"({steady['client_ms_per_request']:.2f} ms a request)",
    ]


def _half(load: Load) -> float:
    return load.latency(0.5)


def _pace(load: Load) -> float:
    return load.pictures_per_second


def _ratios(above: Sequence[float], below: Sequence[float]) -> str:
    return _values([one / other for one, other in zip(above, below, strict=True)], 2)


def _values(values: Sequence[float], digits: int = 0) -> str:
    middle = spread(values)
    digits = digits or (1 if middle.median < 100 else 0)
    return f"{middle.median:.{digits}f} ({middle.quarter:.{digits}f} … {middle.three_quarters:.{digits}f})"


def _rejected(loads: Sequence[Load]) -> str:
    return _counted(sum((load.rejected for load in loads), Counter[int]()))


def _errors(loads: Sequence[Load]) -> str:
    return _counted(sum((load.errors for load in loads), Counter[str]()))


def _counted(counts: "Counter[Any]") -> str:
    return ", ".join(f"{number} × {what}" for what, number in sorted(counts.items())) or "none"
