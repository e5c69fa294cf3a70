#!/usr/bin/env python3
"""Prints what two builds of the command say about each example, for a change that moves figures.

    cargo build --release -p unisleeve -p unisleeve-benches --bin unisleeve --example solves
    python3 tests/figures.py BEFORE AFTER [PART OF A NAME]

One table for each kind of command, one row an example and arm. A cell is one figure where both builds agree, `before -> after` where
they differ; the last column names the figures that moved beyond the last digits. A result folder holds of its optimizations only
each arm's largest gap, so their number, objectives and median gap come from the example `solves`, in the folder `examples` beside the
command. It must be built from the same sources; its hash of the study is compared with the command's. Where it is missing, these
columns are empty. tests/hashes.py lists the examples and says where UNISLEEVE_DATA is needed.
"""

import csv
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from hashes import runs

LAST_DIGITS = 1e-9
# Smaller differences are rounding, whatever they are relative to. Gaps are sums that cancel: this is a millionth of a basis point.
ROUNDING = {"dollars": 1e-4, "bp": 1e-6, "fraction": 1e-12, "count": 0.0}
SHOWN = {"dollars": ",.2f", "bp": ".6f", "fraction": ".12g", "count": ",.10g"}

# The columns of each command's table, with their units.
WEALTH = {"wealth_before_liquidation": "dollars", "wealth_after_liquidation": "dollars"}
ALPHA = {"tax_alpha_before_liquidation": "fraction", "tax_alpha_after_liquidation": "fraction"}
SOLVES = {"solves": "count", "sum of objectives": "fraction", "median gap, bp": "bp"}
COLUMNS = {
    "backtest": {**SOLVES, "largest gap, bp": "bp", "orders": "count", **WEALTH},
    "compare": {"runs": "count", "unmatched": "count", "largest gap, bp": "bp", "orders": "count", "kept": "dollars",
                "liquidated": "dollars", "tax_alpha_kept": "fraction", "tax_alpha_liquidated": "fraction"},
    "simulate": {"wealth": "dollars", **ALPHA, "tracking_error": "fraction", "taxes_paid": "dollars", "orders": "count"},
    "sweep": {"runs": "count", "largest gap, bp": "bp", "orders": "count", **WEALTH, **ALPHA,
              "tracking_error_ex_post": "fraction"},
    "book": {"in_line": "count", "orders": "count", "transfers": "count", "tickets": "count", "tax, total": "dollars",
             "te_after, mean": "fraction", "drift_after, mean": "fraction"},
    "rebalance": {"objective": "fraction", "lower_bound": "fraction", "gap, bp": "bp", "objective_rounded": "fraction",
                  "orders": "count", "tax": "dollars", "tracking_error_after": "fraction", "drift_after": "fraction"},
}
NOTES = {
    "compare": "Sums over the runs at equal risk; dollars and tax alpha are medians of UMA less SMA.",
    "simulate": "Means over the futures; orders are a sum.",
    "sweep": "Means over the runs; orders are a sum. UMA less SMA: medians over the start dates.",
}


def table(path):
    """The rows of a CSV file as dictionaries."""
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def mean(rows, column):
    """Mean of a column's numbers; None where it has none."""
    found = [float(r[column]) for r in rows if r[column]]
    return statistics.fmean(found) if found else None


def largest_gap(rows):
    """Largest certified gap of some runs, in basis points of value."""
    return max((1e4 * float(r["worst_gap"]) for r in rows if r["worst_gap"]), default=None)


def by(rows, column):
    """The rows of each value of a column, in order of appearance."""
    groups = {}
    for r in rows:
        groups.setdefault(r[column], []).append(r)
    return groups


def solves(program, arguments, expected):
    """Each arm's optimizations by the example beside the program; None where it is missing."""
    example = Path(program).parent / "examples" / "solves"
    if not example.is_file():
        return None
    inputs = [a for a in arguments[1:] if a not in ("--data", "--out", "{out}")]
    done = subprocess.run([str(example), *inputs], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"solves: exit {done.returncode}: {done.stderr.strip()[-200:]}")
    first, *lines = done.stdout.splitlines()
    if first != f"# {expected}":
        raise RuntimeError("solves: ran another study than the command; build both from the same sources")
    return by(csv.DictReader(lines), "arm")


def backtest(program, arguments, out, _):
    """A row an arm: its optimizations, orders and wealth at the end."""
    said = json.loads((out / "summary.json").read_text())
    listed = solves(program, arguments, said["result_hash"])
    for name, arm in said["arms"].items():
        figures = {"orders": arm["orders"], **{column: arm[column] for column in WEALTH}}
        if arm["worst_gap"] is not None:
            figures["largest gap, bp"] = 1e4 * arm["worst_gap"]
        if listed is not None:
            mine = listed.get(name, [])
            gaps = [1e4 * (float(s["objective"]) - float(s["lower_bound"])) for s in mine]
            figures["solves"] = len(mine)
            figures["sum of objectives"] = sum(float(s["objective"]) for s in mine)
            figures["median gap, bp"] = statistics.median(gaps) if gaps else None
        yield name, figures


def compare(_program, _arguments, out, _):
    """A row each way of making risk equal, over all sets of switches."""
    said = json.loads((out / "summary.json").read_text())
    for equal, rows in by(table(out / "runs.csv"), "equal").items():
        figures = {"runs": len(rows), "unmatched": sum(r["matched"] == "false" for r in rows)}
        figures |= {"largest gap, bp": largest_gap(rows), "orders": sum(int(r["orders"]) for r in rows)}
        figures |= {w["figure"]: w["total"]["median"] for w in said["worth"] if w["equal"] == equal}
        yield f"equal {equal}", figures


def simulate(_program, _arguments, out, _):
    """A row an arm, and one for UMA less SMA."""
    said = json.loads((out / "summary.json").read_text())
    averaged = [c for c in COLUMNS["simulate"] if c != "orders"]
    for name, rows in by(table(out / "paths.csv"), "arm").items():
        yield name, {**{c: mean(rows, c) for c in averaged}, "orders": sum(int(r["orders"]) for r in rows)}
    differences = {"wealth": "gain", "tax_alpha_before_liquidation": "tax_alpha",
                   "tax_alpha_after_liquidation": "tax_alpha_after_liquidation"}
    yield "uma less sma", {c: said[key]["mean"] for c, key in differences.items()}
    for point in said["frontier"]:
        both = zip(("uma", "sma"), point["tracking_error"], point["tax_alpha"])
        for name, error, alpha in both:
            yield f"{name} at {point['risk_aversion']:g}", {"tracking_error": error, "tax_alpha_before_liquidation": alpha}


def sweep(_program, _arguments, out, _):
    """A row an arm over the whole grid, and one for UMA less SMA of each setting."""
    averaged = [*WEALTH, *ALPHA, "tracking_error_ex_post"]
    for name, rows in by(table(out / "results.csv"), "arm").items():
        done = [r for r in rows if not r["error"]]
        figures = {"runs": len(done), "largest gap, bp": largest_gap(done)}
        yield name, {**figures, "orders": sum(int(r["orders"]) for r in done), **{c: mean(done, c) for c in averaged}}
    for setting in json.loads((out / "summary.json").read_text())["combinations"]:
        worth = setting["uma_minus_sma"]
        yield f"uma less sma, {setting['settings']}", {c: worth[c]["median"] for c in averaged if c in worth}


def book(_program, _arguments, out, _):
    """A row a setup."""
    for said in json.loads((out / "summary.json").read_text())["setups"]:
        figures = {c: said[c] for c in ("in_line", "orders", "transfers", "tickets")}
        figures["tax, total"] = said["tax"]["total"]
        yield said["setup"], figures | {f"{c}, mean": said[c]["mean"] for c in ("te_after", "drift_after")}


def rebalance(_program, _arguments, _out, printed):
    """One row: the certificate and the orders."""
    said = json.loads(printed)
    gap = 1e4 * (said["objective"] - said["lower_bound"])
    yield "", {**{c: said.get(c) for c in COLUMNS["rebalance"]}, "gap, bp": gap, "orders": len(said["orders"])}


READERS = {f.__name__: f for f in (backtest, compare, simulate, sweep, book, rebalance)}


def figures(program, arguments):
    """The figures of one example by arm. A failure takes the place of an arm."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        line = [program, *(a.replace("{out}", str(out)) for a in arguments)]
        done = subprocess.run(line, capture_output=True, text=True, cwd=folder, check=False)
        if done.returncode != 0:
            return {f"exit {done.returncode}: {' '.join(done.stderr.split())}": {}}
        try:
            return dict(READERS[arguments[0]](program, arguments, out, done.stdout))
        except RuntimeError as e:
            return {str(e): {}}


def moved(a, b, unit):
    """Whether a figure moved beyond the last digits."""
    if a is None or b is None:
        return a is not b
    return not abs(a - b) <= max(LAST_DIGITS * max(abs(a), abs(b)), ROUNDING[unit])


def shown(x, unit):
    """A figure as text; a rounded zero has no sign."""
    text = "" if x is None else format(x, SHOWN[unit])
    return text.lstrip("-") if text and float(text.replace(",", "")) == 0.0 else text


def cell(a, b, unit):
    """A figure before and after, once where both are shown alike."""
    before, after = shown(a, unit), shown(b, unit)
    return before if before == after and not moved(a, b, unit) else f"{before or '-'} -> {after or '-'}"


def rows(name, columns, before, after):
    """The rows of one example, and how many of them have moved."""
    flagged = 0
    for arm in dict.fromkeys([*before, *after]):
        cells, flags = [], []
        for column, unit in columns.items():
            a, b = (side.get(arm, {}).get(column) for side in (before, after))
            cells.append(cell(a, b, unit))
            # A build without the example `solves` has not moved these.
            unknown = column in SOLVES and None in (a, b)
            if moved(a, b, unit) and not unknown:
                flags.append(column)
        if not (arm in before and arm in after):
            flags = ["only before" if arm in before else "only after"]
        flagged += bool(flags)
        print("| " + " | ".join([name, arm, *cells, "**" + ", ".join(flags) + "**" if flags else ""]) + " |", flush=True)
    return flagged


def main():
    """Prints the tables of all examples, or of those whose name contains the third argument."""
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    programs = [str(Path(p).resolve()) for p in sys.argv[1:3]]
    wanted = sys.argv[3] if len(sys.argv) == 4 else ""
    for program in programs:
        if not (Path(program).parent / "examples" / "solves").is_file():
            print(f"skipped: single optimizations of {program} (no examples/solves beside it)", file=sys.stderr)
    chosen = [(name, arguments) for name, arguments in runs() if wanted in name]
    flagged = 0
    for kind, columns in COLUMNS.items():
        mine = [(name, arguments) for name, arguments in chosen if arguments[0] == kind]
        if not mine:
            continue
        print(f"\n{kind}. {NOTES.get(kind, '')}".rstrip() + "\n")
        print("| " + " | ".join(["example", "arm", *columns, "moved"]) + " |\n|---|---" + "|---:" * len(columns) + "|---|")
        for name, arguments in mine:
            flagged += rows(name, columns, *(figures(program, arguments) for program in programs))
    print(f"\n{flagged} rows moved beyond {LAST_DIGITS:g} relative.")


if __name__ == "__main__":
    main()
