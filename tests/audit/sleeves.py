"""Each sleeve at each close, the policy mix, and the asset classes: what tracking errors, drift and class weights need.

From sleeves.csv (policy weights by date), indices.csv (returns of the policy's indices) and rebalancings.csv (the
advisor's days); the holdings come from the trades and the closes. The policy mix is rebalanced on the household's
calendar, `trading.cadence`.
"""
import bisect
import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from fixed import MONEY, SHARE, day, half_even, times_price

NEAR = 1e-9
ADDS_NOTHING = ("split", "spinoff", "merger", "return_of_capital")


@dataclass(frozen=True)
class Spec:
    """A sleeve's part in the policy."""

    name: str
    asset_class: str
    weight: float
    index: str  # empty for what the policy no longer asks for


@dataclass
class SleeveMark:
    """Holdings of a sleeve at a close; money in integer counts of 0.0001."""

    value: int = 0
    net: int = 0  # what came in less what left at the session's trades
    cost: int = 0
    income: int = 0


class Sleeves:
    """The sleeves of one arm. `is_known` where the folder says what the policy was."""

    def __init__(self, folder, arm):
        specs, returns = folder.of_arm("sleeves", arm), folder.more["indices"]
        self.cadence = folder.config.get("trading", {}).get("cadence")
        self.is_known = bool(specs and self.cadence) and None not in (returns, folder.more["rebalancings"])
        self.days = []  # (date, [SleeveMark])
        self.positions, self.benchmark = [], []  # the latter: return of the policy mix by session
        if not self.is_known:
            return
        phases = defaultdict(list)
        for row in specs:
            phases[day(row["from"])].append(Spec(row["sleeve"], row["asset_class"], row["weight"], row["index"]))
        self.starts = sorted(phases)
        self.phases = [phases[start] for start in self.starts]
        self.names = [spec.name for spec in self.phases[0]]
        self.place = {name: at for at, name in enumerate(self.names)}
        self.positions = [Counter() for _ in self.names]
        self.returns = {(row["date"], row["index"]): row["return"] for row in returns}
        self.rebalancings = sorted({row["date"] for row in folder.of_arm("rebalancings", arm)})
        self.on_calendar = set(self.rebalancings)
        self.weights = None

    def specs(self, date):
        return self.phases[max(0, bisect.bisect_right(self.starts, date) - 1)]

    def index_return(self, date, spec):
        return self.returns.get((date, spec.index)) if spec.index else None

    def close(self, date, trades, prices, last_close):
        if not self.is_known:
            return
        marks = [SleeveMark() for _ in self.names]
        for pay in prices.distribution.get(date, ()):
            split = prices.splits.get((date, pay["symbol"]), 10**SHARE)
            for mark, held in zip(marks, self.positions):
                shares = half_even(held.get(pay["symbol"], 0) * split, 10**SHARE)
                mark.income += times_price(shares, pay["dividend"])
        for row in trades:
            at = self.place.get(row["sleeve"])
            if at is None:
                continue
            quantity = -row["quantity"] if row["side"] == "sell" else row["quantity"]
            held, mark = self.positions[at], marks[at]
            held[row["symbol"]] += quantity
            if not held[row["symbol"]]:
                del held[row["symbol"]]
            mark.cost += row["cost"]
            if row["side"] in ("buy", "sell"):
                mark.net += row["amount"] if row["side"] == "buy" else -row["amount"]
            elif row["side"] not in ADDS_NOTHING:
                # What leaves has no trade price: it counts at its close.
                leaves = row["side"] in ("transfer_out", "gift_out")
                mark.net += times_price(quantity, last_close.get(row["symbol"], 0) if leaves else row["price"])
        for mark, held in zip(marks, self.positions):
            exact = sum(shares * last_close.get(symbol, 0) for symbol, shares in held.items())
            # A sleeve's value, unlike an amount, rounds a tie up.
            unit = 10 ** (2 * SHARE - MONEY)
            mark.value = (exact + unit // 2) // unit
        self.earn(date)
        self.days.append((date, marks))

    def earn(self, date):
        """The policy mix: the indices at policy weights, which drift until the next rebalancing day."""
        specs = self.specs(date)
        if self.weights is None:
            self.weights, earned = [spec.weight for spec in specs], 0.0
        else:
            self.weights = [weight * (1.0 + (self.index_return(date, spec) or 0.0)) for weight, spec in zip(self.weights, specs)]
            total = math.fsum(self.weights)
            self.weights, earned = [weight / total for weight in self.weights], total - 1.0
        if self.is_reset(date):
            self.weights = [spec.weight for spec in specs]
        self.benchmark.append(earned)

    def is_reset(self, date):
        """Whether the policy mix returns to policy weights: a new period of the calendar, or a change of the policy."""
        if not self.days:
            return True
        previous = self.days[-1][0]
        return period(self.cadence, previous) != period(self.cadence, date) or any(previous < start <= date for start in self.starts)

    # --- measures

    def followed(self):
        """Positions of the sleeves that have an index at some time."""
        return [at for at in range(len(self.names)) if any(phase[at].index for phase in self.phases)]

    def drifting(self):
        """Asset classes with an index, in the order in which the policy first names them."""
        names = [spec.asset_class for phase in self.phases for spec in phase if spec.index]
        return list(dict.fromkeys(names))

    def tracking_errors(self, year):
        """Annualized deviation of the active returns of each sleeve that has an index at some time."""
        for at in self.followed():
            active, before = [], 0
            for date, marks in self.days:
                mark, index = marks[at], self.index_return(date, self.specs(date)[at])
                if before > 0 and index is not None:
                    active.append((mark.value - mark.net - mark.cost + mark.income) / before - 1.0 - index)
                before = mark.value
            yield deviation(active, year)

    def drift(self, marks):
        """Of each class, average and largest absolute drift found and left on rebalancing days."""
        names = self.drifting()
        found, left = defaultdict(list), defaultdict(list)

        def note(into, policy, values, total):
            off = sum(value for value, spec in zip(values, policy) if not spec.index)
            if total <= 0 or sum(values) <= 0:
                return
            away = dict.fromkeys(names, 0.0)
            for value, spec in zip(values, policy):
                if spec.index:
                    away[spec.asset_class] += value / total - spec.weight * (1.0 - off / total)
            for name in names:
                into[name].append(abs(away[name]))

        for at, (date, sleeves) in enumerate(self.days):
            if date not in self.on_calendar:
                continue
            note(left, self.specs(date), [mark.value for mark in sleeves], marks[at].value)
            if at > 0:
                values = [mark.value - mark.net for mark in sleeves]
                note(found, self.specs(marks[at - 1].date), values, marks[at - 1].cash + sum(values))
        mean = lambda xs: math.fsum(xs) / len(xs) if xs else None
        return [(mean(found[name]), max(found[name], default=None), mean(left[name]), max(left[name], default=None))
                for name in names]

    def active_share(self, lots, mark, index_weights):
        """Half the sum of absolute differences between weights held and the policy mix's, cash included (Cremers, Petajisto)."""
        if mark.value <= 0:
            return None
        held, policy = Counter(), Counter()
        for row in lots:
            held[row["symbol"]] += times_price(row["quantity"], row["price"]) / mark.value
        for spec in self.specs(mark.date):
            for symbol, weight in index_weights.get(spec.index, ()):
                policy[symbol] += spec.weight * weight
        gaps = [abs(held[symbol] - policy[symbol]) for symbol in sorted(set(held) | set(policy))]
        return 0.5 * math.fsum([*gaps, abs(mark.cash / mark.value)])


def period(cadence, date):
    """The period of a calendar that a date falls into."""
    return {"daily": date, "weekly": (date.toordinal() - 1) // 7, "monthly": (date.year, date.month),
            "quarterly": (date.year, (date.month - 1) // 3), "yearly": date.year, "never": 0}[cadence]


def deviation(xs, year):
    """Standard deviation (n - 1), annualized; None of fewer than two."""
    if len(xs) < 2:
        return None
    mean = math.fsum(xs) / len(xs)
    return math.sqrt(math.fsum((x - mean) ** 2 for x in xs) / (len(xs) - 1) * year)


def sessions_a_year(first, last, count):
    """252 for daily sessions, 52 weekly, 12 monthly, 4 quarterly."""
    days = (last - first).days / max(1, count - 1)
    return 252 if days < 3.2 else 52 if days < 15 else 12 if days < 53 else 4
