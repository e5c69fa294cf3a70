"""The later start dates. Their runs have no files in the folder and can't be replayed: checked are differences, sums,
what both endings share, and the interval of the setup effect over them."""
import datetime as dt

from bootstrap import interval
from fixed import MONEY
from study import FILE, MATCH, NEAR, at, check_difference, check_sums, dollar_years, figures_less, number

LEAST = 5  # fewest start dates with an interval
SEPARABLE = 0.15  # part of other holdings below which a setup effect is not separable from them


def check_vintages(summary, marks, check):
    """`marks` are those of each arm."""
    vintages = summary.get("vintages") or {}
    starts = [one for one in vintages.get("start_dates", ()) if one.get("uma")]
    for one in starts:
        check_start(summary, vintages, f"vintages.start_dates {one['start']}", one, check)
    for position, row in enumerate(summary.get("difference") or []):
        if "setup_interval" not in row or row["against"] not in marks:
            continue
        place = f"difference[{position}]"
        effects = [float(other["bp_a_year"]) for one in starts for other in one.get("difference", ()) if pair(other) == pair(row)]
        # Start dates are a year apart, so as many overlap as a run has years.
        expected = interval(effects, vintages["years"]) if len(effects) >= LEAST else None
        found, dollars = row["setup_interval"], dollar_years(marks["uma"], marks[row["against"]])
        check.same(FILE, place, "setup_interval", found is None, expected is None)
        for side, (stated, bound) in enumerate(zip(found or (), expected or ())):
            bound *= dollars / 1e4
            check.near(FILE, place, f"setup_interval[{side}]", stated, bound, NEAR * max(1.0, abs(bound)))
        check_verdict(place, row, check)


def pair(row):
    return row["against"], row["ending"]


def check_verdict(place, row, check):
    """What is said of a difference follows from interval, setup effect and other holdings."""
    setup, holdings = float(row["setup"]), float(row["classes"]) + float(row["names"])
    expected = "benefit" if setup > 0 else "cost"
    if row["setup_interval"] is None:
        expected = "one_path"
    elif row["setup_interval"][0] <= 0 <= row["setup_interval"][1]:
        expected = "no_measurable_benefit"
    elif abs(setup) < SEPARABLE * abs(holdings):
        expected = "not_separable"
    check.same(FILE, place, "verdict_code", row["verdict_code"], expected)


def check_start(summary, vintages, place, one, check):
    """The runs from one start date."""
    check_difference(f"{place}.uma_less_sma", one["uma_less_sma"], figures_less(one["uma"], one["sma"]), check)
    asked = float(at(summary, "config.trading.risk_aversion"))
    for side in ("uma", "sma"):
        check.near(FILE, f"{place}.{side}", "risk_aversion", one[side]["risk_aversion"], asked, NEAR * asked)
    errors = [number(one[side].get("tracking_error")) for side in ("uma", "sma")]
    if "matched" in one:
        check.same(FILE, place, "matched", one["matched"], all(errors) and abs(errors[0] / errors[1] - 1) < MATCH)
    days = (dt.date.fromisoformat(one["end"]) - dt.date.fromisoformat(one["start"])).days
    if not abs(days / 365.25 - vintages["years"]) < 0.1:  # the first and the last may be no sessions
        check.fault(FILE, place, "years", vintages["years"], f"{days} days")
    rows = {pair(row): row for row in one.get("difference", ())}
    for (against, ending), row in rows.items():
        of = f"{place}.difference {against} {ending}"
        check_sums(of, row, check)
        check_verdict(of, row, check)
        check_shared(of, row, rows.get((against, "kept" if ending == "liquidated" else "liquidated")), check)
        if against == "sma":
            check_runs(summary, of, row, one, check)


def check_shared(place, row, other, check):
    """Both endings share the average value times years, on which basis points count, and the risk."""
    if other is None:
        check.fault(FILE, place, "endings", "one", "two")
        return
    check.near(FILE, place, "risk", row["risk"], float(other["risk"]), 1e-5)
    expected = float(other["bp_a_year"]) * float(row["setup"])
    check.near(FILE, place, "bp_a_year, times setup", float(row["bp_a_year"]) * float(other["setup"]), expected, NEAR * (1 + abs(expected)))


def check_runs(summary, place, row, one, check):
    """The difference to the setup whose figures are stated beside it."""
    check.near(FILE, place, "total", row["total"], float(one["uma_less_sma"][row["ending"]]), 1e-5)
    # The split with a run's own asset classes may round another way in each of three parts.
    check.near(FILE, place, "setup", row["setup"], one["sma"][f"setup_{row['ending']}"] / 10**MONEY, 3 / 10**MONEY)
    if row["bp_a_year"]:
        variance = {side: (number(one[side].get("tracking_error")) or 0.0) ** 2 for side in ("uma", "sma")}
        dollars = 1e4 * float(row["setup"]) / float(row["bp_a_year"])
        risk = 0.5 * float(at(summary, "config.trading.risk_aversion")) * (variance["sma"] - variance["uma"]) * dollars
        check.near(FILE, place, "risk", row["risk"], risk, 1e-4 + NEAR * abs(risk))
