"""Required minimum distributions: what an IRA whose owner's date of birth is known must move to the main account.

401(a)(9), 408(a)(6); Reg. 1.401(a)(9)-9(c), until 2021 the table of T.D. 8987. None in 2009 and 2020.
"""
import datetime as dt
from collections import Counter

from fixed import MONEY

FROM_2022 = 72, [274, 265, 255, 246, 237, 229, 220, 211, 202, 194, 185, 177, 168, 160, 152, 144, 137, 129, 122, 115, 108,
                 101, 95, 89, 84, 78, 73, 68, 64, 60, 56, 52, 49, 46, 43, 41, 39, 37, 35, 34, 33, 31, 30, 29, 28, 27, 25,
                 23, 20]
UNTIL_2021 = 70, [274, 265, 256, 247, 238, 229, 220, 212, 203, 195, 187, 179, 171, 163, 155, 148, 141, 134, 127, 120, 114,
                  108, 102, 96, 91, 86, 81, 76, 71, 67, 63, 59, 55, 52, 49, 45, 42, 39, 37, 34, 31, 29, 26, 24, 21, 19]
TOLERANCE = 10**MONEY  # a dollar: the run values lot by lot


def first_year(born):
    """70 1/2 before 2020; then 72, 73 for those born from 1951 on, 75 from 1960 on."""
    half = born.year + (70 if born.month <= 6 else 71)
    if half < 2020:
        return half
    return born.year + (72 if born.year <= 1950 else 73 if born.year < 1960 else 75)


def required(born, year, balance):
    """Integer count for an integer count."""
    if year < first_year(born) or year in (2009, 2020) or balance <= 0:
        return 0
    start, factors = FROM_2022 if year >= 2022 else UNTIL_2021
    return balance * 10 // factors[min(max(0, year - born.year - start), len(factors) - 1)]


class Required:
    """What has left each account since the year began, against what must."""

    def __init__(self, config):
        accounts = (config.get("household") or {}).get("accounts") or []
        self.born = {item["name"]: dt.date.fromisoformat(item["born"]) for item in accounts if item.get("born")}
        self.worth, self.paid, self.moved = {}, Counter(), Counter()

    def close(self, check, date, is_last, cash, opening, worth, balance):
        """`opening` maps accounts to their value at the first session, `worth` and `balance` (the advisor's cash) give an
        account's at the close."""
        self.worth = self.worth or opening
        rows = [row for row in cash if row["kind"] == "distribution"]
        if rows:
            check.money("cash", str(date), "distributions, net", sum(row["amount"] for row in rows), 0)
        for row in cash:
            if row["kind"] == "distribution":
                self.moved[row["account"]] -= row["amount"]
            elif row["kind"] in ("withdrawal", "tax"):
                self.paid[row["account"]] -= row["amount"]
        if not is_last:
            return
        for account, born in self.born.items():
            due = max(0, required(born, date.year, self.worth.get(account, 0)) - self.paid[account])
            moved = self.moved[account]
            is_short = moved + TOLERANCE < due and balance(account) > TOLERANCE and date.month == 12
            if moved > due + TOLERANCE or (is_short and worth(account) > 0):
                check.money("cash", f"{date.year} {account}", "required distribution", moved, due)
        if any(moved and account not in self.born for account, moved in self.moved.items() if moved > 0):
            check.fault("cash", str(date.year), "account of a distribution", "one without date of birth", "one with")
        self.worth = {account: worth(account) for account in self.born}
        self.paid.clear()
        self.moved.clear()
