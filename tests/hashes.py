#!/usr/bin/env python3
"""Prints what proves that moved code moved no figure: a row of fingerprints for each example.

    python3 tests/hashes.py target/release/unisleeve > before.md
    diff before.md after.md

`result`, `data` and `config` are those of summary.json. `books` is taken of the files that hold booked integers alone (trades,
cash, tax years, open lots), so it stays where only the last digits of a statistic move. `files` is taken of every table of the
result, and for a command without a result folder of what it prints. The S&P 500 is replayed where UNISLEEVE_DATA names its prices.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "docs" / "examples"
BOOKS = ("trades.csv", "cash.csv", "tax_years.csv", "lots.csv")
SHOWN = 12


def fingerprint(parts):
    """The first digits of the SHA-256 of names and contents; a dash where there are none."""
    digest = hashlib.sha256()
    for name, content in parts:
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:SHOWN] if parts else "-"


def runs():
    """Each example with the arguments that run it; {out} is a new folder."""
    yield "sample", ["backtest", "--out", "{out}"]
    for task in sorted((EXAMPLES / "tasks").glob("*.toml")):
        yield f"tasks/{task.stem}", ["backtest", str(task), "--out", "{out}"]
    data = os.environ.get("UNISLEEVE_DATA")
    if data:
        sp500 = str(EXAMPLES / "sp500" / "sp500.toml")
        yield "sp500", ["backtest", sp500, "--data", data, "--out", "{out}"]
    else:
        print("skipped: sp500 (UNISLEEVE_DATA names no folder of prices)", file=sys.stderr)
    yield "compare sample", ["compare", "--out", "{out}"]
    yield "simulate", ["simulate", "--paths", "8", "--out", "{out}"]
    yield "simulate example", ["simulate", str(EXAMPLES / "simulate.toml"), "--paths", "8", "--out", "{out}"]
    yield "simulate frontier", ["simulate", "--paths", "2", "--frontier", "--budgets", "20000", "--out", "{out}"]
    for grid in sorted((EXAMPLES / "sweep").glob("*.toml")):
        yield f"sweep/{grid.stem}", ["sweep", str(grid), "--out", "{out}"]
    book = EXAMPLES / "book"
    clients = ["--clients", str(book / "clients.csv"), "--config", str(book / "strategy.toml")]
    policies = ["--policies", str(book / "policies.csv")]
    yield "book", ["book", str(book / "book.csv"), *clients, *policies, "--out", "{out}"]
    for portfolio in sorted(EXAMPLES.glob("rebalance*.json")):
        yield portfolio.stem, ["rebalance", str(portfolio), "--json"]
        if "drift" not in portfolio.stem:
            yield f"{portfolio.stem} shares", ["rebalance", str(portfolio), "--round", "shares", "--json"]


def row(command, name, arguments):
    """The table's row of one example."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        line = [command, *(a.replace("{out}", str(out)) for a in arguments)]
        run = subprocess.run(line, capture_output=True, cwd=folder, check=False)
        if run.returncode != 0:
            return [name, f"exit {run.returncode}: {run.stderr.decode(errors='replace').strip()}", *"----"]
        if not out.is_dir():
            return [name, "-", "-", "-", "-", fingerprint([("stdout", run.stdout)])]
        summary = out / "summary.json"
        said = json.loads(summary.read_text()) if summary.is_file() else {}
        hashes = [str(said.get(key) or "-")[:SHOWN] for key in ("result_hash", "data_hash", "config_hash")]
        tables = sorted(p for p in out.rglob("*") if p.suffix in (".csv", ".parquet"))
        contents = [(p.relative_to(out).as_posix(), p.read_bytes()) for p in tables]
        books = [(n, c) for n, c in contents if n in BOOKS]
        return [name, *hashes, fingerprint(books), fingerprint(contents)]


def main():
    """Prints the table of all examples, or of those whose name contains the second argument."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    wanted = sys.argv[2] if len(sys.argv) == 3 else ""
    print("| example | result | data | config | books | files |\n|---|---|---|---|---|---|")
    for name, arguments in runs():
        if wanted in name:
            print("| " + " | ".join(row(str(Path(sys.argv[1]).resolve()), name, arguments)) + " |", flush=True)


if __name__ == "__main__":
    main()
