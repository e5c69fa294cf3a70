"""What the client pays and takes, and what managers charge, against the configuration.

Contributions, withdrawals and fees must be what the configuration asks for, as far as there is cash. Which
account pays is not checked. Without a configuration in summary.json nothing is checked here.
"""
import datetime as dt
from collections import Counter

from fixed import MONEY, scaled

DAYS = 365.0  # of a year, in the accrual of fees
FUND_ARMS = ("funds", "fund_pairs")


def period(every, date):
    return (date.year, date.month) if every == "month" else date.year


def is_due(flow, start, previous, date):
    """A periodic flow falls on the first session of each period in which it is in force; a single one on its
    date or the next session."""
    since = dt.date.fromisoformat(flow["from"])
    if date < since or (flow.get("to") and date > dt.date.fromisoformat(flow["to"])):
        return False
    if flow["every"] == "once":
        return since >= start if previous is None else since > previous
    return previous is None or period(flow["every"], previous) != period(flow["every"], date) or previous < since


def flows_due(flows, start, previous, date):
    """(paid in, taken out) on a session, both positive."""
    amounts = [scaled(flow["amount"], MONEY) for flow in flows if is_due(flow, start, previous, date)]
    return sum(x for x in amounts if x > 0), -sum(x for x in amounts if x < 0)


class Dues:
    """What is due and what of it is still open; money in integer counts of 0.0001."""

    def __init__(self, config, arm, kinds, ruin=None):
        self.arm, self.accounts = arm, list(kinds)
        self.house = config.get("household")
        # The day on which nothing more was under way and what was due exceeded the value, as the summary states it.
        self.ruin = dt.date.fromisoformat(ruin) if ruin else None
        self.rates = {name: float(rate) for name, rate in (config.get("fees") or {}).items()}
        self.start = dt.date.fromisoformat(config["start"]) if self.house else None
        self.charged = self.start
        self.open_fees = [0] * len(self.accounts)
        self.open_taken = self.reserve = 0
        self.is_closed = False

    def fees(self, date, previous, worth):
        """Fee of each account due on a session: in arrears on the first session of a quarter, on the value before trades."""
        quarter = lambda day: (day.year, (day.month - 1) // 3)
        if not any(self.rates.values()) or previous is None or quarter(previous) == quarter(date):
            return [0] * len(self.accounts)
        days, self.charged = (date - self.charged).days, date
        return [max(0, round(self.yearly(*worth) * days / DAYS * 10**MONEY)) for worth in worth()]

    def yearly(self, value, theirs):
        value, theirs = value / 10**MONEY, theirs / 10**MONEY
        rate = lambda name: self.rates.get(name, 0.0)
        if self.arm == "shadow":
            return 0.0
        if self.arm in FUND_ARMS:
            return rate("advisor") * value
        if self.arm.startswith("sma"):
            return rate("advisor") * value + rate("direct_index") * theirs
        return rate("uma") * value

    def check_day(self, check, date, previous, rows, closed, fees, pockets, filed, overdue_tax, value):
        """Compares a session's payments with what was due. Returns the fees that stay open.

        `pockets` are the advisor's balances at the end of the session by account, `closed` the accounts closed
        today, `filed` whether a tax return was.
        """
        if self.house is None:
            return 0
        paid, paid_fees = Counter(), Counter()
        for row in rows:
            if row["kind"] == "fee":
                paid_fees[row["account"]] -= row["amount"]
            elif row["kind"] == "withdrawal" and row["account"] not in closed:
                paid["withdrawal"] -= row["amount"]
            elif row["kind"] == "contribution":
                paid[row["account"]] += row["amount"]
        main = self.accounts[0]
        came, taken = (0, 0) if self.is_closed else flows_due(self.house.get("flows", []), self.start, previous, date)
        due = Counter({main: came})
        if previous is None:
            due[main] += scaled(self.house.get("cash", 0), MONEY)
            due.update({item["name"]: scaled(item.get("cash", 0), MONEY) for item in self.house.get("accounts", [])})
        for account in self.accounts:
            check.money("cash", f"{date} {account}", "contributions", paid[account], due[account])
        if filed:
            self.reserve = 0
        if main in closed:
            self.is_closed, self.reserve = True, pockets[0]
        empty = [pocket - (self.reserve if at == 0 else 0) <= 0 for at, pocket in enumerate(pockets)]

        def pay(asked, found, may_lack, what, tolerance):
            expected = min(asked, max(0, found)) if may_lack else asked
            check.money("cash", str(date), what, found, expected, tolerance)
            left = asked - found
            return left if abs(left) > tolerance else 0

        open_fees = []
        for at, account in enumerate(self.accounts):
            asked = self.open_fees[at] + fees[at]
            open_fees.append(pay(asked, paid_fees[account], empty[at], f"fee of {account}", 1))
        asked = self.open_taken + taken
        open_taken = 0 if self.is_closed else pay(asked, paid["withdrawal"], any(empty), "withdrawals", 0)
        missing = overdue_tax + sum(open_fees) + open_taken
        is_beyond = 0 < missing and missing > value
        if date == self.ruin:
            check.same("cash", str(date), "more due than there is", True, is_beyond)
        if is_beyond and self.ruin and date >= self.ruin:  # open fees and withdrawals lapse
            open_fees, open_taken = [0] * len(open_fees), 0
        self.open_fees, self.open_taken = open_fees, open_taken
        return sum(open_fees)
