"""Weight and return of each asset class in class_weights.csv, and the expenses of funds in daily.csv.

The weight is a class's value at the close before over that of the whole portfolio; its return is the change in price,
with the expenses of funds added back, and the income over that value. Cash is what the classes leave of the portfolio
and of what it earned before tax, fees and costs.
"""
from collections import defaultdict

from fixed import MONEY_UNIT

FILE = "class_weights"
CASH = "cash"
LEAST = 0.00995  # dollars: a class of less than a cent has no return
HALF = 0.5e-10  # of the last decimal in the file
ULP = 2.0**-52
SUMS = 12  # amounts in a sum beside the classes, at most


def check_classes(series, rows, daily, check):
    """`series` is what the arm did; `rows` are its rows of class_weights.csv, `daily` those of daily.csv by date."""
    dates = [mark.date for mark in series.replay.marks]
    for date, session in zip(dates, series.sessions):
        row = daily.get(date, {})
        if "expenses" in row:
            check.near("daily", row.line, "expenses", row["expenses"] / MONEY_UNIT, session.expenses, 0.5 / MONEY_UNIT + 1e-9)
    if rows is None:
        return
    by_date = defaultdict(list)
    for row in rows:
        by_date[row["date"]].append(row)
    for before, session, date in zip(series.sessions, series.sessions[1:], dates[1:]):
        check_session(series.names, (before, session), date, by_date.pop(date, []), check)
    for row in (rows[0] for rows in by_date.values()):
        check.fault(FILE, row.line, "date", row["date"], "a session after the first")


def check_session(names, sessions, date, rows, check):
    """The last row is the cash; a class may have its name too."""
    before, session = sessions
    of = {row["asset_class"]: row for row in rows[:-1]}
    if sorted(row["asset_class"] for row in rows) != sorted([*names, CASH]) or rows[-1]["asset_class"] != CASH:
        found = ", ".join(row["asset_class"] for row in rows)
        check.fault(FILE, str(date), "asset classes", found or "nothing", ", ".join([*names, CASH]))
        return
    classes = [(here.before, here.gain + here.income) for here in session.classes]
    cash = before.value - sum(value for value, _ in classes), session.gained(before.value) - sum(gain for _, gain in classes)
    # Each of these sums may be off by half a bit of its largest amount for each term, here and in the run.
    off = (SUMS + len(names)) * ULP * (before.value + session.value + abs(session.flow))
    for row, (value, earned) in zip([*map(of.get, names), rows[-1]], [*classes, cash]):
        weight = value / before.value if before.value > LEAST else None
        check.near(FILE, row.line, "weight", row["weight"], weight, HALF + off / max(before.value, LEAST))
        gain = earned / value if value > LEAST else None
        check.near(FILE, row.line, "return", row["return"], gain, HALF + off * (1.0 + abs(gain or 0.0)) / max(value, LEAST))
