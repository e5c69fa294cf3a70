"""Compares what the folder says of one arm (daily.csv, tax_years.csv, summary.json) with its replay."""
import re
from collections import Counter

from fixed import MONEY, BadInput, shown
from replay import TAX_TOLERANCE, units
from sleeves import deviation
from study import NOT_CHECKED

FILE = "summary.json"

def leaves(value, path=""):
    """(path, figure) of every number, date, text or null in nested JSON."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from leaves(item, f"{path}[{at}]")
    else:
        yield path, value


def is_figure(value):
    return value is None or (not isinstance(value, (bool, str)))


def check_daily(replay, rows, check):
    """One row for each session; returns the rows by date."""
    daily = {}
    for row in rows:
        if row["date"] in daily:
            check.fault("daily", row.line, "date", row["date"], "one row for each session")
        daily[row["date"]] = row
    known = {mark.date for mark in replay.marks}
    for date in sorted(set(daily) - known):
        check.fault("prices", str(date), "session", "nothing", "prices for a day with trades, cash or a value")
    benchmark = 0.0
    for at, mark in enumerate(replay.marks):
        row = daily.get(mark.date)
        if row is None:
            check.fault("daily", str(mark.date), "row", "nothing", "one row for each session")
            continue
        check.money("daily", row.line, "value", row["value"], mark.value, mark.rounding)
        check.money("daily", row.line, "cash", row["cash"], mark.cash)
        check.money("daily", row.line, "accrued_tax", row["accrued_tax"], mark.accrued, TAX_TOLERANCE)
        for column, expected in (("owed", mark.owed), ("flow", mark.flow), ("tax_paid", mark.tax_paid),
                                 ("fees", mark.fees), ("costs", mark.costs)):
            if column in row:
                check.money("daily", row.line, column, row[column], expected)
        if row.get("pre_tax_return") is not None and at > 0 and replay.marks[at - 1].value > 0:
            earned = (mark.value - mark.flow + mark.tax_paid) / replay.marks[at - 1].value - 1.0
            check.near("daily", row.line, "pre_tax_return", row["pre_tax_return"], earned, 1e-9)
        if replay.sleeves.is_known:
            earned = replay.sleeves.benchmark[at]
            check.near("daily", row.line, "benchmark_return", row.get("benchmark_return"), earned, 1e-12)
            benchmark = benchmark * (1.0 + earned) + mark.flow / 10**MONEY
            check.near("daily", row.line, "benchmark_value", row["benchmark_value"], benchmark, 2e-4 + 1e-10 * abs(benchmark))
    return daily


def check_tax_years(replay, rows, check):
    of_year = {}
    for row in rows:
        if of_year.setdefault(row["year"], row) is not row:
            check.fault("tax_years", row.line, "year", row["year"], "one row for each year")
    for year in range(replay.law.first_year, replay.prices.sessions[-1].year + 1):
        row = of_year.pop(str(year), None)
        if row is None:
            check.fault("tax_years", str(year), "row", "nothing", "one row for each year")
            continue
        tax, netting = replay.tax_of(year)
        flows = replay.flows(year)
        if "distributions" in row:
            check.money("tax_years", row.line, "distributions", row["distributions"], units(flows.distributions))
        for column, amount in (("net_short", flows.short), ("net_long", flows.long), ("interest", flows.interest),
                               ("dividends_qualified", flows.qualified), ("dividends_ordinary", flows.ordinary),
                               ("ordinary_offset", netting.offset), ("carry_short", netting.carry.short),
                               ("carry_long", netting.carry.long)):
            check.money("tax_years", row.line, column, row[column], units(amount))
        check.money("tax_years", row.line, "tax", row["tax"], units(tax), TAX_TOLERANCE)
        check.same("tax_years", row.line, "paid_on", row["paid_on"], replay.prices.payment_session(year))
    for year, row in of_year.items():
        check.fault("tax_years", row.line, "year", year, "one row for each year of the run")


def check_monthly_error(replay, stated, daily, check):
    """The tracking error of folders that state it of monthly returns."""
    flows = Counter({mark.date: mark.flow - mark.tax_paid for mark in replay.marks})
    grown = {}  # month -> growth of portfolio and benchmark
    for before, mark in zip(replay.marks, replay.marks[1:]):
        if before.value <= 0:
            check.notes.append(f"tracking error NOT CHECKED: value {shown(before.value, MONEY)} on {before.date}")
            return
        month = mark.date.year, mark.date.month
        mine, theirs = grown.get(month, (1.0, 1.0))
        row = daily.get(mark.date, {})
        grown[month] = mine * (mark.value - flows[mark.date]) / before.value, theirs * (1 + (row.get("benchmark_return") or 0))
    expected = deviation([mine - theirs for mine, theirs in grown.values()], 12)
    check.near(FILE, f"arms.{replay.arm}", "tracking_error_ex_post", stated, expected, 1e-6)


def check_summary(replay, folder, stated, found, daily, check):
    """Every figure of the arm against `found`, its figures worked out again."""
    place = f"arms.{replay.arm}"
    if folder.summary.get("tracking_error_periods") == "monthly":
        check_monthly_error(replay, stated.get("tracking_error_ex_post"), daily, check)
        stated = {key: value for key, value in stated.items() if key != "tracking_error_ex_post"}
    elif "tracking_error_ex_post" not in found:
        check.notes.append("tracking error NOT CHECKED: benchmark_return is missing, or the value is zero")
    check_words(replay, stated, check)
    for key in ("final_value", "accrued_tax", "wealth_before_liquidation", "wealth_after_liquidation", "taxes_paid",
                "losses_harvested", "losses_washed", "carry_short", "carry_long"):
        if stated.get(key) is None:
            check.fault(FILE, f"{place}.{key}", key, "nothing", f"{found[key][0]:.4f}")
    if not isinstance(stated.get("endings"), dict):
        check.notes.append("endings NOT CHECKED: endings is missing")
    elif missing := [key for key in ("charity_share", "donee_short", "donee_long") if key not in folder.inputs]:
        raise BadInput(f"summary.json tax_inputs: {', '.join(missing)} missing")
    have = dict(leaves(stated))
    for part in ("endings", "liquidation", "money_weighted_return", "sec_returns", "cash_drag"):
        for path in (path for path in found if path.startswith(f"{part}.") and part in stated and path not in have):
            if stated[part] is not None and not path.endswith(".distributions"):
                check.fault(FILE, place, path, "nothing", found[path][0])
    unknown = []
    for path, value in have.items():
        if not is_figure(value) or path == "risk_aversion":  # study.py
            continue
        if path in found:
            expected, tolerance = found[path]
            check.near(FILE, place, path, value, expected, tolerance)
        elif value is not None and not any(re.fullmatch(pattern, f"{place}.{path}") for pattern, _ in NOT_CHECKED):
            unknown.append(path)
    if unknown:
        check.notes.append("NOT CHECKED, for want of what they follow from: " + ", ".join(unknown))


def check_words(replay, stated, check):
    """Names and dates beside the figures."""
    place, sleeves = f"arms.{replay.arm}", replay.sleeves
    if sleeves.is_known:
        specs = sleeves.specs(replay.marks[-1].date)
        expected = [(specs[at].name, specs[at].asset_class) for at in sleeves.followed()]
        check.same(FILE, place, "sleeves", [(item["sleeve"], item["asset_class"]) for item in stated.get("sleeves", [])], expected)
        expected = sleeves.drifting()
        check.same(FILE, place, "drift", [item["asset_class"] for item in stated.get("drift", [])], expected)
