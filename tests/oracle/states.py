"""State income tax by policyengine-us: remakes core/tax/tests/data/state_oracle.csv.

    python -m venv oracle && oracle/bin/pip install policyengine-us==2.68.0
    oracle/bin/python tests/oracle/states.py > core/tax/tests/data/state_oracle.csv
    oracle/bin/python tests/oracle/states.py PROGRAM   # compares `PROGRAM tax` instead, and prints a table

Every state, DC and New York City; single and joint; 2025 and 2026; six wages, alone and on top of 300,000 of
long-term gain. Filers are 40 years old, have no dependents and take the federal standard deduction; one spouse
has all income. Without the input `tax_unit_itemizes`, the model deducts on the federal return the state tax that
it believes withheld, where that exceeds the standard deduction. Oregon's refund of surplus revenue, which the
model computes from the tax of the same year, is added back. New York City is `state_income_tax` of New York plus `nyc_income_tax`. A marginal rate is the
tax on 10,000 more of long-term or short-term gain, over 10,000. All households are one simulation: it takes
two minutes and 3 GB.

The table shows each state's largest deviation of a marginal rate (in percentage points) and of a tax (in
dollars). `cargo test -p unisleeve-tax --test states` makes the same comparison without Python.
"""

import csv
import json
import subprocess
import sys

STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NYC NC ND "
    "OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
).split()
STATUSES = ("single", "joint")
YEARS = (2025, 2026)
WAGES = (100_000, 150_000, 250_000, 400_000, 700_000, 1_500_000)
GAINS = (0, 300_000)
MORE = 10_000
STANDARD = {
    (2025, "single"): 15_750,
    (2025, "joint"): 31_500,
    (2026, "single"): 16_100,
    (2026, "joint"): 32_200,
}
COLUMNS = "state status year wages long_gain short_gain state_tax marginal_long marginal_short".split()


def households():
    """(state, status, wages, long gain, short gain): a base, then 10,000 more of each gain."""
    for state in STATES:
        for status in STATUSES:
            for wages in WAGES:
                for gain in GAINS:
                    for long, short in ((0, 0), (MORE, 0), (0, MORE)):
                        yield state, status, wages, gain + long, short


def oracle(cases):
    """Tax of each household by year."""
    from policyengine_us import Simulation

    def yearly(value):
        return {str(year): value for year in YEARS}

    people, units, homes, groups, couples = {}, {}, {}, {}, {}
    for i, (state, status, wages, long, short) in enumerate(cases):
        members = [f"a{i}"] + ([f"b{i}"] if status == "joint" else [])
        for member in members:
            earns = member[0] == "a"
            people[member] = {
                "age": yearly(40),
                "employment_income": yearly(wages if earns else 0),
                "long_term_capital_gains": yearly(long if earns else 0),
                "short_term_capital_gains": yearly(short if earns else 0),
            }
        units[f"t{i}"] = {"members": members, "tax_unit_itemizes": yearly(False)}
        groups[f"g{i}"] = {"members": members}
        couples[f"m{i}"] = {"members": members}
        homes[f"h{i}"] = {
            "members": members,
            "state_code": yearly("NY" if state == "NYC" else state),
            "in_nyc": yearly(state == "NYC"),
        }
    simulation = Simulation(
        situation={
            "people": people,
            "tax_units": units,
            "families": groups,
            "spm_units": dict(groups),
            "marital_units": couples,
            "households": homes,
        }
    )
    taxes = {}
    for year in YEARS:
        state_tax = simulation.calculate("state_income_tax", year)
        city_tax = simulation.calculate("nyc_income_tax", year)
        kicker = simulation.calculate("or_kicker", year)
        taxes[year] = [
            float(tax) + float(back) + (float(city) if case[0] == "NYC" else 0.0)
            for case, tax, city, back in zip(cases, state_tax, city_tax, kicker)
        ]
    return taxes


def rows(cases, taxes):
    """Rows of the file: each base with its two marginal rates."""
    for year in YEARS:
        for i in range(0, len(cases), 3):
            base, long, short = taxes[year][i : i + 3]
            state, status, wages, gain, _ = cases[i]
            yield state, status, year, wages, gain, 0, base, (long - base) / MORE, (short - base) / MORE


def program(path, case, year):
    """The same tax by `unisleeve tax`."""
    state, status, wages, long, short = case
    magi = wages + long + short
    taxable = max(magi - STANDARD[year, status], 0)
    preferential = min(long, taxable)
    answer = subprocess.run(
        [path, "tax", "--json"],
        input=json.dumps(
            {
                "year": year,
                "status": status,
                "state": state,
                "ordinary_taxable": taxable - preferential,
                "pref_income": preferential,
                "magi": magi,
                "net_investment_income": long + short,
                "net_short": short,
                "net_long": long,
            }
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)["state_tax"]


def main():
    cases = list(households())
    theirs = list(rows(cases, oracle(cases)))
    if len(sys.argv) < 2:
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(COLUMNS)
        for row in theirs:
            out.writerow((*row[:6], f"{row[6]:.2f}", f"{row[7]:.5f}", f"{row[8]:.5f}"))
        return
    ours = list(rows(cases, {year: [program(sys.argv[1], case, year) for case in cases] for year in YEARS}))
    worst = {}
    for mine, their in zip(ours, theirs):
        rate = max(abs(mine[i] - their[i]) for i in (7, 8)) * 100
        level = abs(mine[6] - their[6])
        before = worst.get(mine[0], (0.0, 0.0))
        worst[mine[0]] = (max(before[0], rate), max(before[1], level))
    print("state  points   dollars")
    for state, (rate, level) in sorted(worst.items(), key=lambda item: -item[1][0]):
        print(f"{state:5} {rate:7.3f} {level:9.2f}")


if __name__ == "__main__":
    main()
