#!/usr/bin/env python3
"""Counts the instructions of each example by valgrind's callgrind, for one or more builds of the command.

    python3 benches/instructions.py target/release/unisleeve > before.md
    python3 benches/instructions.py BEFORE AFTER --only PART-OF-A-NAME

Counts do not depend on what else the machine does. Each program runs on one thread, since waiting threads also execute
instructions. Callgrind takes about 45 times as long as the program itself. So examples that take over a minute of processor time
without it are left out, and the S&P 500 is replayed without its later start dates. UNISLEEVE_DATA names the folder of its prices.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from hashes import runs  # noqa: E402  the examples are listed there

OPENING = ROOT.parent / "shared" / "cases" / "comparison" / "opening.json"
LONGEST = 60
CALLGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]


def examples():
    """The page's opening case, then the examples that all scripts share."""
    if OPENING.is_file():
        yield "opening case, one future", ["simulate", str(OPENING), "--paths", "1", "--threads", "1", "--out", "{out}"]
    else:
        print(f"skipped: the opening case ({OPENING} is missing)", file=sys.stderr)
    for name, arguments in runs():
        yield name, [*arguments, "--vintages", "0"] if name == "sp500" else arguments


def run(before, program, arguments):
    """Runs the program in a new folder, behind a command such as valgrind; returns what it reported and its processor seconds."""
    with tempfile.TemporaryDirectory() as folder:
        line = [*before, program, *(a.replace("{out}", str(Path(folder) / "out")) for a in arguments)]
        start = os.times().children_user
        done = subprocess.run(
            line, capture_output=True, text=True, cwd=folder, check=False, env={**os.environ, "RAYON_NUM_THREADS": "1"}
        )
        seconds = os.times().children_user - start
    if done.returncode != 0:
        # Valgrind's own lines begin with its process number.
        said = [text for text in done.stderr.splitlines() if text and not text.startswith("==")]
        raise RuntimeError(f"exit {done.returncode}: {' '.join(said)}")
    return done.stderr, seconds


def count(program, arguments):
    """Instructions of one run."""
    found = re.search(r"Collected : (\d+)", run(CALLGRIND, program, arguments)[0])
    if found is None:
        raise RuntimeError("callgrind reported no count")
    return int(found.group(1))


def row(name, programs, arguments):
    """The table's row of one example; a failure stands in the cell of its program."""
    cells, counts = [], []
    for program in programs:
        try:
            counts.append(count(program, arguments))
            cells.append(f"{counts[-1] / 1e6:,.1f}")
        except RuntimeError as e:
            cells.append(str(e))
    if len(programs) > 1:
        cells.append(f"{counts[-1] / counts[0]:.4f}" if len(counts) == len(programs) else "-")
    return [name, *cells]


def line(cells):
    """Prints a row of the table at once, because the whole table takes long."""
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="+", metavar="PROGRAM")
    parser.add_argument("--only", default="", metavar="PART", help="only examples whose name contains this")
    asked = parser.parse_args()
    programs = [str(Path(p).resolve()) for p in asked.programs]
    print("Millions of instructions of the whole command on one thread; sp500 without later start dates.\n", flush=True)
    heads = ["example", *asked.programs, *(["last / first"] if len(programs) > 1 else [])]
    line(heads)
    print("|---" + "|---:" * (len(heads) - 1) + "|")
    for name, arguments in examples():
        if asked.only not in name:
            continue
        try:
            seconds = run([], programs[0], arguments)[1]
        except RuntimeError as e:
            line([name, str(e), *["-"] * (len(heads) - 2)])
            continue
        if seconds > LONGEST:
            print(f"skipped: {name} takes {seconds:.0f} s of processor time without callgrind", file=sys.stderr)
        else:
            line(row(name, programs, arguments))


if __name__ == "__main__":
    main()
