"""Replays one arm session by session: lots, cash, tax and value from what was traded and paid.

The replay depends on the facts alone: prices, trades, cash, lots and the tax inputs. What the folder says of
each day and at the end (daily.csv, tax_years.csv, summary.json) is compared with it afterwards, by `compare.py`.
"""
import bisect
import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from dues import Dues
from fixed import MONEY, SHARE, SHARE_UNIT, BadInput, half_even, shown, scaled, times_price
from holdings import Holdings
from law import Flows, term
from required import Required
from sleeves import Sleeves

TAX_TOLERANCE = 100  # 0.01: a tax is a sum of products of rates
ORDER = ("account", "sleeve", "mandate", "symbol", "side", "reason")
TAX_DEFERRED = ("ira", "401k")
CASH_KINDS = {"contribution", "withdrawal", "tax", "tax_credit", "dividend", "interest", "trade", "cost", "fee", "merger", "distribution",
              "return_of_capital", "transfer_in", "transfer_out", "idle"}


def dollars(count):
    return Decimal(count).scaleb(-MONEY)


def units(amount):
    return scaled(amount, MONEY)


@dataclass(frozen=True)
class Mark:
    """The state at a close; money in integer counts of 0.0001."""

    date: dt.date
    value: int
    cash: int
    accrued: int
    owed: int  # fees due and not paid
    flow: int  # what the client brought and took
    tax_paid: int
    fees: int
    costs: int
    rounding: int  # by how much the value may be off for want of how lots were rounded

    @property
    def wealth(self):
        return self.value - self.accrued - self.owed


class Replay:
    """One arm: a world of its own, replayed session by session."""

    def __init__(self, folder, arm, check):
        self.folder, self.arm, self.check = folder, arm, check
        self.prices, self.law = folder.prices, folder.law
        self.tables = {name: folder.of_arm(name, arm) for name in folder.tables}
        check.rows = sum(map(len, self.tables.values()))
        # cash.csv names the mandate whose pocket it is; without that column, pockets are the sleeves'.
        self.pocket = "mandate" if "mandate" in (self.tables["cash"] or [{}])[0] else "sleeve"
        self.holdings = Holdings(folder.kinds, folder.identical_groups(), self.prices.splits, check, self.pocket)
        self.holdings.wash_sale_rule = folder.config.get("tax", {}).get("wash_sale_rule", True)
        exempt = {symbol.upper() for symbol in folder.config.get("wash_exempt") or []}
        self.holdings.is_exempt = lambda symbol: symbol.upper() in exempt
        self.pocket_balances, self.expected_paid = Counter(), Counter()
        self.overdue = 0  # tax due and not paid for want of cash
        self.taken_at_closing = 0
        self.flow = Counter()  # date -> client flows: cash, and shares at the day's closes
        self.trades, self.cash = self.by_day("trades"), self.by_day("cash")
        self.balances = Counter()
        self.income = defaultdict(Counter)  # year -> qualified, ordinary, interest of taxable accounts
        self.shares, self.lot_count = {}, Counter()
        self.marks = []
        self.dues = Dues(folder.config, arm, folder.kinds, folder.arms.get(arm, {}).get("ruin"))
        self.sleeves = Sleeves(folder, arm)
        self.required = Required(folder.config)
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
        known = set(self.prices.sessions)
        for date in sorted((set(self.trades) | set(self.cash)) - known):
            self.check.fault("prices", str(date), "session", "nothing", "prices for a day with trades, cash or a value")
        previous = None
        for date in sorted(known | set(self.trades) | set(self.cash)):
            self.law.known = date
            fees = self.session(date, previous)
            if date in known:
                self.close(date, previous, fees)
                previous = date
        self.holdings.check_washes()
        self.check_lots()
        self.check_tax_paid()
        return self

    def check_names(self):
        for row in self.tables["cash"]:
            if row["kind"] not in CASH_KINDS:
                self.check.fault("cash", row.line, "kind", row["kind"], "a kind of formats.md")
        for name in ("trades", "cash", "lots"):
            for row in self.tables[name]:
                if row["account"] not in self.folder.kinds:
                    self.check.fault(name, row.line, "account", row["account"], "an account of summary.json")

    # --- one session

    def session(self, date, previous):
        self.last_close.update((row["symbol"], row["close"]) for row in self.prices.by_day.get(date, ()))
        trades, cash = self.trades.get(date, []), self.cash.get(date, [])
        self.holdings.paid_out = {row["symbol"] for row in trades if (date, row["symbol"]) not in self.prices.close
                                  or row["symbol"].endswith(".SPUN")}
        self.check_distributions(date, cash)
        groups = list(orders(trades))
        while groups and groups[0][0]["side"] in ("split", "spinoff"):
            self.holdings.book(groups.pop(0))
        for symbol in self.prices.split_days.get(date, ()):
            self.holdings.restate_losses(date, symbol)
        # Splits, distributions, idle cash, contributions and credits are booked; nothing is traded or paid yet.
        fees = self.dues.fees(date, previous, lambda: self.worth_by_account(date, cash))
        for rows in groups:
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
        return fees

    def worth_by_account(self, date, cash):
        """(value, part of it that other managers than the advisor run) of each account before the day's trades."""
        advisor = self.main_pocket()[1]
        early = ("dividend", "interest", "contribution", "tax_credit", "idle")
        worth = []
        for account in self.folder.kinds:
            mine, theirs = Counter(), Counter()
            for piece in self.holdings.open():
                if piece.account == account:
                    mine[piece.symbol] += piece.quantity
                    if piece.pocket != advisor:
                        theirs[piece.symbol] += piece.quantity
            at_close = lambda held: sum(times_price(shares, self.last_close.get(symbol, 0)) for symbol, shares in held.items())
            came = sum(row["amount"] for row in cash if row["account"] == account and row["kind"] in early)
            worth.append((at_close(mine) + self.balances[account] + came, at_close(theirs)))
        return worth

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
            out = row["kind"] in ("withdrawal", "tax", "distribution")
            if out and self.folder.kinds.get(row["account"]) in TAX_DEFERRED:
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

    def close(self, date, previous, fees):
        """Values everything and checks what was due and paid."""
        value = 0
        for symbol, quantity in self.shares.items():
            if (date, symbol) not in self.prices.listed or symbol not in self.last_close:
                self.check.fault("prices", f"{date} {symbol}", "row of a holding", "nothing", "a price")
            value += times_price(quantity, self.last_close.get(symbol, 0))
        cash = sum(self.balances.values())
        self.value, self.accrued = value + cash, self.accrued_tax(date)
        rows = self.cash.get(date, ())
        closed = {account for session, account in self.folder.closings() if session == date}
        advisor = self.main_pocket()[1]
        pockets = [self.pocket_balances[account, advisor] for account in self.folder.kinds]
        filed = any(self.prices.payment_session(year) == date for year in range(self.law.first_year, date.year))
        self.owed = self.dues.check_day(self.check, date, previous, rows, closed, fees, pockets, filed, self.overdue, self.value)
        paid = lambda *kinds: -sum(row["amount"] for row in rows if row["kind"] in kinds)
        self.sleeves.close(date, self.trades.get(date, ()), self.prices, self.last_close)
        self.check_required(date, previous, rows, advisor)
        self.marks.append(Mark(date, self.value, cash, self.accrued, self.owed, self.flow[date], paid("tax", "tax_credit"),
                               paid("fee"), paid("cost"), 1 + sum(self.lot_count[symbol] for symbol in self.shares) // 2))

    def check_required(self, date, previous, rows, advisor):
        """Required distributions of IRAs."""
        after = bisect.bisect_right(self.prices.sessions, date)
        is_last = after == len(self.prices.sessions) or self.prices.sessions[after].year != date.year
        opening = Counter()
        if previous is None:
            for row in rows:
                opening[row["account"]] += row["amount"] if row["kind"] == "contribution" else 0
            for row in self.trades.get(date, ()):
                if row["side"] == "transfer_in":
                    opening[row["account"]] += times_price(row["quantity"], row["price"])
        held = lambda account: sum(times_price(piece.quantity, self.last_close.get(piece.symbol, 0))
                                   for piece in self.holdings.open() if piece.account == account)
        self.required.close(self.check, date, is_last, rows, opening, lambda account: held(account) + self.balances[account],
                            lambda account: self.pocket_balances[account, advisor])

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

    def check_tax_paid(self):
        paid = Counter()
        for row in self.tables["cash"]:
            if row["kind"] in ("tax", "tax_credit"):
                paid[row["date"]] -= row["amount"]
                if (row["amount"] > 0) != (row["kind"] == "tax_credit") and row["amount"]:
                    self.check.fault("cash", row.line, "sign of " + row["kind"], shown(row["amount"], MONEY), "the other")
        for date in sorted(set(paid) | set(self.expected_paid)):
            self.check.money("cash", str(date), "tax paid", paid[date], self.expected_paid[date], TAX_TOLERANCE)

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

    def open_gains(self):
        """Gain of every lot of the taxable accounts at the last close, by term."""
        gains, last = Counter(), self.prices.sessions[-1]
        for piece in self.holdings.open():
            if self.holdings.taxable(piece.account):
                gain = times_price(piece.quantity, self.last_close.get(piece.symbol, 0)) - piece.basis
                gains[term(piece.holding_start, last)] += gain
        return gains

    def liquidation(self):
        """Tax of selling these lots, flat rates by term."""
        gains = self.open_gains()
        return self.law.liquidation_tax(dollars(gains["short"]), dollars(gains["long"]), self.carry())

    def carry(self):
        return self.tax_of(self.prices.sessions[-1].year)[1].carry

    def paid_out(self):
        """Withdrawals and gifts at their closes, without what was taken out at closings: all that came in less the flows."""
        paid_in = sum(row["amount"] for row in self.tables["cash"] if row["kind"] == "contribution")
        brought = sum(times_price(row["quantity"], row["price"]) for row in self.tables["trades"] if row["side"] == "transfer_in")
        return paid_in + brought - sum(self.flow.values()) - self.taken_at_closing


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
