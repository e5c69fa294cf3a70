#!/usr/bin/env python3
"""Compares `unisleeve tax` with Tax-Calculator, an independent model of the federal income tax.

    python federal.py PROGRAM [HOUSEHOLDS] [EDGES] [SEED]

HOUSEHOLDS random households (10,000 by default) and EDGES more (4,000) whose taxable income lies within two
dollars of a bracket's end, of the ends of the 0% and 15% rates, or of a kink of the alternative minimum tax;
half of them in each of 2025 and 2026. Regular tax, alternative minimum tax and net investment income tax must
agree to the cent. Needs the package taxcalc.

Separate returns whose exemption from the alternative minimum tax is gone: the law adds an amount to their income
(IRC 55(d)(3), last sentence; instructions for Form 6251, line 4), and Tax-Calculator 6.8.0 does not. They are
counted, and compared with what it says once that amount is put in as a preference. In 2026 it also takes the last
$500 of their exemption away at $639,200, where $640,200 is half a dollar of exemption a dollar above $500,000.
"""

import concurrent.futures
import json
import os
import random
import subprocess
import sys

import numpy
import pandas
import taxcalc

CENT = 0.0101
STATUS = {"single": 1, "joint": 2, "separate": 3, "head": 4}


def household(rng):
    """A household with wages, interest, dividends and gains, most of them where the tax bends."""
    large = rng.random() < 0.5
    wages = rng.choice([0, rng.uniform(0, 150_000), rng.uniform(0, 700_000), rng.uniform(0, 2_000_000)])
    gain = lambda most: rng.choice([0, rng.uniform(-20_000, 20_000), rng.uniform(0, most)])
    salt = rng.choice([0, 0, rng.uniform(5_000, 40_000)])
    return {
        "status": rng.choice(sorted(STATUS)),
        "wages": round(wages),
        "interest": round(rng.choice([0, rng.uniform(0, 50_000)])),
        "qualified": round(rng.choice([0, rng.uniform(0, 100_000)])),
        "short": round(gain(300_000)),
        "long": round(gain(5_000_000 if large else 400_000)),
        "salt": round(salt),
        "mortgage": round(rng.uniform(0, 60_000)) if salt else 0,
        "preferences": round(rng.choice([0, 0, 0, rng.uniform(0, 400_000)])),
    }


def model(year, households):
    """What Tax-Calculator says of them: a table with one row a household."""
    column = lambda key: numpy.array([h[key] for h in households], dtype=float)
    zero = numpy.zeros(len(households))
    data = pandas.DataFrame(
        {
            "RECID": numpy.arange(1, len(households) + 1),
            "FLPDYR": numpy.full(len(households), year),
            "MARS": numpy.array([STATUS[h["status"]] for h in households]),
            "XTOT": numpy.array([2 if h["status"] == "joint" else 1 for h in households]),
            "age_head": numpy.full(len(households), 45),
            "age_spouse": numpy.array([45 if h["status"] == "joint" else 0 for h in households]),
            "e00200": column("wages"),
            "e00200p": column("wages"),
            "e00200s": zero,
            "e00300": column("interest"),
            "e00600": column("qualified"),
            "e00650": column("qualified"),
            "p22250": column("short"),
            "p23250": column("long"),
            "e18400": column("salt"),
            "e19200": column("mortgage"),
            "cmbtp": column("preferences"),
        }
    )
    records = taxcalc.Records(data=data, start_year=year, gfactors=None, weights=None)
    calculator = taxcalc.Calculator(policy=taxcalc.Policy(), records=records)
    calculator.advance_to_year(year)
    calculator.calc_all()
    names = ["c00100", "c04800", "taxbc", "c09600", "niit", "standard", "c04470", "c18300", "c62100"]
    return pandas.DataFrame({name: calculator.array(name) for name in names})


def preferential(h):
    """Net long-term gain plus qualified dividends (Schedule D)."""
    return max(0.0, min(h["long"], h["long"] + h["short"])) + h["qualified"]


def asked(year, h, row):
    """The input of the command: the figures of the return that Tax-Calculator fills in."""
    gains = max(h["short"] + h["long"], -1_500 if h["status"] == "separate" else -3_000)
    pref = min(preferential(h), row.c04800)
    value = {
        "year": year,
        "status": h["status"],
        "ordinary_taxable": round(row.c04800 - pref, 4),
        "pref_income": round(pref, 4),
        "magi": round(row.c00100, 4),
        "net_investment_income": max(0, h["interest"] + h["qualified"] + gains),
    }
    if value["ordinary_taxable"] == 0:
        # Deductions exceed ordinary income: the minimum tax asks for all of the preferential income.
        value.update(net_short=h["short"], net_long=h["long"], qualified_dividends=h["qualified"])
    if row.standard == 0:
        value["deduction"] = {"itemized": round(row.c04470, 4), "salt": round(row.c18300, 4)}
    if h["preferences"]:
        value["amt_preferences"] = h["preferences"]
    return value


def tax(program, value):
    done = subprocess.run([program, "tax", "--json"], input=json.dumps(value), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{json.dumps(value)}: {done.stderr}")
    return json.loads(done.stdout)


def with_addition(year, policy, households, rows):
    """The minimum tax of separate returns whose exemption is gone, with the addition as a preference, by row."""
    exemption, rate = float(policy.AMT_em[0][2]), float(policy.AMT_prt[0])
    gone = float(policy.AMT_em_ps[0][2]) + exemption / rate
    least = min(gone, float(policy.AMT_em_pe[0]))
    found = [row for h, row in zip(households, rows) if h["status"] == "separate" and row.c62100 > least]
    # The rest of the exemption where Tax-Calculator takes it away early.
    more = [max(rate * (row.c62100 - gone), -exemption) for row in found]
    more = [min(exemption, x) for x in more]
    again = [
        dict(
            households[row.Index],
            preferences=households[row.Index]["preferences"] + addition,
            # Who takes the standard deduction keeps it, though the model would choose again.
            **({"salt": 0, "mortgage": 0} if row.standard > 0 else {}),
        )
        for row, addition in zip(found, more)
    ]
    if not again:
        return {}
    return {row.Index: tax for row, tax in zip(found, model(year, again).c09600)}


def kinks(policy, status):
    """Taxable incomes at which the regular tax or the minimum tax bends."""
    i = {"single": 0, "joint": 1, "separate": 2, "head": 3}[status]
    at = lambda name: float(getattr(policy, name)[0][i])
    brackets = [at(f"II_brk{k}") for k in range(1, 7)] + [at("CG_brk1"), at("CG_brk2")]
    start, exemption = at("AMT_em_ps"), at("AMT_em")
    end = start + exemption / float(policy.AMT_prt[0])
    minimum = [exemption, start, end, at("AMT_brk1") + exemption, at("AMT_brk1"), end + exemption]
    return brackets, [x - at("STD") for x in minimum]


def at_an_edge(rng, policy):
    """A household whose taxable income, or whose ordinary part of it, lies at a kink."""
    h = household(rng)
    h.update(salt=0, mortgage=0, preferences=0, short=max(0, h["short"]), long=max(0, h["long"]))
    brackets, minimum = kinks(policy, h["status"])
    target = rng.choice(brackets + minimum) + rng.choice([-2, -1, 0, 1, 2])
    if rng.random() < 0.5:
        # The ordinary part: gains come on top of it.
        others = h["interest"] + h["short"]
    else:
        others = h["interest"] + h["short"] + h["long"] + h["qualified"]
    standard = float(policy.STD[0][{"single": 0, "joint": 1, "separate": 2, "head": 3}[h["status"]]])
    h["wages"] = round(max(0, target + standard - others))
    return h


def main():
    program = sys.argv[1]
    count, edges, seed = [int(x) for x in (sys.argv[2:] + ["10000", "4000", "1"][len(sys.argv) - 2 :])]
    print(f"seed {seed}, taxcalc {taxcalc.__version__}")
    rng = random.Random(seed)
    failures, excused, with_minimum_tax, total, largest = [], 0, 0, 0, 0.0
    for year in (2025, 2026):
        policy = taxcalc.Policy()
        policy.set_year(year)
        households = [household(rng) for _ in range(count // 2)]
        households += [at_an_edge(rng, policy) for _ in range(edges // 2)]
        rows = list(model(year, households).itertuples())
        added = with_addition(year, policy, households, rows)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            values = [asked(year, h, row) for h, row in zip(households, rows)]
            found = pool.map(lambda value: tax(program, value), values)
        for h, row, value, ours in zip(households, rows, values, found):
            total += 1
            regular = ours["ordinary_tax"] + ours["gains_tax"]
            expected = added.get(row.Index, row.c09600)
            excused += row.Index in added
            gaps = [regular - row.taxbc, ours["niit"] - row.niit, ours["amt"] - expected]
            with_minimum_tax += ours["amt"] > 0
            largest = max(largest, *map(abs, gaps))
            if max(map(abs, gaps)) > CENT:
                failures.append((gaps, h, value, ours, row))
    print(f"{total} households, {with_minimum_tax} with alternative minimum tax; {excused} separate returns with the addition")
    print(f"largest difference: ${largest:.4f}; {len(failures)} of more than a cent")
    for gaps, h, value, ours, row in failures[:5]:
        print(gaps, h, value, ours, row, sep="\n  ")
    raise SystemExit(1 if failures else 0)


if __name__ == "__main__":
    main()
