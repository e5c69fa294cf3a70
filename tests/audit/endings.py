"""What a portfolio's endings leave: kept, sold, left at death, given to a person, given to charity.

Worked out from the open lots of the taxable accounts, the last year's return and summary.json's tax inputs.
Lots are (quantity, price, basis, holding_start) in integer counts; results are integer counts of 0.0001.
"""
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fixed import MONEY, half_even, times_price
from law import ZERO, Flows, term

FLOOR, CASH, PROPERTY, APPRECIATED = (Decimal(x) for x in ("0.005", "0.6", "0.5", "0.3"))


def cash_limit(year):
    """170(b)(1)(A) until 2017, all income in 2020 and 2021 (P.L. 116-136, section 2205), else (b)(1)(G)."""
    return PROPERTY if year < 2018 else Decimal(1) if year in (2020, 2021) else CASH



def dollars(count):
    return Decimal(count).scaleb(-MONEY)


@dataclass(frozen=True)
class Lot:
    quantity: int
    price: int
    basis: int
    term: str

    @property
    def value(self):
        return times_price(self.quantity, self.price)

    @property
    def gain(self):
        return self.value - self.basis


def deduct(year, base, gifts):
    """(allowed, carried, lost) by kind: 170(b)(1)(A), (C), (G), (I) and 170(d)(1)(A), (C).

    `gifts` maps `appreciated`, `other`, `cash` to Decimals.
    """
    base = max(ZERO, base)
    within = {"cash": min(gifts["cash"], cash_limit(year) * base)}
    room = max(ZERO, PROPERTY * base - within["cash"])
    within["other"] = min(gifts["other"], room)
    within["appreciated"] = min(gifts["appreciated"], APPRECIATED * base, room - within["other"])
    floor = FLOOR * base if year >= 2026 else ZERO
    allowed, carried, lost = {}, {}, {}
    for kind in ("appreciated", "other", "cash"):
        taken = min(floor, within[kind])
        floor -= taken
        allowed[kind] = within[kind] - taken
        over = gifts[kind] - within[kind]
        carried[kind], lost[kind] = (over + taken, ZERO) if over > 0 else (ZERO, taken)
    return allowed, carried, lost


def pick(lots, asked):
    """What is given: a list of (lot or part of one, kind of gift); lots without a gain are sold and given as cash."""
    per_dollar = lambda lot: Fraction(lot.gain, lot.value)
    worth = [lot for lot in lots if lot.value > 0]
    queue = sorted((lot for lot in worth if lot.gain > 0 and lot.term == "long"), key=lambda lot: -per_dollar(lot))
    queue += sorted((lot for lot in worth if lot.gain <= 0), key=per_dollar)
    queue += sorted((lot for lot in worth if lot.gain > 0 and lot.term == "short"), key=per_dollar)
    picked, left = [], asked
    for lot in queue:
        kind = "cash" if lot.gain <= 0 else "appreciated" if lot.term == "long" else "other"
        if left <= 0:
            break
        if lot.value > left:
            quantity = min(lot.quantity, left * 10**8 // lot.price)
            part = Lot(quantity, lot.price, half_even(lot.basis * quantity, lot.quantity), lot.term)
            picked.append((part, kind))
            break
        picked.append((lot, kind))
        left -= lot.value
    return picked


def charity(law, lots, year, flows, carry, value, wealth):
    asked = half_even(max(0, value) * int(law.given["charity_share"] * 10**6), 10**6)
    picked = pick(lots, asked)
    gifts = dict.fromkeys(("appreciated", "other", "cash"), ZERO)
    losses = {"short": 0, "long": 0}
    for lot, kind in picked:
        gifts[kind] += dollars(min(lot.value, lot.basis) if kind == "other" else lot.value)
        if kind == "cash":
            losses[lot.term] -= lot.gain
    after_sales = Flows(flows.short - dollars(losses["short"]), flows.long - dollars(losses["long"]),
                        flows.qualified, flows.ordinary, flows.interest, flows.distributions)
    before = law.full_return(flows, carry, year)
    sold = law.full_return(after_sales, carry, year)
    allowed, carried, lost = deduct(law.law_year(year), sold.agi, gifts)
    total = sum(allowed.values())
    # 68(a): 2/37 of the smaller of the deductions and the taxable income above the start of the last bracket.
    top = law.rules(year)["ordinary_tops"][-1] * law.index(year)
    cut = Decimal(2) / 37 * min(total, max(ZERO, sold.taxable - top)) if law.law_year(year) >= 2026 else ZERO
    deducted = law.full_return(after_sales, carry, year, total - cut)
    given = sum(lot.value for lot, _ in picked)
    by_losses, by_deduction = before.tax - sold.tax, sold.tax - deducted.tax
    result = {
        "wealth": wealth - given + count(by_losses + by_deduction), "asked": asked, "given": given,
        "given_in_cash": count(gifts["cash"]),
        "gain_never_taxed": sum(lot.gain for lot, kind in picked if kind != "cash"),
        "loss_realized_short": losses["short"], "loss_realized_long": losses["long"],
        "contribution_base": count(max(ZERO, sold.agi)), "section_68": count(cut),
        "tax_saved_by_deduction": count(by_deduction), "tax_saved_by_losses": count(by_losses),
        "carried_deduction": count(sum(carried.values()))}
    for name, amounts in (("allowed", allowed), ("carried", carried), ("lost", lost)):
        result.update({f"deduction.{name}.{kind}": count(amount) for kind, amount in amounts.items()})
    return result


def count(amount):
    """Decimal dollars as an integer count of 0.0001."""
    fraction = Fraction(amount) * 10**MONEY
    return half_even(fraction.numerator, fraction.denominator)


def endings(law, lots, year, flows, carry_in, carry_out, value, accrued, flat_tax):
    """Every figure of `endings` in summary.json by its path."""
    wealth = value - accrued
    gains = {(kind, sign): sum(lot.gain for lot in lots if lot.term == kind and (lot.gain > 0) == sign)
             for kind in ("short", "long") for sign in (True, False)}
    up = {kind: gains[kind, True] for kind in ("short", "long")}
    down = -gains["short", False] - gains["long", False]
    before = law.full_return(flows, carry_in, year)
    sold = law.full_return(Flows(flows.short + dollars(up["short"] + gains["short", False]),
                                 flows.long + dollars(up["long"] + gains["long", False]),
                                 flows.qualified, flows.ordinary, flows.interest, flows.distributions),
                           carry_in, year)
    bracketed = count(sold.tax - before.tax)
    # 1015(a): sold on the day of the gift, a lot below its basis brings neither gain nor loss.
    donee = count(law.given["donee_short"] * dollars(up["short"]) + law.given["donee_long"] * dollars(up["long"]))
    parts = {
        "income": {"net_short": count(flows.short), "net_long": count(flows.long), "qualified": count(flows.qualified),
                   "ordinary": count(flows.ordinary), "interest": count(flows.interest),
                   "distributions": count(flows.distributions)},
        "carried_in": {"short": count(carry_in.short), "long": count(carry_in.long)},
        "keep": {"wealth": wealth},
        "liquidate": {"wealth": wealth - flat_tax, "tax": flat_tax},
        "liquidate_bracketed": {"wealth": wealth - bracketed, "tax": bracketed,
                                "unused_short": count(sold.netting.carry.short),
                                "unused_long": count(sold.netting.carry.long)},
        "step_up": {"wealth": wealth, "gain_erased": sum(up.values()), "loss_erased": down,
                    "carry_short_lost": count(carry_out.short), "carry_long_lost": count(carry_out.long)},
        "gift": {"wealth": wealth - donee, "tax": donee, "gain_short": up["short"], "gain_long": up["long"],
                 "loss_not_passed_on": down},
        "charity": charity(law, lots, year, flows, carry_in, value, wealth)}
    return {f"{part}.{key}": amount for part, figures in parts.items() for key, amount in figures.items()}


def taxable_lots(rows, kinds, last):
    """The lots of lots.csv that a sale would tax, in the order of the file."""
    return [Lot(row["quantity"], row["price"], row["basis"], term(row["holding_start"], last))
            for row in rows if kinds.get(row["account"]) == "taxable"]


def flattened(figures, prefix=""):
    """Nested figures by their path."""
    flat = {}
    for key, value in figures.items():
        if isinstance(value, dict):
            flat.update(flattened(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat
