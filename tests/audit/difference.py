"""What one manager is worth: UMA minus a setup with separate managers, split as core/study documents it.

From session to session `V_t = (1 + r - f - k) V_(t-1) + F - X`: value, return before tax, fees f, costs k, flows, tax
paid. Backward from the end (R = 1), at the mean rates of both arms: `R_(t-1) = (1 + r - f - k) R_t - sum of (m gain + n
income)` over classes, what an invested dollar is worth after tax, fees and costs. `m` is what a dollar of gain will
cost at the pace at which both arms sell, `n` what a dollar of income costs.

    tax = (T_S - Q_S) - (T_U - Q_U)          T = tax paid x R + accrued + tax of the sale; Q = sum of (m gain + n income)
    fees = -sum of mean V x difference of f x R;  costs likewise
    holdings = sum of mean V x (difference of gain x (R - m) + difference of income x (R - n)), split into cash, class
    weights and names;  unpaid = sum of the difference of flows x (R - 1)
"""
from collections import defaultdict
from dataclasses import dataclass, field, replace

from fixed import MONEY_UNIT, times_price
from law import term

MORE = 1_000  # dollars by which a return is changed to find what one more dollar costs
DAYS = 365.0
LEAST = 1.0  # below this value an arm has no rates of its own
KINDS = ("short", "long", "qualified", "ordinary")


def dollars(count):
    return count / MONEY_UNIT


@dataclass
class Class:
    """One asset class in one session, dollars."""

    before: float = 0.0
    taxable: float = 0.0
    gain: float = 0.0
    income: float = 0.0
    qualified: float = 0.0
    ordinary: float = 0.0
    sold: dict = field(default_factory=lambda: {"short": 0.0, "long": 0.0})
    realized: dict = field(default_factory=lambda: {"short": 0.0, "long": 0.0})


@dataclass
class Session:
    value: float
    flow: float
    tax_paid: float
    fees: float  # expenses of funds included
    expenses: float
    costs: float
    year: int
    classes: list

    def gained(self, before):
        """What the session earned before tax, fees and costs, from the value at its start."""
        return self.value - self.flow + self.tax_paid + self.fees + self.costs - before


class Series:
    """What one arm did, session by session."""

    def __init__(self, replay, folder, names):
        self.replay, self.law, self.names = replay, replay.law, names
        self.ratios = {row["symbol"]: row["expense_ratio"] for row in folder.more["expenses"] or ()}
        self.sessions = []
        self.brought = [0.0] * len(names)
        self.read()
        last = replay.marks[-1]
        self.accrued, self.owed = dollars(last.accrued), dollars(last.owed)
        self.sale_of_all(last)
        self.marginals()

    def place(self, specs, sleeve):
        spec = next((spec for spec in specs if spec.name == sleeve), None)
        return None if spec is None else self.names.index(spec.asset_class)

    def read(self):
        replay, sleeves = self.replay, self.replay.sleeves
        held = defaultdict(int)  # (sleeve, symbol, taxable) -> shares
        values = [0] * len(sleeves.names)
        taxable, yearly = [0.0] * len(self.names), [0.0] * len(self.names)
        others = any(kind != "taxable" for kind in replay.folder.kinds.values())
        last_close, previous = {}, None
        for mark, (date, marks) in zip(replay.marks, sleeves.days):
            last_close.update((row["symbol"], row["close"]) for row in replay.prices.by_day.get(date, ()))
            specs = sleeves.specs(date)
            of = {spec.name: self.names.index(spec.asset_class) for spec in specs}
            classes = [Class() for _ in self.names]
            for at, sleeve in enumerate(marks):
                here = classes[of[sleeves.names[at]]]
                here.before += dollars(values[at])
                here.gain += dollars(sleeve.value - sleeve.net - values[at])
                values[at] = sleeve.value
            expenses = 0.0
            for at, here in enumerate(classes):
                here.taxable = taxable[at] if others else here.before
                taken = yearly[at] * ((date - previous).days if previous else 0) / DAYS
                here.gain += taken
                expenses += taken
            self.read_income(date, held, of, classes)
            self.read_trades(date, previous, held, of, classes)
            if others or self.ratios:
                taxable, yearly = [0.0] * len(self.names), [0.0] * len(self.names)
                for (sleeve, symbol, is_taxable), shares in held.items():
                    value = dollars(times_price(shares, last_close.get(symbol, 0)))
                    yearly[of[sleeve]] += self.ratios.get(symbol, 0.0) * value
                    taxable[of[sleeve]] += value if is_taxable else 0.0
            self.sessions.append(Session(dollars(mark.value), dollars(mark.flow), dollars(mark.tax_paid),
                                         dollars(mark.fees) + expenses, expenses, dollars(mark.costs), date.year - self.law.first_year, classes))
            previous = date
        self.of = of

    def read_income(self, date, held, of, classes):
        """A payment belongs to the sleeves that hold its security."""
        kinds = {row["symbol"]: row["dividend_kind"] for row in self.replay.prices.distribution.get(date, ())}
        for row in self.replay.cash.get(date, ()):
            if row["kind"] not in ("dividend", "interest") or not row["symbol"]:
                continue
            is_taxable = self.replay.holdings.taxable(row["account"])
            payers = [(sleeve, shares) for (sleeve, symbol, tax), shares in held.items() if (symbol, tax) == (row["symbol"], is_taxable)]
            total = sum(shares for _, shares in payers)
            for sleeve, shares in payers:
                part, here = dollars(row["amount"]) * shares / total, classes[of[sleeve]]
                here.income += part
                if is_taxable and row["kind"] == "dividend" and kinds.get(row["symbol"]) == "qualified":
                    here.qualified += part
                elif is_taxable:
                    here.ordinary += part

    def read_trades(self, date, previous, held, of, classes):
        for row in self.replay.trades.get(date, ()):
            is_taxable = self.replay.holdings.taxable(row["account"])
            key = row["sleeve"], row["symbol"], is_taxable
            held[key] += -row["quantity"] if row["side"] == "sell" else row["quantity"]
            if not held[key]:
                del held[key]
            here = classes[of[row["sleeve"]]]
            if row["side"] == "transfer_in" and previous is None:
                value = times_price(row["quantity"], row["price"])
                here.before += dollars(value)
                if is_taxable:
                    here.taxable += dollars(value)
                    self.brought[of[row["sleeve"]]] += dollars(value - row["basis"])
            if row["term"] and is_taxable:
                here.realized[row["term"]] += dollars(row["gain"] + row["disallowed"])
                if row["side"] == "sell":
                    here.sold[row["term"]] += dollars(row["amount"])

    # --- tax

    def sale_tax(self, more_short=0, more_long=0, carry=None):
        carry = self.carry if carry is None else carry
        gains = {"short": self.gains["short"] + more_short * MONEY_UNIT, "long": self.gains["long"] + more_long * MONEY_UNIT}
        netted = self.law.sale(gains, carry)
        return float(netted.short_gain * self.law.given["liquidation_short"] + netted.preferential * self.law.given["liquidation_long"])

    def sale_of_all(self, last):
        replay = self.replay
        self.gains, self.carry = replay.open_gains(), replay.carry()
        self.tax = self.sale_tax()
        self.at_sale = {"short": (self.sale_tax(more_short=MORE) - self.tax) / MORE, "long": (self.sale_tax(more_long=MORE) - self.tax) / MORE}
        self.open_value = [{"short": 0.0, "long": 0.0} for _ in self.names]
        self.open_gain = [{"short": 0.0, "long": 0.0} for _ in self.names]
        for row in replay.tables["lots"]:
            if replay.holdings.taxable(row["account"]):
                at, of = self.of[row["sleeve"]], term(row["holding_start"], last.date)
                value = times_price(row["quantity"], row["price"])
                self.open_value[at][of] += dollars(value)
                self.open_gain[at][of] += dollars(value - row["basis"])

    def marginals(self):
        """What one more dollar of each kind costs in each year and later, and at the sale."""
        law, replay = self.law, self.replay
        numbers = range(law.first_year, replay.marks[-1].date.year + 1)
        place = {mark.date: at for at, mark in enumerate(replay.marks)}
        self.paid = [place.get(replay.prices.payment_session(year)) for year in numbers]
        filed, carry = [], law.opening
        for year in numbers:
            done = law.full_return(replay.flows(year), carry, year)
            filed.append((year, replay.flows(year), carry, done.tax))
            carry = done.netting.carry
        self.marginal = []
        for at, (year, flows, carried_in, _) in enumerate(filed):
            of_year = {}
            for kind in KINDS:
                costs, carried = [], carried_in
                for later, (number, income, carry_in, tax) in enumerate(filed[at:]):
                    if later == 0:
                        income = replace(income, **{kind: getattr(income, kind) + MORE})
                    elif carried == carry_in:
                        break
                    done = law.full_return(income, carried, number)
                    carried = done.netting.carry
                    costs.append(float(done.tax - tax) / MORE)
                at_sale = 0.0
                if at + len(costs) == len(filed):
                    at_sale = (self.sale_tax(carry=carried) - self.tax) / MORE
                of_year[kind] = costs, at_sale
            self.marginal.append(of_year)

    def price_of_year(self, year, is_sold, worth):
        """What a dollar of each kind taxed in a year costs, valued at the end."""
        price = {}
        for kind, (costs, at_sale) in self.marginal[year].items():
            price[kind] = at_sale if is_sold else 0.0
            for later, cost in enumerate(costs):
                paid = self.paid[year + later]
                price[kind] += cost * (1.0 if paid is None else worth[paid])
        return price


@dataclass
class Rates:
    """A session relative to the value at its start."""

    value: float
    total: float
    fees: float
    costs: float
    cash_weight: float
    cash: float
    classes: list  # (weight, gain, income)
    gap: float = 0.0


def own(value, session):
    total = (session.value - session.flow + session.tax_paid + session.fees + session.costs) / value - 1.0
    classes = [(here.before / value, here.gain / value, here.income / value) for here in session.classes]
    return Rates(value, total, session.fees / value, session.costs / value, 1.0 - sum(c[0] for c in classes),
                 total - sum(c[1] + c[2] for c in classes), classes)


def borrowed(value, session, rates):
    """An arm without value gets the other's rates; what its value changes by is its gap."""
    grown = value * (1.0 + rates.total - rates.fees - rates.costs) + session.flow - session.tax_paid
    return replace(rates, value=value, gap=session.value - grown)


def rates_of(values, sessions):
    has = [value >= LEAST for value in values]
    rates = [own(value, session) if there else None for value, session, there in zip(values, sessions, has)]
    none = Rates(0.0, 0.0, 0.0, 0.0, 1.0, 0.0, [(0.0, 0.0, 0.0)] * len(sessions[0].classes))
    return [rate or borrowed(value, session, other or none)
            for rate, value, session, other in zip(rates, values, sessions, reversed(rates))]


def over(numerator, denominator, other):
    return numerator / denominator if denominator > 0 else other


class Prices:
    """What a dollar is worth at the end, and what a dollar of gain or income costs, by session."""

    def __init__(self, arms, rates, is_sold):
        count, classes = len(arms[0].sessions), len(arms[0].names)
        self.worth = [1.0] * count
        self.tax = [[(0.0, 0.0)] * classes for _ in range(count)]
        self.years = [dict.fromkeys(KINDS, 0.0) for _ in arms[0].marginal]
        self.sale = {of: 0.5 * sum(arm.at_sale[of] for arm in arms) if is_sold else 0.0 for of in ("short", "long")}
        still = [[self.at_the_end(arm, c, is_sold) for c in range(classes)] for arm in arms]
        year, prices = None, None
        for t in reversed(range(count)):
            if arms[0].sessions[t].year != year:
                year = arms[0].sessions[t].year
                prices = [arm.price_of_year(year, is_sold, self.worth) for arm in arms]
                self.years[year] = {kind: 0.5 * (prices[0][kind] + prices[1][kind]) for kind in KINDS}
            for c in range(classes):
                here = [arm.sessions[t].classes[c] for arm in arms]
                for arm, (one, price) in enumerate(zip(here, prices)):
                    still[arm][c] = self.unrealized(one, price, still[arm][c])
                taxable = here[0].taxable + here[1].taxable
                gain = over(here[0].taxable * still[0][c] + here[1].taxable * still[1][c], taxable, 0.5 * (still[0][c] + still[1][c]))
                gain *= over(taxable, here[0].before + here[1].before, 1.0)
                bill = sum(one.qualified * price["qualified"] + one.ordinary * price["ordinary"] for one, price in zip(here, prices))
                self.tax[t][c] = gain, over(bill, here[0].income + here[1].income, 0.0)
            if t > 0:
                before = 0.0
                for rate in rates[t]:
                    tax = sum(c[1] * price[0] + c[2] * price[1] for c, price in zip(rate.classes, self.tax[t]))
                    before += 0.5 * ((1.0 + rate.total - rate.fees - rate.costs) * self.worth[t] - tax)
                self.worth[t - 1] = before

    @staticmethod
    def at_the_end(arm, c, is_sold):
        value = arm.open_value[c]
        if not is_sold:
            return 0.0
        return over(value["short"] * arm.at_sale["short"] + value["long"] * arm.at_sale["long"], value["short"] + value["long"],
                    arm.at_sale["long"])

    @staticmethod
    def unrealized(one, price, later):
        """What a dollar of gain that is open will cost, at the pace at which the arm sells."""
        sold = one.sold["short"] + one.sold["long"]
        if sold <= 0:
            return later
        grown = one.taxable * (1.0 + one.gain / one.before) if one.before > 0 else 0.0
        part = sold / grown if grown > sold else 1.0
        now = (one.sold["short"] * price["short"] + one.sold["long"] * price["long"]) / sold
        return part * now + (1.0 - part) * later


def excess(arms, rates, prices):
    """Tax of each class beyond the price of its gains for each dollar held, at the end."""
    classes = len(arms[0].names)
    beyond, held = [0.0] * classes, [0.0] * classes
    for at, arm in enumerate(arms):
        for c in range(classes):
            beyond[c] += sum(arm.open_gain[c][of] * prices.sale[of] for of in ("short", "long")) - arm.brought[c] * prices.tax[0][c][0]
        for t, session in enumerate(arm.sessions):
            for c, one in enumerate(session.classes):
                beyond[c] += sum(one.realized[of] * prices.years[session.year][of] for of in ("short", "long"))
                if t > 0:
                    rate = rates[t][at]
                    beyond[c] -= rate.value * rate.classes[c][1] * prices.tax[t][c][0]
                    held[c] += rate.value * rate.classes[c][0] * prices.worth[t]
    return [over(b, h, 0.0) for b, h in zip(beyond, held)]


def split(uma, sma, is_sold):
    """{part: dollars at the end}; they add up to what UMA ends with beyond SMA, and paid out beyond it."""
    arms = (uma, sma)
    rates = [None] + [rates_of((u.value, s.value), (v, w)) for u, s, v, w in
                      zip(uma.sessions, sma.sessions, uma.sessions[1:], sma.sessions[1:])]
    prices = Prices(arms, rates, is_sold)
    kappa = excess(arms, rates, prices)
    parts = dict.fromkeys(("tax", "fees", "costs", "cash", "classes", "names", "unpaid"), 0.0)
    for arm, sign in zip(arms, (1.0, -1.0)):
        parts["tax"] -= sign * (arm.accrued + (arm.tax if is_sold else 0.0))
        parts["fees"] -= sign * arm.owed
        for session, worth in zip(arm.sessions, prices.worth):
            parts["tax"] -= sign * session.tax_paid * worth
            parts["unpaid"] += sign * session.flow * (worth - 1.0)
        first, worth = arm.sessions[0], prices.worth[0]
        parts["fees"] -= sign * first.fees * worth
        parts["costs"] -= sign * first.costs * worth
        parts["names"] += sign * (first.value - first.flow + first.tax_paid + first.fees + first.costs) * worth
    for t, (u, s) in enumerate(rates[1:], 1):
        worth, mean = prices.worth[t], 0.5 * (u.value + s.value)
        parts["names"] += (u.gap - s.gap) * worth
        parts["fees"] -= mean * (u.fees - s.fees) * worth
        parts["costs"] -= mean * (u.costs - s.costs) * worth
        parts["cash"] += mean * (u.cash - s.cash) * worth
        cash, invested = u.cash_weight - s.cash_weight, 1.0 - 0.5 * (u.cash_weight + s.cash_weight)
        for (a_weight, a_gain, a_income), (b_weight, b_gain, b_income), (gain, income), k in zip(u.classes, s.classes, prices.tax[t], kappa):
            after_tax = lambda g, i: g * (worth - gain) + i * (worth - income)
            parts["tax"] += gain * (u.value * a_gain - s.value * b_gain) + income * (u.value * a_income - s.value * b_income)
            weights, weight = a_weight + b_weight, a_weight - b_weight
            pooled = after_tax((a_gain + b_gain) / weights, (a_income + b_income) / weights) if weights > 0 else 0.0
            displaced = over(cash * 0.5 * weights, invested, 0.0)
            parts["names"] += mean * (after_tax(a_gain - b_gain, a_income - b_income) - weight * pooled)
            per_weight = mean * (pooled - k * worth)
            parts["cash"] -= displaced * per_weight
            parts["classes"] += (weight + displaced) * per_weight
            parts["tax"] += mean * weight * k * worth
    return parts


def asset_classes(replays):
    names = []
    for replay in replays.values():
        for spec in (spec for phase in replay.sleeves.phases for spec in phase):
            if spec.asset_class not in names:
                names.append(spec.asset_class)
    return names


def series_of(replays, folder):
    """{arm: what it did}; empty where the folder does not say what the policy was."""
    if not all(replay.sleeves.is_known for replay in replays.values()):
        return {}
    names = asset_classes(replays)
    return {arm: Series(replay, folder, names) for arm, replay in replays.items()}


def differences(series, against):
    """{(against, ending): parts} of UMA minus each of the arms `against`."""
    pairs = [(arm, ending) for arm in sorted(set(against) & set(series)) for ending in ("liquidated", "kept")]
    return {(arm, ending): split(series["uma"], series[arm], ending == "liquidated") for arm, ending in pairs if "uma" in series}
