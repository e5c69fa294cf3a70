"""What is stated of a study as a whole: its inputs, UMA minus SMA, and the ladder.

Runs that have no files in the folder (the neighbors behind the headline's median, the steps of the ladder) can't be
replayed: of them, differences, sums and orders are checked.
"""
import hashlib
import math

from fixed import MONEY
from folder import canonical
from law import Carry, Flows

FILE = "summary.json"
NEAR = 1e-9
EPSILON = 2.0**-52
MATCH = 0.01  # tracking errors count as equal within this fraction
MATCHED = "uma_equal_te"  # the arm whose risk aversion is searched for
RATES = ("tax_alpha_kept", "tax_alpha_liquidated", "pre_tax_return")
FIGURES = {"kept": "wealth_before_liquidation", "liquidated": "wealth_after_liquidation", "paid_out": "paid_out",
           "tax_alpha_kept": "tax_alpha_before_liquidation", "tax_alpha_liquidated": "tax_alpha_after_liquidation",
           "tracking_error": "tracking_error_ex_post", "pre_tax_return": "pre_tax_return", "risk_aversion": "risk_aversion",
           "worst_gap": "worst_gap", "orders": "orders", "transfers": "transfers", "tickets": "workload.tickets",
           "tasks": "workload.tasks"}
# What the folder does not suffice to check: the figures' paths, and why. Every other figure is checked.
NOT_CHECKED = [
    (r"arms\.\w+\.sleeves\[\d+\]\.tracking_error_ex_ante", "forecasts of the risk model, which is not in the folder (of the "
     "whole portfolio's, te_ex_ante, the average is checked)"),
    (r"arms\.\w+\.workload\.(held_back|forced_small)", "orders that were never sent, or only because cash was short"),
    (r"headline\.\w+\.(value|low|high)", "runs at nearby risk aversions, which have no files here (their order is checked)"),
    (r"ladder\.runs\[\d+\]\.(tracking_error|worst_gap|orders|transfers|tickets|tasks)|"
     r"vintages\.start_dates\[\d+\]\.(uma|sma)\.(worst_gap|orders|transfers|tickets|tasks)",
     "runs of the ladder and of later start dates, which have no files here (their dollars, returns and tax alpha are checked "
     "against the differences)"),
    (r"arms\.uma_equal_te\.risk_aversion", "the risk aversion at which a tracking error is matched"),
    (r"data_hash|result_hash", "hashes of what is not in the folder: prices before the first session, and the journals"),
]


def at(value, path):
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def number(value):
    return None if value is None else float(value)


def less(a, b):
    return None if a is None or b is None else float(a) - float(b)


def check_study(folder, summary, replays, parts, check):
    check_inputs(folder, summary, check)
    check_arms(summary, check)
    check_headline(summary, check)
    check_work(summary, check)
    check_differences(summary, replays, parts, check)
    if summary.get("ladder"):
        check_ladder(summary, summary["ladder"], check)


def check_inputs(folder, summary, check):
    """The configuration has the hash that is stated, and the tax inputs repeat it."""
    config, inputs = summary.get("config"), summary["tax_inputs"]
    if "config_hash" not in summary or not config:
        return
    digest = hashlib.sha256(canonical(config).encode()).hexdigest()
    check.same(FILE, "config_hash", "of the configuration", summary["config_hash"], digest)
    check.same(FILE, "seed", "figure", summary.get("seed"), config.get("seed"))
    for name, date in (("start", folder.prices.sessions[0]), ("end", folder.prices.sessions[-1])):
        check.same(FILE, name, "figure", summary.get(name), str(date))
    tax, ending = config["tax"], config["ending"]
    outside, deferral = tax["outside"], tax["deferral"]
    flat = marginal_rates(folder.law, folder.prices.sessions[-1].year)
    rates = {term: number(tax.get(f"liquidation_{term}")) for term in ("short", "long")}
    rates = {term: flat[term] if rate is None else rate for term, rate in rates.items()}
    discount = (1.0 + float(deferral["rate"])) ** -float(deferral["years"]) * (1.0 - float(deferral["step_up"]))
    expected = {
        "year": tax["year"], "inflation": tax["inflation"], "ordinary_taxable": outside["ordinary_taxable"],
        "magi": outside["magi"], "outside_net_investment_income": outside["net_investment_income"],
        "outside_net_short": outside["net_short"], "outside_net_long": outside["net_long"],
        "outside_qualified": outside["qualified_dividends"], "state_rate": outside["state_rate"],
        "carry_short": tax["carry_short"], "carry_long": tax["carry_long"],
        "liquidation_short": rates["short"], "liquidation_long": rates["long"], "charity_share": ending["charity_share"],
        "donee_short": rates["short"] if ending.get("donee_short") is None else ending["donee_short"],
        "donee_long": rates["long"] if ending.get("donee_long") is None else ending["donee_long"],
        # A flat rate alone is known here, and losses from outside are left out.
        "state_short": outside["state_rate"], "state_long": outside["state_rate"],
        "deferral_discount": discount,
        "carryforward_discount": (1.0 + float(deferral["rate"])) ** -float(deferral["carryforward_years"])}
    for name, value in expected.items():
        check.near(FILE, "tax_inputs", name, inputs.get(name), float(value), NEAR)
    check.same(FILE, "tax_inputs", "status", inputs["status"], tax["status"])
    check.same(FILE, "tax_inputs", "law", inputs.get("law", "fixed"), tax.get("law", "fixed"))
    check.same(FILE, "tax_inputs", "amt_preferences", float(inputs.get("amt_preferences") or 0),
               float(outside.get("amt_preferences") or 0))
    for name, given in (("state", outside.get("state")), ("deduction", outside.get("deduction")),
                        ("outside_income", config["household"].get("outside_income") or [])):
        found = inputs.get(name) or ([] if name == "outside_income" else None)
        check.same(FILE, "tax_inputs", name, canonical(found), canonical(given))
    dated = [inputs.get("outside_gains") or [], config["household"].get("outside_gains") or []]
    check.same(FILE, "tax_inputs", "outside_gains", *map(canonical, dated))


def marginal_rates(law, last_year):
    """The household's rates on a further 10,000 of gain by term, with losses from outside left out."""
    kept, dated, changes = law.given, law.dated, law.changes
    law.given, law.dated, law.changes = dict(law.given_in(last_year)), [], []
    for term in ("short", "long"):
        law.given[f"outside_net_{term}"] = max(law.given[f"outside_net_{term}"], 0)
    year = last_year if law.fixed is None else law.first_year
    tax = lambda flows: law.full_return(flows, Carry(), year).tax
    amount, base = 10_000, tax(Flows())
    rates = {"short": float(tax(Flows(short=amount)) - base) / amount, "long": float(tax(Flows(long=amount)) - base) / amount}
    law.given, law.dated, law.changes = kept, dated, changes
    return rates


def check_arms(summary, check):
    """The order of arms, and risk aversions: the configured one, but for a run that is matched to a tracking error."""
    arms = summary["arms"]
    if "arm_order" in summary:
        check.same(FILE, "arm_order", "figure", sorted(summary["arm_order"]), sorted(arms))
    asked = at(summary.get("config", {}), "trading.risk_aversion")
    for name, arm in arms.items():
        if asked is not None and name != MATCHED and "risk_aversion" in arm:
            check.near(FILE, f"arms.{name}", "risk_aversion", arm["risk_aversion"], float(asked), NEAR * float(asked))


def check_headline(summary, check):
    head, uma, sma = summary.get("headline"), summary["arms"].get("uma"), summary["arms"].get("sma")
    if not head or not uma or not sma:
        return
    for name in ("wealth_before_liquidation", "wealth_after_liquidation", "tax_alpha_before_liquidation",
                 "tax_alpha_after_liquidation", "pre_tax_return"):
        figures, expected = head.get(name), less(uma.get(name), sma.get(name))
        if figures is None or expected is None:
            check.near(FILE, "headline", name, None if figures is None else figures.get("middle_run"), expected, 0)
            continue
        if name.startswith("wealth"):  # what an arm paid out counts
            expected += less(uma.get("paid_out", 0), sma.get("paid_out", 0))
        check.near(FILE, "headline", f"{name}.middle_run", figures["middle_run"], expected, NEAR * max(1.0, abs(expected)))
        for key in ("value", "middle_run"):
            if not figures["low"] <= figures[key] <= figures["high"]:
                check.fault(FILE, "headline", f"{name}.{key}", figures[key], f"{figures['low']} to {figures['high']}")
    for place, key, arm_key in (("tracking_error", "tracking_error_ex_post", NEAR), ("paid_out", "paid_out", 1e-6)):
        for position, arm in enumerate((uma, sma)):
            if place in head:
                check.near(FILE, "headline", f"{place}[{position}]", head[place][position], number(arm.get(key)), arm_key)
    errors = [number(at(summary["arms"], f"{arm}.tracking_error_ex_post")) for arm in (MATCHED, "sma")]
    if summary.get("equal_tracking_error") is not None and all(errors):
        check.same(FILE, "equal_tracking_error", "figure", summary["equal_tracking_error"], abs(errors[0] / errors[1] - 1) < MATCH)


def check_work(summary, check):
    """The work in each setup: counts of its arm, and their hours at the minutes of the configuration."""
    asked = {"minutes_per_task": 18.0, "minutes_per_ticket": 0.0, "minutes_per_transfer": 0.0, "hourly_rate": None}
    asked.update(at(summary, "config.workload") or {})
    for row in summary.get("work") or []:
        arm, place = summary["arms"].get(row["arm"], {}), f"work {row['arm']}"
        counts = {name: number(at(arm, f"workload.{name}")) for name in ("tasks", "tickets", "transfers", "orders")}
        for name, count in counts.items():
            check.near(FILE, place, name, row[name], count, 1e-9)
        if None not in counts.values():
            minutes = math.fsum(counts[f"{name}s"] * float(asked[f"minutes_per_{name}"]) for name in ("task", "ticket", "transfer"))
            check.near(FILE, place, "hours", row["hours"], minutes / 60, 1e-9)
            rate = asked["hourly_rate"]
            check.near(FILE, place, "dollars", row["dollars"], None if rate is None else minutes / 60 * float(rate), 1e-6)


def check_differences(summary, replays, parts, check):
    """UMA minus each setup with separate managers: the parts add up to the total, the total is the arms' wealth and
    what they paid out, and the figures beside it follow from the arms."""
    arms, gamma = summary["arms"], number(at(summary, "config.trading.risk_aversion"))
    for position, row in enumerate(summary.get("difference") or []):
        place, uma, sma = f"difference[{position}]", arms.get("uma"), arms.get(row["against"])
        if not uma or not sma:
            check.fault(FILE, place, "against", row["against"], "an arm of the folder")
            continue
        ending = "wealth_after_liquidation" if row["ending"] == "liquidated" else "wealth_before_liquidation"
        total = less(uma[ending], sma[ending]) + less(uma["paid_out"], sma["paid_out"])
        check.near(FILE, place, "total", row["total"], total, 1e-5)
        check_sums(place, row, check)
        marks = replays["uma"].marks
        years_of_value = dollar_years(marks, replays[row["against"]].marks)
        if years_of_value > 0:
            rate = 1e4 * float(row["setup"]) / years_of_value
            check.near(FILE, place, "bp_a_year", row["bp_a_year"], rate, 1e-9 * max(1.0, abs(rate)))
        errors = [number(arm["tracking_error_ex_post"]) or 0.0 for arm in (sma, uma)]
        risk = 0.5 * gamma * (errors[0] ** 2 - errors[1] ** 2) * years_of_value
        check.near(FILE, place, "risk", row["risk"], risk, 1e-4 + 1e-9 * abs(risk))
        # Marginal rates come from returns rounded to 0.0001, 1,000 dollars apart.
        for name, value in parts.get((row["against"], row["ending"]), {}).items():
            check.near(FILE, place, f"{name}, split again", row[name], value, 0.05 + 5e-7 * marks[-1].value / 10**MONEY)


def dollar_years(uma, sma):
    """Average value of two arms times years, in dollars."""
    values = [mark.value / 10**MONEY for mark in [*uma, *sma]]
    return math.fsum(values) / len(values) * (uma[-1].date - uma[0].date).days / 365.25


def check_sums(place, row, check):
    """The parts add up exactly, but for sums of floats."""
    for key, names in (("setup", ("tax", "fees", "costs")), ("total", ("setup", "cash", "classes", "names", "unpaid"))):
        parts = [float(row[name]) for name in names]
        check.near(FILE, place, f"{key}, sum of its parts", row[key], math.fsum(parts), len(parts) * EPSILON * math.fsum(map(abs, parts)))


def figures_less(a, b):
    """Dollars and rates by which one run exceeds another; its dollars are integer counts of 0.0001."""
    if a is None or b is None:
        return {}
    result = {key: float((a[key] + a["paid_out"]) - (b[key] + b["paid_out"])) / 10**MONEY for key in ("kept", "liquidated")}
    result.update({key: less(a.get(key), b.get(key)) for key in RATES})
    # What a run states is UMA's effect over it, so the better run has the smaller one.
    for key in ("setup_liquidated", "setup_kept"):
        if key in a and key in b:
            result[key] = float(b[key] - a[key]) / 10**MONEY
    return result


def check_difference(place, stated, expected, check):
    for key, value in expected.items():
        check.near(FILE, place, key, stated.get(key), value, 1e-12 if key in RATES else 1e-6)


def check_run_of_arm(place, run, arm, check):
    """A run that is also an arm of the folder has its figures."""
    for key, path in FIGURES.items():
        expected = number(at(arm, path))
        if expected is None and key == "paid_out":
            expected = 0.0
        if key in ("kept", "liquidated", "paid_out") and expected is not None:
            expected = float(round(expected * 10**MONEY))
        if key in run:
            check.near(FILE, place, key, run[key], expected, 1e-12 if key in (*RATES, "tracking_error", "worst_gap") else 1e-6)


def check_ladder(summary, ladder, check):
    """Steps are differences of the runs between them and add up to the total; ends are arms of the folder."""
    steps, runs, arms = ladder["steps"], ladder["runs"], summary["arms"]
    acting = {step["switch"] for step in steps if step["acts"]}
    by_set = {}
    for run in runs:
        if run["equal"] == "risk_aversion":
            by_set[frozenset(acting & set(run["switches"]))] = run
    rungs = [by_set.get(frozenset(acting & {step["switch"] for step in steps[:count]})) for count in range(len(steps) + 1)]
    if None in rungs:
        check.fault(FILE, "ladder.runs", "run", "nothing", "a run for each step")
        return
    for position, (step, before, after) in enumerate(zip(steps, rungs, rungs[1:])):
        check_difference(f"ladder.steps[{position}]", step, figures_less(after, before), check)
    matched = [run for run in runs if run["equal"] == "tracking_error"]
    check_difference("ladder.total", ladder["total"], figures_less(rungs[-1], rungs[0]), check)
    for key in ("kept", "liquidated"):
        total = math.fsum(float(step[key]) for step in steps)
        check.near(FILE, "ladder.total", f"{key}, sum of the steps", ladder["total"][key], total, 1e-5)
    if matched:
        check_difference("ladder.equal_tracking_error", ladder["equal_tracking_error"], figures_less(matched[0], rungs[-1]), check)
        check_run_of_arm("ladder.runs, at equal tracking error", matched[0], arms.get(MATCHED), check)
    asked = float(at(summary, "config.trading.risk_aversion"))
    for run in by_set.values():
        check.near(FILE, f"ladder.runs {run['name']}", "risk_aversion", run["risk_aversion"], asked, NEAR * asked)
        check_span(summary, run, check)
    check_run_of_arm("ladder.runs, UMA", rungs[-1], arms.get("uma"), check)
    check_run_of_arm("ladder.runs, SMA at its best", rungs[0], arms.get("sma_best"), check)
    setups = {row["ending"]: row["setup"] for row in summary.get("difference") or [] if row["against"] == "sma_best"}
    for ending, setup in setups.items():
        for run, expected in ((rungs[-1], 0.0), (rungs[0], float(setup) * 10**MONEY)):
            if f"setup_{ending}" in run:
                check.near(FILE, f"ladder.runs {run['name']}", f"setup_{ending}", run[f"setup_{ending}"], expected, 2)


def check_span(summary, run, check):
    check.same(FILE, f"ladder.runs {run['name']}", "span", (run["start"], run["end"]), (summary["start"], summary["end"]))
