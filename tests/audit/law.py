"""Federal income tax on a portfolio, from the sections of the code. Amounts are Decimals in dollars.

The law of one year holds for the run, or each year has its own (`law` of the tax inputs). Ordinary and gains
brackets and the amounts of the minimum tax are indexed by inflation, the capital-loss limit (1211(b)) and the
thresholds of 1411(b) are not. States: a flat rate alone.
"""
import datetime as dt
import json
import os
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from fixed import BadInput

ZERO = Decimal(0)
LAST_YEAR = 2026
# Keys of a change of income that the tax inputs call otherwise.
CHANGED = {"net_investment_income": "outside_net_investment_income", "qualified_dividends": "outside_qualified",
           "net_short": "outside_net_short", "net_long": "outside_net_long"}
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tax_law.json")


def first_long_day(start):
    """The day on which shares bought on `start` have been held for more than one year.

    The day after the purchase counts first (Rev. Rul. 66-7), so it is that day 12 months later: bought on the last
    of February, from the first of March. A 29 February without a namesake gives way to the first of March.
    """
    first = start + dt.timedelta(days=1)
    try:
        return first.replace(year=first.year + 1)
    except ValueError:
        return dt.date(first.year + 1, 3, 1)


def term(start, sold):
    """1222: long-term when held *more than* one year."""
    return "long" if sold >= first_long_day(start) else "short"


@dataclass(frozen=True)
class Flows:
    """What the portfolio brings into a year's return."""

    short: Decimal = ZERO
    long: Decimal = ZERO
    qualified: Decimal = ZERO
    ordinary: Decimal = ZERO
    interest: Decimal = ZERO
    distributions: Decimal = ZERO  # of tax-deferred accounts, 408(d)(1)


@dataclass(frozen=True)
class Carry:
    """Capital losses brought forward, positive, by character (1212(b)(1))."""

    short: Decimal = ZERO
    long: Decimal = ZERO


@dataclass(frozen=True)
class Netting:
    """1222(5)-(11), 1211(b), 1212(b): how a year's gains and losses end up."""

    short_gain: Decimal  # taxed as ordinary income
    preferential: Decimal  # net capital gain, 1222(11)
    offset: Decimal  # loss deducted from other income
    carry: Carry


def net_capital(short, long, carry, limit, other_income):
    """Cross-nets short and long with the carryforward in.

    The deduction is at most `limit` (1211(b)(1)) and at most the taxable income there is to take
    it from (1212(b)(2)); it uses up short-term losses first (1212(b)(2)(A)).
    """
    short, long = short - carry.short, long - carry.long
    net = short + long
    if net >= 0:
        if long < 0:
            return Netting(net, ZERO, ZERO, Carry())
        if short < 0:
            return Netting(ZERO, net, ZERO, Carry())
        return Netting(short, long, ZERO, Carry())
    offset = min(limit, -net, max(ZERO, other_income))
    short_loss = max(ZERO, -short - max(ZERO, long))
    long_loss = max(ZERO, -long - max(ZERO, short))
    from_short = min(offset, short_loss)
    left = Carry(short_loss - from_short, long_loss - (offset - from_short))
    return Netting(ZERO, ZERO, offset, left)


@dataclass(frozen=True)
class Return:
    """A year's return of the household."""

    tax: Decimal
    netting: Netting
    agi: Decimal  # 62
    taxable: Decimal  # 63


class Law:
    """The household's return for any year of the run, with the facts of summary.json's tax_inputs."""

    def __init__(self, inputs, first_year):
        with open(TABLE, encoding="utf-8") as file:
            table = json.load(file, parse_float=Decimal, parse_int=Decimal)
        if inputs.get("state") is not None:
            raise BadInput(f"summary.json: tax_inputs.state: {inputs['state']}: this auditor knows flat rates alone: use `unisleeve audit`")
        self.table, self.status = table, inputs["status"]
        self.fixed = None if inputs.get("law", "fixed") == "dated" else int(inputs["year"])
        self.limit = table["loss_limit"][self.status]
        self.threshold = table["niit"]["threshold"][self.status]
        self.first_year = first_year
        self.rules(first_year)  # a year that is not known is found here
        self.given = {key: Decimal(str(inputs.get(key) or 0)) for key in (
            "ordinary_taxable", "magi", "outside_net_investment_income", "outside_net_short",
            "outside_net_long", "outside_qualified", "carry_short", "carry_long", "inflation",
            "state_rate", "liquidation_short", "liquidation_long", "donee_short", "donee_long",
            "charity_share")}
        deduction = inputs.get("deduction")
        self.salt = None if deduction is None else Decimal(str(deduction["salt"]))
        self.preferences = Decimal(str(inputs.get("amt_preferences") or 0))
        self.changes = inputs.get("outside_income") or []
        self.opening = Carry(self.given["carry_short"], self.given["carry_long"])
        # Gains from outside on their dates: they count in the returns with and without the portfolio, once they are known.
        self.dated = [(dt.date.fromisoformat(gain["date"]), gain["term"], Decimal(str(gain["amount"])))
                      for gain in inputs.get("outside_gains") or []]
        self.known = dt.date.max  # the day as of which returns are worked out
        self._without = {}
        self._memory = {}

    def law_year(self, year):
        """The year whose law applies."""
        return min(year, LAST_YEAR) if self.fixed is None else self.fixed

    def rules(self, year):
        """Rates and amounts of the law that applies in a year, before indexing."""
        of_year = self.table[str(self.law_year(year))]
        return {**of_year[self.status], "amt_phase_out": of_year["amt_phase_out"]}

    def given_in(self, year):
        """The household's income from outside in a year."""
        given = self.given
        for change in self.changes:
            if change["from"] <= year:
                of = {CHANGED.get(key, key): Decimal(str(value)) for key, value in change.items() if key != "from"}
                given = {**given, **of}
        return given

    def outside_gain(self, year, term):
        """Net gain from outside in a year, as far as it is known."""
        dated = (amount for date, of, amount in self.dated if of == term and date.year == year and date <= self.known)
        return self.given_in(year)[f"outside_net_{term}"] + sum(dated, ZERO)

    def index(self, year):
        """Indexing of brackets since the law's year, 1(f) (unrounded): a fixed law's is the run's first year."""
        return (1 + self.given["inflation"]) ** max(0, year - (LAST_YEAR if self.fixed is None else self.first_year))

    def ordinary_tax(self, income, year):
        """1(j)(2): the rate schedule."""
        tax, below, index, rules = ZERO, ZERO, self.index(year), self.rules(year)
        for rate, top in zip(rules["ordinary_rates"], [top * index for top in rules["ordinary_tops"]] + [income]):
            tax += rate * max(ZERO, min(income, top) - below)
            below = top
        return tax

    def income_tax(self, ordinary, preferential, year):
        """1(h)(1) and 1(j)(5): net capital gain and qualified dividends stacked above ordinary income.

        No more than the schedule's tax on the whole income (1(h)(1), the lesser of the two).
        """
        preferential = max(ZERO, min(preferential, ordinary + preferential))
        ordinary = max(ZERO, ordinary)
        income, index, rules = ordinary + preferential, self.index(year), self.rules(year)
        stacked, filled = self.ordinary_tax(ordinary, year), ordinary
        for rate, top in zip(rules["gains_rates"], [top * index for top in rules["gains_tops"]] + [income]):
            part = max(ZERO, min(income, top) - filled)
            stacked, filled = stacked + rate * part, filled + part
        return min(stacked, self.ordinary_tax(income, year))

    def minimum_tax(self, income, ordinary, preferential, year):
        """Tentative minimum tax, 55(b); Form 6251. `income` is that of line 4, `preferential` before it is cut to
        taxable income, `ordinary` ordinary taxable income."""
        rules, index = self.rules(year), self.index(year)
        exemption, start = rules["amt_exemption"] * index, rules["amt_phase_out_from"] * index
        lost = lambda over: min(exemption, max(ZERO, over) * rules["amt_phase_out"])
        if self.status == "separate":
            over = income - start - exemption / rules["amt_phase_out"]
            base = income + lost(over) - exemption + lost(income - start)
        else:
            base = income - exemption + lost(income - start)
        base, ordinary = max(ZERO, base), max(ZERO, ordinary)

        def at_two_rates(amount):
            return Decimal("0.26") * amount + Decimal("0.02") * max(ZERO, amount - rules["amt_first_rate_top"] * index)

        gains = min(base, preferential)
        tax, left, room_below = at_two_rates(base - gains), gains, ZERO
        # Lines 19 to 34: each rate's range less what ordinary income and the ranges below leave free.
        for rate, top in zip(rules["gains_rates"], [*rules["gains_tops"], None]):
            room = left if top is None else max(ZERO, top * index - ordinary - room_below)
            part = min(left, room)
            tax, left, room_below = tax + rate * part, left - part, room_below + (ZERO if top is None else room)
        return min(tax, at_two_rates(base))

    def niit(self, investment_income, magi, year):
        """1411(a)(1), from 2013."""
        niit = self.table["niit"]
        if self.law_year(year) < niit["from"]:
            return ZERO
        return niit["rate"] * max(ZERO, min(max(ZERO, investment_income), magi - self.threshold))

    def household(self, flows, carry, year):
        """(tax, netting) of the household whose portfolio brings `flows` into `year`."""
        done = self.full_return(flows, carry, year)
        return done.tax, done.netting

    def full_return(self, flows, carry, year, deducted=ZERO):
        """The household's return, with a further itemized deduction."""
        given, paid_out = self.given_in(year), flows.interest + flows.ordinary
        ordinary = given["ordinary_taxable"] + paid_out + flows.distributions - deducted
        qualified = given["outside_qualified"] + flows.qualified
        if self.law_year(year) < 2003:  # 1(h)(11) applies from 2003 on
            ordinary, qualified = ordinary + qualified, ZERO
        netting = net_capital(self.outside_gain(year, "short") + flows.short, self.outside_gain(year, "long") + flows.long,
                              carry, self.limit, ordinary + qualified)
        gain = netting.short_gain + netting.preferential - netting.offset  # Reg. 1.1411-4(d)(2), (f)(4)
        ordinary += netting.short_gain - netting.offset
        preferential = qualified + netting.preferential
        added = paid_out + flows.qualified + gain
        agi = given["magi"] + added + flows.distributions  # no investment income: 1411(c)(5)
        regular = self.income_tax(ordinary, preferential, year)
        standard = self.rules(year)["standard"] * self.index(year)
        added_back = self.preferences + (standard if self.salt is None else self.salt)
        minimum = self.minimum_tax(ordinary + preferential + added_back, ordinary, preferential, year)
        tax = max(regular, minimum)
        tax += self.niit(given["outside_net_investment_income"] + added, agi, year)
        taxable = max(ZERO, ordinary + preferential)
        tax += given["state_rate"] * taxable
        return Return(tax, netting, agi, taxable)

    def without(self, year):
        """(tax, carry out) of the household that has no portfolio; it keeps its own carryforwards."""
        key = year, self.outside_gain(year, "short"), self.outside_gain(year, "long")
        if key not in self._without:
            carry = self.opening if year <= self.first_year else self.without(year - 1)[1]
            tax, netting = self.household(Flows(), carry, year)
            self._without[key] = tax, netting.carry
        return self._without[key]

    def portfolio_tax(self, flows, carry, year):
        """(tax with the portfolio minus without, netting); rounded once, to 4 decimals half-even."""
        key = flows, carry, year, self.outside_gain(year, "short"), self.outside_gain(year, "long")
        if key not in self._memory:
            with localcontext() as context:
                context.prec = 40
                tax, netting = self.household(flows, carry, year)
                tax = (tax - self.without(year)[0]).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
            self._memory[key] = tax, netting
        return self._memory[key]

    def sale(self, gains, carry):
        """Netting of selling everything: `gains` by term in integer counts of 0.0001, the carryforward used first."""
        short, long = (Decimal(gains[name]).scaleb(-4) for name in ("short", "long"))
        return net_capital(short, long, carry, ZERO, ZERO)

    def liquidation_tax(self, short, long, carry):
        """Flat rates by term on the gains of all open lots, the carryforward used first.

        A loss of one term left over offsets the other's gain; what is left after that is worth nothing.
        """
        short, long = short - carry.short, long - carry.long
        if short < 0:
            short, long = ZERO, long + short
        if long < 0:
            short, long = short + long, ZERO
        return self.given["liquidation_short"] * max(ZERO, short) + self.given["liquidation_long"] * max(ZERO, long)


def tacked_start(acquired, sold_start, sold):
    """1223(3): the replacement's holding period takes in the days the sold shares had been held."""
    return acquired - (sold - sold_start)
