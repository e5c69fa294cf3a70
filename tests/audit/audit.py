#!/usr/bin/env python3
"""Audits the result folder of `unisleeve backtest` from its files alone.

    python3 tests/audit/audit.py DIR

Every balance, lot, gain, wash sale, tax and wealth figure is worked out again from the facts in the
folder (prices, what was traded, the tax inputs) and compared with what the folder says. Exit 0: all
matches; 1: one line for each mismatch on stdout (arm, file, line or key, found, expected); 2: the
folder can't be read.

Not checked: benchmark_value, te_ex_ante, tax alpha, orders, turnover, who traded and why
(`unisleeve audit` checks more of them).
"""
import bisect
import datetime as dt
import json
import math
import os
import sys
from collections import Counter, defaultdict
from decimal import Decimal

from fixed import MONEY, MONEY_UNIT, SHARE, SHARE_UNIT, BadInput, half_even, read_table, scaled, shown, times_price
from endings import endings, flattened, taxable_lots
from holdings import Holdings
from law import Carry, Flows, Law, term

SHOWN_FAULTS = 50
TAX_TOLERANCE = 100  # 0.01: a tax is a sum of products of rates
ORDER = ("account", "sleeve", "mandate", "symbol", "side", "reason")
TAX_DEFERRED = ("ira", "401k")
CASH_KINDS = {"contribution", "withdrawal", "tax", "tax_credit", "dividend", "interest", "trade", "cost", "fee", "merger", "return_of_capital",
                           "transfer_in", "transfer_out"}


def dollars(count):
    return Decimal(count).scaleb(-MONEY)


def units(amount):
    return scaled(amount, MONEY)


class Check:
    """Collects the mismatches of one arm, counts what was compared, keeps the largest deviation."""

    def __init__(self, arm, faults):
        self.arm, self.faults = arm, faults
        self.rows, self.figures, self.worst, self.where, self.notes = 0, 0, 0, "", []

    def fault(self, file, key, what, found, expected):
        place = f"line {key}" if isinstance(key, int) else key
        self.faults.append(f"{self.arm}\t{file}\t{place}\t{what}: found {found}, expected {expected}")

    def same(self, file, key, what, found, expected):
        self.figures += 1
        if found != expected:
            self.fault(file, key, what, found if found not in (None, "") else "nothing", expected or "nothing")

    def money(self, file, key, what, found, expected, tolerance=0, places=MONEY):
        self.figures += 1
        gap = abs(found - expected)
        if places == MONEY and gap > self.worst:
            self.worst, self.where = gap, f"{file} {key} {what}"
        if gap > tolerance:
            self.fault(file, key, what, shown(found, places), shown(expected, places))


class Prices:
    """Closes, distributions and splits by session; a symbol without a close keeps its last one."""

    def __init__(self, rows):
        self.sessions = sorted({row["date"] for row in rows})
        self.by_day = defaultdict(list)
        self.close, self.distribution, self.splits, self.listed = {}, defaultdict(list), {}, set()
        for row in rows:
            key = row["date"], row["symbol"]
            if key in self.listed:
                raise BadInput(f"prices.csv line {row.line}: {row['symbol']} on {row['date']} stands twice")
            self.listed.add(key)
            if row["close"]:
                self.by_day[row["date"]].append(row)
                self.close[key] = row["close"]
            if row["dividend"]:
                if row["dividend_kind"] not in ("qualified", "ordinary", "interest"):
                    raise BadInput(f"prices.csv line {row.line}: dividend_kind {row['dividend_kind']!r}")
                self.distribution[row["date"]].append(row)
            if row["split"] not in (0, SHARE_UNIT):
                self.splits[key] = row["split"]
        self.split_days = defaultdict(list)
        for date, symbol in self.splits:
            self.split_days[date].append(symbol)

    def payment_session(self, year):
        """15 April of the next year or the next session (6072(a)); None after the last session."""
        at = bisect.bisect_left(self.sessions, dt.date(year + 1, 4, 15))
        return self.sessions[at] if at < len(self.sessions) else None


class Folder:
    """The files of one run."""

    def __init__(self, path):
        try:
            with open(os.path.join(path, "summary.json"), encoding="utf-8-sig") as file:
                self.summary = json.load(file, parse_float=Decimal)
            self.arms = self.summary["arms"]
            self.kinds = {item["account"]: item["kind"] for item in self.summary["accounts"]}
            self.inputs = self.summary["tax_inputs"]
        except OSError as fault:
            raise BadInput(f"summary.json: can't be read ({fault.strerror})") from fault
        except (ValueError, KeyError, TypeError) as fault:
            raise BadInput(f"summary.json: {type(fault).__name__} {fault}") from fault
        self.prices = Prices(read_table(path, "prices"))
        if not self.prices.sessions:
            raise BadInput("prices.csv: no rows")
        try:
            self.law = Law(self.inputs, self.prices.sessions[0].year)
        except KeyError as fault:
            raise BadInput(f"summary.json tax_inputs: {fault} is missing or unknown") from fault
        except ArithmeticError as fault:
            raise BadInput("summary.json tax_inputs: a value is not a number") from fault
        self.tables = {name: read_table(path, name) for name in ("trades", "cash", "lots", "daily", "tax_years")}

    def identical_groups(self):
        """Symbol -> name of its group of substantially identical securities."""
        groups = dict(self.summary.get("identical_groups") or {})
        known = {row["symbol"].upper(): row["symbol"] for rows in self.prices.by_day.values() for row in rows}
        for symbols in self.summary.get("config", {}).get("identical") or []:
            members = [known.get(symbol.upper(), symbol) for symbol in symbols]
            old = {groups.get(symbol, symbol) for symbol in members}
            name = groups.get(members[0], members[0]) if members else ""
            for symbol in members + [symbol for symbol, group in groups.items() if group in old]:
                groups[symbol] = name
        return groups

    def closings(self):
        """(session, account) of each account that is closed."""
        main = next(iter(self.kinds), "")
        for closing in self.summary.get("config", {}).get("household", {}).get("closings") or []:
            at = bisect.bisect_left(self.prices.sessions, dt.date.fromisoformat(closing["date"]))
            if at < len(self.prices.sessions):
                yield self.prices.sessions[at], closing.get("account") or main

    def of_arm(self, name, arm):
        return [row for row in self.tables[name] if row["arm"] == arm]


class ArmAudit:
    """One arm: a world of its own, replayed session by session."""

    def __init__(self, folder, arm, check):
        self.folder, self.arm, self.check = folder, arm, check
        self.prices, self.law, self.summary = folder.prices, folder.law, folder.arms.get(arm, {})
        self.tables = {name: folder.of_arm(name, arm) for name in folder.tables}
        check.rows = sum(map(len, self.tables.values()))
        # cash.csv names the mandate whose pocket it is; without that column, pockets are the sleeves'.
        self.pocket = "mandate" if "mandate" in (self.tables["cash"] or [{}])[0] else "sleeve"
        self.holdings = Holdings(folder.kinds, folder.identical_groups(), self.prices.splits, check, self.pocket)
        self.holdings.wash_sale_rule = folder.summary.get("config", {}).get("tax", {}).get("wash_sale_rule", True)
        self.pocket_balances, self.expected_paid = Counter(), Counter()
        self.overdue = 0  # tax due and not paid for want of cash
        self.taken_at_closing = 0
        self.flow = Counter()  # date -> client flows: cash, and shares at the day's closes
        self.trades, self.cash = self.by_day("trades"), self.by_day("cash")
        self.balances = Counter()
        self.income = defaultdict(Counter)  # year -> qualified, ordinary, interest of taxable accounts
        self.shares, self.lot_count, self.value_at = {}, Counter(), {}
        self.returns = {}  # year -> (tax, netting) once its tax is settled
        self.last_close = {}
        self.accrued = self.value = self.owed = 0

    def by_day(self, name):
        days, last = defaultdict(list), dt.date.min
        for row in self.tables[name]:
            if row["date"] is None:
                raise BadInput(f"{name}.csv line {row.line}: no date")
            if row["date"] < last:
                self.check.fault(name, row.line, "order of time", row["date"], f"{last} or later")
            last = max(last, row["date"])
            days[row["date"]].append(row)
        return days

    def run(self):
        self.check_names()
        daily = {}
        for row in self.tables["daily"]:
            if row["date"] in daily:
                self.check.fault("daily", row.line, "date", row["date"], "one row for each session")
            daily[row["date"]] = row
        known = set(self.prices.sessions)
        for date in sorted((set(self.trades) | set(self.cash) | set(daily)) - known):
            self.check.fault("prices", str(date), "session", "nothing", "prices for a day with trades, cash or a value")
        for date in sorted(known | set(self.trades) | set(self.cash)):
            self.session(date)
            if date in known:
                self.check_day(date, daily.get(date))
        self.holdings.check_washes()
        self.check_lots()
        self.check_tax_years()
        self.check_summary()
        self.check_endings()
        check_tracking_error(self, daily)

    def check_names(self):
        for row in self.tables["cash"]:
            if row["kind"] not in CASH_KINDS:
                self.check.fault("cash", row.line, "kind", row["kind"], "a kind of formats.md")
        for name in ("trades", "cash", "lots"):
            for row in self.tables[name]:
                if row["account"] not in self.folder.kinds:
                    self.check.fault(name, row.line, "account", row["account"], "an account of summary.json")

    # --- one session

    def session(self, date):
        self.last_close.update((row["symbol"], row["close"]) for row in self.prices.by_day.get(date, ()))
        trades, cash = self.trades.get(date, []), self.cash.get(date, [])
        self.holdings.paid_out = {row["symbol"] for row in trades if (date, row["symbol"]) not in self.prices.close
                                  or row["symbol"].endswith(".SPUN")}
        self.check_distributions(date, cash)
        for rows in orders(trades):
            self.check_prices(date, rows)
            self.holdings.book(rows)
        for symbol in self.prices.split_days.get(date, ()):
            self.holdings.check_split_done(date, symbol)
        for symbol in {row["symbol"] for row in trades}:
            pieces = [piece for piece in self.holdings.pieces[self.holdings.group(symbol)] if piece.symbol == symbol]
            self.shares[symbol] = sum(piece.quantity for piece in pieces)
            self.lot_count[symbol] = len(pieces)
            if not self.shares[symbol]:
                del self.shares[symbol]
        self.check_cash_of_trades(date, trades, cash)
        self.book_cash(date, cash)
        self.book_flows(date, trades, cash)

    def check_prices(self, date, rows):
        """Trades are at the close of their session."""
        for row in rows:
            close = self.prices.close.get((date, row["symbol"]))
            if row["side"] in ("buy", "sell") and close is not None:
                self.check.money("trades", row.line, "price", row["price"], close, places=SHARE)

    def check_distributions(self, date, cash):
        """Who holds at the open of the ex-date is paid; shares are counted after that day's split."""
        due, pieces_of, kind_of = Counter(), Counter(), {}
        for pay in self.prices.distribution.get(date, ()):
            kind_of[pay["symbol"]] = pay["dividend_kind"]
            split = self.prices.splits.get((date, pay["symbol"]), SHARE_UNIT)
            held = Counter()
            for piece in self.holdings.pieces[self.holdings.group(pay["symbol"])]:
                if piece.symbol == pay["symbol"]:
                    held[piece.account, piece.pocket] += half_even(piece.quantity * split, SHARE_UNIT)
                    pieces_of[piece.account, piece.pocket, piece.symbol] += 1
            for (account, pocket), quantity in held.items():
                due[account, pocket, pay["symbol"]] = times_price(quantity, pay["dividend"])
        paid = Counter()
        for row in cash:
            if row["kind"] in ("dividend", "interest") and (row["symbol"] or row["kind"] == "dividend"):
                paid[row["account"], row[self.pocket], row["symbol"]] += row["amount"]
                self.receive(date, row, kind_of.get(row["symbol"], "ordinary"))
            elif row["kind"] == "interest":
                self.receive(date, row, "interest")
        for key in sorted(set(due) | set(paid)):
            self.check.money("cash", f"{date} {' '.join(key)}", "dividend", paid[key], due[key], 1 + pieces_of[key])

    def receive(self, date, row, kind):
        """61(a)(4), (7); what an IRA or Roth receives is not income (408(e))."""
        if self.holdings.taxable(row["account"]):
            self.income[date.year][kind] += row["amount"]
            if kind == "qualified":
                self.holdings.watch_dividend(row["symbol"], date, row["account"], row[self.pocket], row["amount"])

    def check_cash_of_trades(self, date, trades, cash):
        """Each account and mandate pays for what it buys and gets what it sells, and nothing else."""
        due, found = Counter(), Counter()
        for row in trades:
            key = row["account"], row[self.pocket], row["symbol"]
            if row["side"] in ("buy", "sell"):
                due["trade", *key] += row["amount"] if row["side"] == "sell" else -row["amount"]
            elif row["side"] in ("merger", "return_of_capital"):
                due[row["side"], *key] += row["amount"] if row["side"] != "merger" or row["term"] else 0
            due["cost", *key] -= row["cost"]
        moved = Counter()
        for row in cash:
            if row["kind"] in ("trade", "cost", "return_of_capital", "merger"):
                found[row["kind"], row["account"], row[self.pocket], row["symbol"]] += row["amount"]
            elif row["kind"] in ("transfer_in", "transfer_out"):
                moved[row["account"]] += row["amount"]
        for key in sorted(set(due) | set(found)):
            self.check.money("cash", f"{date} {' '.join(key[1:])}", key[0], found[key], due[key])
        for account, net in sorted(moved.items()):
            self.check.money("cash", f"{date} {account}", "transfers between sleeves, net", net, 0)

    def book_cash(self, date, cash):
        for row in cash:
            self.balances[row["account"]] += row["amount"]
            self.pocket_balances[row["account"], row[self.pocket]] += row["amount"]
        for account in {row["account"] for row in cash}:
            if self.balances[account] < 0:
                self.check.money("cash", f"{date} {account}", "balance below zero", self.balances[account], 0)

    def book_flows(self, date, trades, cash):
        """What crosses the border: client cash, lots brought in, shares given away or taken along when an account closes."""
        closed = {account for session, account in self.folder.closings() if session == date}
        for row in cash:
            if row["kind"] in ("contribution", "withdrawal"):
                self.flow[date] += row["amount"]
            if row["kind"] == "withdrawal" and row["account"] in closed:
                self.taken_at_closing -= row["amount"]
            # 408(d)(1): what leaves an IRA in cash is income, a household's tax that it pays too; its own fee is not.
            if row["kind"] in ("withdrawal", "tax") and self.folder.kinds.get(row["account"]) in TAX_DEFERRED:
                self.income[date.year]["distributions"] -= row["amount"]
        moved_in = {row["lot"] for row in trades if row["side"] == "transfer_in"}
        moved_out = {row["lot"] for row in trades if row["side"] == "transfer_out"}
        for row in trades:
            if row["side"] == "transfer_in" and row["lot"] not in moved_out:
                self.flow[date] += times_price(row["quantity"], row["price"])
            elif row["side"] == "gift_out" or (row["side"] == "transfer_out" and row["lot"] not in moved_in):
                value = times_price(abs(row["quantity"]), self.last_close.get(row["symbol"], 0))
                self.flow[date] -= value
                if row["account"] in closed and row["side"] == "transfer_out":
                    self.taken_at_closing += value

    def check_day(self, date, row):
        exact = 0
        for symbol, quantity in self.shares.items():
            if (date, symbol) not in self.prices.listed or symbol not in self.last_close:
                self.check.fault("prices", f"{date} {symbol}", "row of a holding", "nothing", "a price")
            exact += quantity * self.last_close.get(symbol, 0)
        cash = sum(self.balances.values())
        self.value = half_even(exact, 10 ** (2 * SHARE - MONEY)) + cash
        self.accrued = self.accrued_tax(date)
        self.owed = row.get("owed", 0)  # fees not paid yet, as stated
        self.value_at[date] = self.value
        if row is None:
            self.check.fault("daily", str(date), "row", "nothing", "one row for each session")
            return
        rounding = 1 + sum(self.lot_count[symbol] for symbol in self.shares) // 2
        self.check.money("daily", row.line, "value", row["value"], self.value, rounding)
        self.check.money("daily", row.line, "cash", row["cash"], cash)
        if "flow" in row:
            self.check.money("daily", row.line, "flow", scaled(row["flow"], MONEY), self.flow[date])
        self.check.money("daily", row.line, "accrued_tax", row["accrued_tax"], self.accrued, TAX_TOLERANCE)

    # --- tax

    def flows(self, year):
        gains, income = self.holdings.years.get(year, {}), Counter(self.income.get(year, {}))
        early = self.holdings.disqualified[year]
        income["qualified"] -= early
        income["ordinary"] += early
        return Flows(*(dollars(amounts.get(name, 0)) for amounts, name in (
            (gains, "short"), (gains, "long"), (income, "qualified"), (income, "ordinary"), (income, "interest"),
            (income, "distributions"))))

    def tax_of(self, year):
        """(tax, netting) from what is known now; years before it are final or worked out first."""
        if year in self.returns:
            return self.returns[year]
        carry = self.law.opening if year <= self.law.first_year else self.tax_of(year - 1)[1].carry
        return self.law.portfolio_tax(self.flows(year), carry, year)

    def accrued_tax(self, date):
        """Tax of this year and of earlier ones not paid by the end of `date`."""
        accrued = 0
        accrued += self.overdue_tax(date)
        for year in range(max(self.law.first_year, date.year - 2), date.year + 1):
            paid = self.prices.payment_session(year)
            if paid is None or date < paid:
                accrued += units(self.tax_of(year)[0])
            elif year not in self.returns:
                self.returns[year] = self.tax_of(year)
        return accrued

    def overdue_tax(self, date):
        """Tax of returns filed that the cash at hand could not pay: owed until there is some."""
        due = sum(units(self.tax_of(year)[0]) for year in range(self.law.first_year, date.year)
                  if self.prices.payment_session(year) == date)
        paid = -sum(row["amount"] for row in self.cash.get(date, ()) if row["kind"] in ("tax", "tax_credit"))
        owed = self.overdue + due
        short = owed > 0 and paid < owed - TAX_TOLERANCE
        advisor = self.main_pocket()[1]
        empty = any(self.pocket_balances[account, advisor] <= 0 for account in self.folder.kinds)
        if short and (empty or self.main_is_closed(date)):
            self.expected_paid[date], self.overdue = paid, owed - paid
        else:
            self.expected_paid[date], self.overdue = owed, 0
        return self.overdue

    def main_pocket(self):
        """The pocket that client flows, fees and taxes go through."""
        main, pockets = next(iter(self.folder.kinds), ""), [row[self.pocket] for row in self.tables["cash"]]
        return main, "advisor" if "advisor" in pockets else next(iter(pockets), "")

    def main_is_closed(self, date):
        return any(account == next(iter(self.folder.kinds), "") and session <= date
                   for session, account in self.folder.closings())

    def check_tax_years(self):
        rows = {}
        for row in self.tables["tax_years"]:
            if rows.setdefault(row["year"], row) is not row:
                self.check.fault("tax_years", row.line, "year", row["year"], "one row for each year")
        paid = Counter()
        for row in self.tables["cash"]:
            if row["kind"] in ("tax", "tax_credit"):
                paid[row["date"]] -= row["amount"]
                if (row["amount"] > 0) != (row["kind"] == "tax_credit") and row["amount"]:
                    self.check.fault("cash", row.line, "sign of " + row["kind"], shown(row["amount"], MONEY), "the other")
        for year in range(self.law.first_year, self.prices.sessions[-1].year + 1):
            session = self.prices.payment_session(year)
            row = rows.pop(str(year), None)
            if row is None:
                self.check.fault("tax_years", str(year), "row", "nothing", "one row for each year")
            else:
                self.check_tax_year(row, year, session)
        for year, row in rows.items():
            self.check.fault("tax_years", row.line, "year", year, "one row for each year of the run")
        for date in sorted(set(paid) | set(self.expected_paid)):
            self.check.money("cash", str(date), "tax paid", paid[date], self.expected_paid[date], TAX_TOLERANCE)

    def check_tax_year(self, row, year, session):
        tax, netting = self.tax_of(year)
        flows, check = self.flows(year), self.check
        if "distributions" in row:
            check.money("tax_years", row.line, "distributions", row["distributions"], units(flows.distributions))
        for column, amount in (("net_short", flows.short), ("net_long", flows.long), ("interest", flows.interest),
                               ("dividends_qualified", flows.qualified), ("dividends_ordinary", flows.ordinary),
                               ("ordinary_offset", netting.offset), ("carry_short", netting.carry.short),
                               ("carry_long", netting.carry.long)):
            check.money("tax_years", row.line, column, row[column], units(amount))
        check.money("tax_years", row.line, "tax", row["tax"], units(tax), TAX_TOLERANCE)
        check.same("tax_years", row.line, "paid_on", row["paid_on"], session)

    # --- the end

    def check_lots(self):
        columns = ("account", "sleeve", "symbol", "lot", "acquired", "holding_start")
        found, expected, slack = {}, {}, Counter()
        for row in self.tables["lots"]:
            key = tuple(row[column] for column in columns)
            found.setdefault(key, Counter()).update(quantity=row["quantity"], basis=row["basis"])
            self.check.money("lots", row.line, "price", row["price"], self.last_close.get(row["symbol"], 0), places=SHARE)
        for piece in self.holdings.open():
            key = tuple(getattr(piece, column) for column in columns)
            expected.setdefault(key, Counter()).update(quantity=piece.quantity, basis=piece.basis)
            slack[key] += piece.slack
        for key in sorted(set(found) | set(expected), key=str):
            name, have, want = " ".join(map(str, key)), found.get(key), expected.get(key)
            if have is None or want is None:
                self.check.fault("lots", name, "open lot", "a row" if have else "nothing", "nothing" if have else "a row")
                continue
            self.check.money("lots", name, "quantity", have["quantity"], want["quantity"], places=SHARE)
            self.check.money("lots", name, "basis", have["basis"], want["basis"], slack[key])

    def liquidation(self):
        """Every lot of the taxable accounts sold at the last close, flat rates by term."""
        gains, last = Counter(), self.prices.sessions[-1]
        for piece in self.holdings.open():
            if self.holdings.taxable(piece.account):
                gain = times_price(piece.quantity, self.last_close.get(piece.symbol, 0)) - piece.basis
                gains[term(piece.holding_start, last)] += gain
        return self.law.liquidation_tax(dollars(gains["short"]), dollars(gains["long"]), self.carry())

    def carry(self):
        return self.tax_of(self.prices.sessions[-1].year)[1].carry

    def check_summary(self):
        paid = -sum(row["amount"] for row in self.tables["cash"] if row["kind"] in ("tax", "tax_credit"))
        harvested = -sum(min(0, row["gain"] + row["disallowed"]) for row in self.tables["trades"]
                         if row["side"] == "sell" and self.holdings.taxable(row["account"]))
        carry, wealth = self.carry(), self.value - self.accrued - self.owed + self.taken_at_closing
        rounding = TAX_TOLERANCE + len(self.holdings.open()) // 2
        for key, expected, tolerance in (
                ("final_value", self.value, rounding),
                ("accrued_tax", self.accrued, TAX_TOLERANCE),
                ("wealth_before_liquidation", wealth, rounding),
                ("wealth_after_liquidation", wealth - units(self.liquidation()), rounding),
                ("taxes_paid", paid, 0),
                ("losses_harvested", harvested, 0),
                ("losses_washed", self.holdings.washed, 1 + len(self.holdings.parcels) // 10),
                *((("taken_at_closing", self.taken_at_closing, 0),) if "taken_at_closing" in self.summary else ()),
                *((("paid_out", self.paid_out(), 0),) if "paid_out" in self.summary else ()),
                ("carry_short", units(carry.short), 0),
                ("carry_long", units(carry.long), 0)):
            if self.summary.get(key) is None:
                self.check.fault("summary.json", f"arms.{self.arm}.{key}", key, "nothing", shown(expected, MONEY))
            else:
                self.check.money("summary.json", f"arms.{self.arm}", key, units(self.summary[key]), expected, tolerance)

    def paid_out(self):
        """Withdrawals and gifts at their closes, without what was taken out at closings: all that came in less the flows."""
        paid_in = sum(row["amount"] for row in self.tables["cash"] if row["kind"] == "contribution")
        brought = sum(times_price(row["quantity"], row["price"]) for row in self.tables["trades"] if row["side"] == "transfer_in")
        return paid_in + brought - sum(self.flow.values()) - self.taken_at_closing

    def check_endings(self):
        """Every figure of every ending, from the lots as listed and the last year's return."""
        stated = self.summary.get("endings")
        if not isinstance(stated, dict):
            self.check.notes.append("endings NOT CHECKED: endings is missing")
            return
        missing = [key for key in ("charity_share", "donee_short", "donee_long") if key not in self.folder.inputs]
        if missing:
            raise BadInput(f"summary.json tax_inputs: {', '.join(missing)} missing")
        last = self.prices.sessions[-1]
        lots = taxable_lots(self.tables["lots"], self.folder.kinds, last)
        opening = self.law.opening
        carried_in = opening if last.year <= self.law.first_year else self.tax_of(last.year - 1)[1].carry
        expected = endings(self.law, lots, last.year, self.flows(last.year), carried_in, self.carry(), self.value,
                           self.accrued + self.owed, units(self.liquidation()))
        found, tolerance = flattened(stated), TAX_TOLERANCE + len(lots) // 2
        for key in sorted(set(expected) | set(found)):
            place = f"arms.{self.arm}.endings"
            if key not in found or key not in expected:
                self.check.fault("summary.json", place, key, "a figure" if key in found else "nothing",
                                 "a figure" if key in expected else "nothing")
            else:
                self.check.money("summary.json", place, key, units(found[key]), expected[key], tolerance)


def orders(trades):
    """Consecutive rows of one account, sleeve, mandate, symbol, side and reason: one order."""
    group = []
    for row in trades:
        if group and any(row[name] != group[0][name] for name in ORDER):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def check_tracking_error(audit, daily):
    """Stdev (n-1) of active returns x sqrt(periods a year); flows come at the end of their day."""
    check, stated = audit.check, audit.summary.get("tracking_error_ex_post")
    periods = audit.folder.summary.get("tracking_error_periods")
    rows = [daily[date] for date in sorted(daily) if date in audit.value_at]
    if stated is None or periods not in ("daily", "monthly") or any("benchmark_return" not in row for row in rows):
        check.notes.append("tracking error NOT CHECKED: tracking_error_ex_post, tracking_error_periods or benchmark_return is missing")
        return
    flows = Counter(audit.flow)
    for row in audit.tables["cash"]:
        if row["kind"] in ("tax", "tax_credit"):
            flows[row["date"]] += row["amount"]
    grown = {}  # period -> growth of portfolio and benchmark
    for before, row in zip(rows, rows[1:]):
        base, date = audit.value_at[before["date"]], row["date"]
        if base <= 0:
            check.notes.append(f"tracking error NOT CHECKED: value {shown(base, MONEY)} on {before['date']}")
            return
        period = (date.year, date.month) if periods == "monthly" else date
        mine, theirs = grown.get(period, (1.0, 1.0))
        grown[period] = (mine * ((audit.value_at[date] - flows[date]) / base),
                         theirs * (1 + float(row["benchmark_return"] or 0)))
    active = [mine - theirs for mine, theirs in grown.values()]
    if len(active) < 2:
        check.notes.append("tracking error NOT CHECKED: fewer than two periods")
        return
    mean = math.fsum(active) / len(active)
    variance = math.fsum((value - mean) ** 2 for value in active) / (len(active) - 1)
    expected = math.sqrt(variance * (252 if periods == "daily" else 12))
    check.figures += 1
    if abs(float(stated) - expected) > 1e-6:
        check.fault("summary.json", f"arms.{audit.arm}", "tracking_error_ex_post", stated, f"{expected:.9f}")


def audit(path):
    """(mismatches, one Check for each arm)."""
    folder = Folder(path)
    arms = set(folder.arms).union(*({row["arm"] for row in rows} for rows in folder.tables.values()))
    faults, checks = [], []
    for arm in sorted(arms):
        check = Check(arm, faults)
        checks.append(check)
        if arm not in folder.arms:
            check.fault("summary.json", "arms", "arm", "nothing", arm)
        ArmAudit(folder, arm, check).run()
    return faults, checks


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
        print(f"{check.arm}: {check.rows} rows, {check.figures} figures checked, "
              f"largest deviation {shown(check.worst, MONEY)}{where}")
        for note in check.notes:
            print(f"{check.arm}: {note}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
