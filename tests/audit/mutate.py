#!/usr/bin/env python3
"""Changes single figures of a result folder and lists those whose change the auditor does not notice.

    python3 tests/audit/mutate.py DIR [COUNT] [SEED]

Numbers of summary.json, and cells of daily.csv and class_weights.csv, are changed one at a time, by 1%, or by 1
where they are zero, tiny or a small integer. Exit 0: every change was noticed, or concerns a figure that the auditor
says it does not check; 1: one line for each other. The arms are replayed once; only comparisons run again.
"""
import random
import re
import sys

from audit import check_figures, figures_of_all, parts_of, replay_arms
from check import Check
from classes import check_classes
from compare import check_daily, is_figure, leaves
from difference import series_of
from fixed import MONEY_UNIT, TYPES
from folder import Figure, Folder
from measures import figures_of
from study import NOT_CHECKED

SMALL = 1000
TINY = 1e-6  # of which 1% would be lost in rounding
CELLS = ("daily", "class_weights")


def changed(value):
    """A figure of summary.json, changed."""
    if value == 0 or (abs(value) < SMALL and value == int(value)):
        return value + 1 if isinstance(value, int) else Figure(str(float(value) + 1))
    return value + max(1, value // 100) if isinstance(value, int) else Figure(repr(float(value) * 1.01))


def changed_cell(value, kind):
    """A cell as it was read: money as an integer count of 0.0001, or a float."""
    if kind == "float":
        return value * 1.01 if abs(value) > TINY else value + 1.0
    return value + round(value / 100) if abs(value) >= 100 * MONEY_UNIT else value + MONEY_UNIT


def place(summary, path):
    """(container, key) of a figure by its path."""
    *steps, last = [int(step[1:-1]) if step.startswith("[") else step for step in re.findall(r"\[\d+\]|[^.\[\]]+", path)]
    for step in steps:
        summary = summary[step]
    return summary, last


class Trial:
    """A folder whose arms are replayed, for many comparisons."""

    def __init__(self, path):
        self.folder = Folder(path)
        faults, done = replay_arms(self.folder)
        self.replays = {replay.arm: replay for _, replay in done}
        self.rows = {arm: self.folder.of_arm("daily", arm) for arm in self.replays}
        self.daily = {arm: check_daily(self.replays[arm], self.rows[arm], Check(arm, faults)) for arm in self.replays}
        self.figures = figures_of_all(self.folder, self.replays, self.daily)
        self.series = series_of(self.replays, self.folder)
        self.parts = parts_of(self.folder, self.series)
        faults += self.faults_of(self.folder.summary)
        for arm in self.series:
            self.check_classes(arm, faults)
        if faults:
            raise SystemExit("\n".join(["not clean before any change:", *faults]))

    def faults_of(self, summary):
        faults = []
        checks = {arm: Check(arm, faults) for arm in [*self.replays, ""]}
        check_figures(self.folder, summary, self.replays, self.figures, self.parts, self.daily, checks)
        return faults

    def check_classes(self, arm, faults):
        if arm in self.series:
            check_classes(self.series[arm], self.folder.of_arm("class_weights", arm), self.daily[arm], Check(arm, faults))

    def figures_in_summary(self):
        return [path for path, value in leaves(self.folder.summary) if is_figure(value) and value is not None]

    def cells(self):
        """(table, row, column) of every number."""
        for name in CELLS:
            for row in self.folder.tables.get(name, self.folder.more.get(name)) or ():
                yield from ((name, row, column) for column, value in row.items() if TYPES.get(column) in ("float", 4) and value is not None)

    def notices_figure(self, path):
        container, key = place(self.folder.summary, path)
        old = container[key]
        container[key] = changed(old)
        try:
            return bool(self.faults_of(self.folder.summary))
        except (ArithmeticError, LookupError, ValueError):
            return True
        finally:
            container[key] = old

    def notices_cell(self, name, row, column):
        old, arm, faults = row[column], row["arm"], []
        row[column] = changed_cell(old, TYPES[column])
        try:
            self.check_classes(arm, faults)
            if name == "daily" and not faults:
                check_daily(self.replays[arm], self.rows[arm], Check(arm, faults))
                if not faults:  # what summary.json has of it
                    new = figures_of(self.replays[arm], self.folder, self.daily[arm])
                    kept = self.figures[arm]
                    self.figures[arm] = {**kept, **new}
                    faults = self.faults_of(self.folder.summary)
                    self.figures[arm] = kept
            return bool(faults)
        finally:
            row[column] = old


def main(arguments):
    folder, count, seed = arguments[0], int((arguments[1:2] or ["1000"])[0]), int((arguments[2:3] or [str(random.randrange(10**6))])[0])
    trial, chance = Trial(folder), random.Random(seed)
    paths, cells = trial.figures_in_summary(), list(trial.cells())
    tried = listed = 0
    unnoticed = []
    for _ in range(count):
        tried += 1
        if chance.random() < 0.7 or not cells:
            path = chance.choice(paths)
            if trial.notices_figure(path):
                continue
        else:
            name, row, column = chance.choice(cells)
            path = f"{name}.csv {row['arm']} {row['date']} {column}"
            if trial.notices_cell(name, row, column):
                continue
        if any(re.fullmatch(pattern, path) for pattern, _ in NOT_CHECKED):
            listed += 1
        else:
            unnoticed.append(path)
    print("\n".join(sorted(unnoticed)))
    print(f"seed {seed}: {tried} changes, {tried - listed - len(unnoticed)} noticed, {listed} of figures said not to be checked, "
          f"{len(unnoticed)} unnoticed; {len(paths)} figures in summary.json")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
