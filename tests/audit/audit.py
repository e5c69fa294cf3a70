#!/usr/bin/env python3
"""Audits the result folder of `unisleeve backtest` from its files alone.

    python3 tests/audit/audit.py DIR

Every balance, lot, gain, wash sale, tax and measure is worked out again from the facts in the folder (prices,
what was traded, the policy, the tax inputs) and compared with what the folder says. Exit 0: all matches; 1: one
line for each mismatch on stdout (arm, file, line or key, found, expected); 2: the folder can't be read. What is
not checked is printed.

Order of the work: `folder.py` reads, `replay.py` works out what happened to each arm, `compare.py` and `study.py`
compare.
"""
import sys

from check import Check
from classes import check_classes
from compare import check_daily, check_summary, check_tax_years
from difference import differences, series_of
from fixed import MONEY, BadInput, shown
from folder import Folder
from measures import against_shadow, figures_of
from replay import Replay
from study import NOT_CHECKED, check_study
from vintages import check_vintages

SHOWN_FAULTS = 50


def replay_arms(folder):
    """(faults, [(check, replay)]): every arm worked out from the facts."""
    tables = (rows for rows in folder.tables.values())
    arms = set(folder.arms).union(*({row["arm"] for row in rows} for rows in tables))
    faults, replays = [], []
    for arm in sorted(arms):
        check = Check(arm, faults)
        if arm not in folder.arms:
            check.fault("summary.json", "arms", "arm", "nothing", arm)
        replays.append((check, Replay(folder, arm, check).run()))
    return faults, replays


def figures_of_all(folder, replays, daily):
    """{arm: its figures}, worked out again; `daily` are the rows of daily.csv by arm and date."""
    figures = {arm: figures_of(replay, folder, daily[arm]) for arm, replay in replays.items()}
    if "shadow" in figures:
        for arm, replay in replays.items():
            figures[arm].update(against_shadow(replay, figures[arm], replays["shadow"], figures["shadow"]))
    return figures


def parts_of(folder, series):
    """UMA minus each setup with separate managers that summary.json compares it with."""
    return differences(series, {row["against"] for row in folder.summary.get("difference") or []})


def check_figures(folder, summary, replays, figures, parts, daily, checks):
    """Compares summary.json with the figures and the parts of the differences."""
    for arm, replay in replays.items():
        if arm in summary["arms"]:
            check_summary(replay, folder, summary["arms"][arm], figures[arm], daily[arm], checks[arm])
    check_study(folder, summary, replays, parts, checks[""])
    check_vintages(summary, {arm: replay.marks for arm, replay in replays.items()}, checks[""])


def audit(path):
    """(mismatches, one Check for each arm)."""
    folder = Folder(path)
    faults, done = replay_arms(folder)
    checks, replays = {check.arm: check for check, _ in done}, {replay.arm: replay for _, replay in done}
    daily = {arm: check_daily(replay, folder.of_arm("daily", arm), checks[arm]) for arm, replay in replays.items()}
    for arm, replay in replays.items():
        check_tax_years(replay, replay.tables["tax_years"], checks[arm])
    series = series_of(replays, folder)
    for arm, one in series.items():
        check_classes(one, folder.of_arm("class_weights", arm), daily[arm], checks[arm])
    checks[""] = Check("", faults)
    check_figures(folder, folder.summary, replays, figures_of_all(folder, replays, daily), parts_of(folder, series), daily, checks)
    return faults, list(checks.values())


def readable(pattern):
    """A pattern of paths without the signs of a regular expression."""
    for sign, text in ((r"\w+", "*"), (r"\d+", "*"), ("\\", "")):
        pattern = pattern.replace(sign, text)
    return pattern


def main(arguments):
    if len(arguments) != 1:
        print("usage: audit.py DIR", file=sys.stderr)
        return 2
    try:
        faults, checks = audit(arguments[0])
    except BadInput as fault:
        print(fault, file=sys.stderr)
        return 2
    for line in faults[:SHOWN_FAULTS]:
        print(line)
    if faults:
        print(f"{len(faults)} mismatches, {min(len(faults), SHOWN_FAULTS)} shown")
    for check in checks:
        where = f" ({check.where})" if check.worst else ""
        print(f"{check.arm or 'study'}: {check.rows} rows, {check.figures} figures checked, "
              f"largest deviation {shown(check.worst, MONEY)}{where}")
        for note in check.notes:
            print(f"{check.arm or 'study'}: {note}")
    for pattern, why in NOT_CHECKED:
        print(f"Not checked: {readable(pattern)}: {why}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
