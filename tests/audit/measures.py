"""Every figure of one arm in summary.json, worked out again from its replay.

`figures_of` returns {path: (expected, tolerance)}. Money is in dollars with the rounding that the formats allow;
rates are annual fractions. None is a figure that is not defined. Formulas are those that summary.json's
assumptions and the documentation state; sources stand beside them.
"""
import datetime as dt
import math
from collections import Counter, defaultdict
from decimal import Decimal

from endings import endings, taxable_lots
from fixed import MONEY_UNIT, times_price
from law import Carry, net_capital
from replay import TAX_TOLERANCE, units
from sleeves import deviation, sessions_a_year

NEAR = 2e-8  # of returns after tax: accrued taxes may be off by some 0.0001
EXACT = 1e-9
YEAR = 365.25
STEP, STEPS = 1.04, 205  # by which the search for an internal rate of return widens


def dollars(count):
    return count / MONEY_UNIT


def mean(xs):
    return math.fsum(xs) / len(xs) if xs else None


def minus(a, b):
    return None if a is None or b is None else a - b


def returns(marks, of, without):
    """Return of each session after the first; flows count at its end. None where one began with nothing."""
    found = []
    for before, mark in zip(marks, marks[1:]):
        if of(before) <= 0:
            return None
        found.append((of(mark) - without(mark)) / of(before) - 1.0)
    return found


def years(marks):
    return (marks[-1].date - marks[0].date).days / YEAR


def annual(growth, span):
    """Growth as a yearly rate."""
    return None if growth is None or growth <= 0 or span <= 0 else growth ** (1.0 / span) - 1.0


def linked(found):
    return None if found is None else math.prod(1.0 + r for r in found)


def internal_rate(flows, end):
    """The rate at which flows (years before the end, dollars paid in) grow to `end`; the one nearest to zero."""
    if not any(t > 0 and x for t, x in flows):
        return None
    value = lambda growth: math.fsum(x * growth**t for t, x in flows) - end
    low = high = 1.0
    below = above = value(1.0)
    for _ in range(STEPS):
        up, down = high * STEP, low / STEP
        at_up, at_down = value(up), value(down)
        if (at_up <= 0) != (above <= 0):
            low, high, below = high, up, above
            break
        if (at_down <= 0) != (below <= 0):
            low, high, below = down, low, at_down
            break
        low, high, below, above = down, up, at_down, at_up
    else:
        return None
    for _ in range(60):
        middle = 0.5 * (low + high)
        if (value(middle) <= 0) == (below <= 0):
            low = middle
        else:
            high = middle
    return 0.5 * (low + high) - 1.0


def carried_fees(marks, long_rate):
    """(fees paid, what they cost at the end): each fee grows at the return before tax, fees and costs, less long-term tax on it."""
    paid = carried = before = 0.0
    for mark in marks:
        if before > 0:
            carried *= dollars(mark.value - mark.flow + mark.tax_paid + mark.fees + mark.costs) / before
        carried += dollars(mark.fees)
        paid += dollars(mark.fees)
        before = dollars(mark.value)
    return paid, long_rate * paid + (1.0 - long_rate) * carried


def standardized(replay, marks, gains):
    """After-tax returns as in SEC Form N-1A, Item 26(b)(2) and (3), at the highest federal rates.

    Dividends and interest are taxed on their day, gains net of the year's losses so far and of those carried from
    earlier years; at redemption everything is sold and a net loss saves tax.
    """
    rules = replay.law.rules(max(marks[-1].date.year, replay.law.first_year))
    top, long_rate = float(rules["ordinary_rates"][-1]), float(rules["gains_rates"][-1])
    taxed = defaultdict(lambda: [0, 0, 0.0])  # date -> short, long, tax on income
    for row in replay.tables["trades"]:
        if row["side"] == "sell" and replay.holdings.taxable(row["account"]):
            taxed[row["date"]][row["term"] == "long"] += row["gain"] + row["disallowed"]
    for row in replay.tables["cash"]:
        if row["kind"] in ("dividend", "interest") and replay.holdings.taxable(row["account"]):
            rate = top
            if row["kind"] == "dividend":
                flows = replay.flows(row["date"].year)
                qualified, other = float(flows.qualified), float(flows.ordinary)
                rate = (qualified * long_rate + other * top) / (qualified + other) if qualified + other > 0 else top
            taxed[row["date"]][2] += rate * dollars(row["amount"])
    net = lambda short, long, carry: net_capital(Decimal(short), Decimal(long), carry, Decimal(0), Decimal(0))
    on = lambda short, long: top * float(short) / MONEY_UNIT + long_rate * float(long) / MONEY_UNIT
    days, carry, short, long, charged = sorted(taxed), Carry(), 0, 0, 0.0
    year, growth, at = marks[0].date.year, 1.0, 0
    before_tax = returns(marks, lambda m: m.value, lambda m: m.flow - m.tax_paid)
    for before, mark, earned in zip(marks, marks[1:], before_tax or [None] * len(marks)):
        tax = 0.0
        while at < len(days) and days[at] <= mark.date:
            if days[at].year != year:
                carry = net(short, long, carry).carry
                short, long, charged, year = 0, 0, 0.0, days[at].year
            more_short, more_long, on_income = taxed[days[at]]
            short, long, at = short + more_short, long + more_long, at + 1
            netted = net(short, long, carry)
            due = on(netted.short_gain, netted.preferential)
            tax += due - charged + on_income
            charged = due
        growth = None if growth is None or earned is None else growth * (1.0 + earned - tax / dollars(before.value))
    result = {"ordinary_rate": top, "long_rate": long_rate, "pre_liquidation": None, "post_liquidation": None}
    if growth is None or years(marks) <= 0:
        return result
    sold = net(short + gains["short"], long + gains["long"], carry)
    tax = on(sold.short_gain, sold.preferential) - on(sold.carry.short, sold.carry.long) - charged
    value = dollars(marks[-1].value)
    result["pre_liquidation"] = annual(growth, years(marks))
    result["post_liquidation"] = annual(growth * (1.0 - tax / value), years(marks)) if value > 0 else None
    return result


def anniversary(first, years_on):
    try:
        return first.replace(year=first.year + years_on)
    except ValueError:  # 29 February
        return dt.date(first.year + years_on, 2, 28)


def harvest_yields(replay, marks):
    """Recognized losses over average value, by year since the first session."""
    first, last, found = marks[0].date, marks[-1].date, {}
    lost = Counter()
    for row in replay.tables["trades"]:
        if replay.holdings.taxable(row["account"]):
            lost[row["date"]] -= min(0, row["gain"] + row["disallowed"])
    at = 0
    while anniversary(first, at) <= last:
        start, end = anniversary(first, at), anniversary(first, at + 1)
        average = mean([dollars(mark.value) for mark in marks if start <= mark.date < end])
        average = average if average and average > 0 else None
        losses = dollars(sum(amount for date, amount in lost.items() if start <= date < end))
        place = f"harvest_yield[{at}]"
        found[f"{place}.year"] = at + 1, 0
        found[f"{place}.losses"] = losses, 0
        found[f"{place}.average_value"] = average, EXACT * (average or 0) + 0.001
        found[f"{place}.harvest_yield"] = (losses / average if average else None), EXACT
        at += 1
    return found


def orders_of(trades):
    """Consecutive purchases or sales of one manager, symbol and sleeve on one day are one order."""
    count, last = 0, None
    for row in trades:
        key = row["date"], row["mandate"], row["symbol"], row["sleeve"], row["side"]
        count += key != last and row["side"] in ("buy", "sell")
        last = key
    return count


def workload(replay, folder):
    """Counts of orders, instructions, transfers, and days on which a manager had something to do."""
    trades = [row for row in replay.tables["trades"] if row["side"] in ("buy", "sell")]
    tickets, moves = folder.of_arm("tickets", replay.arm), folder.of_arm("transfers", replay.arm)
    orders = orders_of(replay.tables["trades"])
    found = {"orders": (orders, 0), "workload.orders": (orders, 0)}
    if tickets is not None and moves is not None:
        busy = {(row["date"], row["mandate"]) for row in trades + tickets}
        busy |= {(row["date"], row[end]) for row in moves for end in ("from", "to")}
        found.update({"workload.tickets": (len(tickets), 0), "workload.transfers": (len(moves), 0),
                      "transfers": (len(moves), 0), "workload.tasks": (len(busy), 0)})
    return found


def figures_of(replay, folder, daily):
    """{path: (expected, tolerance)} of one arm. `daily` are its rows of daily.csv by date."""
    marks, law, given = replay.marks, replay.law, replay.law.given
    last, found = marks[-1], {}
    rounding = TAX_TOLERANCE / MONEY_UNIT + len(replay.holdings.open()) / 2 / MONEY_UNIT
    carry, gains, flat = replay.carry(), replay.open_gains(), units(replay.liquidation())
    wealth = last.wealth + replay.taken_at_closing
    sold = [row for row in replay.tables["trades"] if replay.holdings.taxable(row["account"])]
    recognized = [row["gain"] + row["disallowed"] for row in sold]

    def money(path, count, tolerance=0.0):
        found[path] = dollars(count), tolerance + 1e-6

    def rate(path, value, tolerance=EXACT):
        found[path] = value, tolerance

    money("final_value", last.value, rounding)
    money("accrued_tax", last.accrued, TAX_TOLERANCE / MONEY_UNIT)
    money("owed_fees", last.owed)
    money("wealth_before_liquidation", wealth, rounding)
    money("wealth_after_liquidation", wealth - flat, rounding)
    money("taxes_paid", sum(mark.tax_paid for mark in marks))
    money("losses_harvested", -sum(min(0, x) for x in recognized))
    money("gains_realized", sum(max(0, x) for x in recognized))
    money("losses_washed", replay.holdings.washed, (1 + len(replay.holdings.parcels) // 10) / MONEY_UNIT)
    money("carry_short", units(carry.short))
    money("carry_long", units(carry.long))
    money("taken_at_closing", replay.taken_at_closing)
    money("paid_out", replay.paid_out())
    money("trading_cost", sum(row["cost"] for row in replay.tables["trades"]))
    paid, at_end = carried_fees(marks, float(given["liquidation_long"]))
    found["fees_paid"], found["fees_at_end"] = (paid, 1e-5), (at_end, 1e-4 + EXACT * at_end)

    sale = law.sale(gains, carry)
    money("liquidation.short", gains["short"], rounding)
    money("liquidation.long", gains["long"], rounding)
    money("liquidation.tax", flat, rounding)
    money("liquidation.unused_short", units(sale.carry.short), rounding)
    money("liquidation.unused_long", units(sale.carry.long), rounding)
    lots = taxable_lots(replay.tables["lots"], folder.kinds, last.date)
    carried_in = law.opening if last.date.year <= law.first_year else replay.tax_of(last.date.year - 1)[1].carry
    expected = endings(law, lots, last.date.year, replay.flows(last.date.year), carried_in, carry, last.value,
                       last.accrued + last.owed, flat)
    for path, amount in expected.items():
        money(f"endings.{path}", amount, rounding)

    before_tax = returns(marks, lambda m: m.value, lambda m: m.flow - m.tax_paid)
    # Where a closed account keeps what it owes in tax, the rounding of the tax is no wealth.
    after_tax = returns(marks, lambda m: m.wealth if m.wealth > TAX_TOLERANCE else 0, lambda m: m.flow)
    span, growth = years(marks), linked(after_tax)
    kept = 1.0 - flat / last.wealth if last.wealth > 0 else None
    rate("pre_tax_return", annual(linked(before_tax), span))
    rate("after_tax_return_before_liquidation", annual(growth, span), NEAR)
    rate("after_tax_return_after_liquidation", annual(growth * kept, span) if growth and kept is not None else None, NEAR)
    year = sessions_a_year(marks[0].date, last.date, len(marks))
    mixed = replay.sleeves.benchmark or [daily[mark.date].get("benchmark_return") if mark.date in daily else None for mark in marks]
    if before_tax is not None and None not in mixed[1:]:
        rate("tracking_error_ex_post", deviation([mine - theirs for mine, theirs in zip(before_tax, mixed[1:])], year), 1e-8)
        weights = [mark.cash / mark.value if mark.value > 0 else None for mark in marks]
        held = [weight for weight in weights if weight is not None]
        rate("cash_drag.average_weight", mean(held))
        if None not in weights[:-1]:
            rate("cash_drag.cost", math.fsum(weight * r for weight, r in zip(weights, mixed[1:])) / span if span else None)
    forecast = [row.get("te_ex_ante") for row in daily.values()]
    if forecast and None not in forecast:
        rate("tracking_error_ex_ante", mean(forecast), 2e-8 / math.sqrt(len(forecast)))  # eight decimals each
    traded = Counter()
    for row in replay.tables["trades"]:
        traded[row["side"]] += row["amount"]
    average = mean([dollars(mark.value) for mark in marks])
    rate("turnover", dollars(min(traded["buy"], traded["sell"])) / average / span if average > 0 and span else None)

    at = lambda mark: (last.date - mark.date).days / YEAR
    before = [(at(mark), dollars(mark.flow - mark.tax_paid)) for mark in marks if mark.flow != mark.tax_paid]
    after = [(at(mark), dollars(mark.flow)) for mark in marks if mark.flow]
    rate("money_weighted_return.pre_tax", internal_rate(before, dollars(last.value)), NEAR)
    rate("money_weighted_return.after_tax_before_liquidation", internal_rate(after, dollars(last.wealth)), NEAR)
    rate("money_weighted_return.after_tax_after_liquidation", internal_rate(after, dollars(last.wealth - flat)), NEAR)
    for name, value in standardized(replay, marks, gains).items():
        rate(f"sec_returns.{name}", value, NEAR)

    if replay.sleeves.is_known:
        for at_sleeve, error in enumerate(replay.sleeves.tracking_errors(year)):
            rate(f"sleeves[{at_sleeve}].tracking_error_ex_post", error, 1e-8)
        for at_class, figures in enumerate(replay.sleeves.drift(marks)):
            for name, value in zip(("average_found", "largest_found", "average_left", "largest_left"), figures):
                rate(f"drift[{at_class}].{name}", value, 1e-12)
        if folder.more["index_weights"] is not None:
            weights = defaultdict(list)
            for row in folder.more["index_weights"]:
                weights[row["index"]].append((row["symbol"], row["weight"]))
            rate("active_share_at_end", replay.sleeves.active_share(replay.tables["lots"], last, weights))
    found.update(harvest_yields(replay, marks))
    for at_year, number in enumerate(range(law.first_year, last.date.year + 1)):
        flows = replay.flows(number)
        found[f"realized_by_year[{at_year}].year"] = number, 0
        found[f"realized_by_year[{at_year}].net_short"] = float(flows.short), 1e-6
        found[f"realized_by_year[{at_year}].net_long"] = float(flows.long), 1e-6
    found.update(workload(replay, folder))
    solves = folder.of_arm("solves", replay.arm)
    if solves is not None:
        rate("worst_gap", max((row["objective"] - row["lower_bound"] for row in solves), default=None), 1e-15)
    return found


def tax_alpha(found, shadow):
    """(after tax less shadow's) less (before tax less shadow's), kept and liquidated (CFA Institute, GIPS)."""
    of = lambda name: minus(found[name][0], shadow[name][0])
    pre = of("pre_tax_return")
    return (minus(of("after_tax_return_before_liquidation"), pre), minus(of("after_tax_return_after_liquidation"), pre))


def taxed(replay, found):
    """What one arm was taxed on over all years, in dollars."""
    each = [replay.flows(year) for year in range(replay.law.first_year, replay.marks[-1].date.year + 1)]
    total = lambda name: math.fsum(float(getattr(flows, name)) for flows in each)
    return {"losses": found["losses_harvested"][0], "gains": found["gains_realized"][0], "short": total("short"),
            "qualified": total("qualified"), "other": total("ordinary") + total("interest"),
            "carry_short": found["carry_short"][0], "carry_long": found["carry_long"][0],
            "tax": math.fsum(float(replay.tax_of(year)[0]) for year in range(replay.law.first_year, replay.marks[-1].date.year + 1))}


def against_shadow(replay, found, shadow, shadow_found):
    """Tax alpha, its sources at flat rates, and the tax saved."""
    kept, liquidated = tax_alpha(found, shadow_found)
    more = {"tax_alpha_before_liquidation": (kept, NEAR), "tax_alpha_after_liquidation": (liquidated, NEAR)}
    p, s = taxed(replay, found), taxed(shadow, shadow_found)
    short, long = (float(replay.law.given[f"liquidation_{term}"]) for term in ("short", "long"))
    parts = {
        "harvest": long * (p["losses"] - s["losses"]),
        "deferral": long * (s["gains"] - p["gains"]),
        "character": (short - long) * ((s["short"] - p["short"]) + (s["other"] - p["other"])),
        "income": long * ((s["qualified"] + s["other"]) - (p["qualified"] + p["other"])),
        "carried": short * (s["carry_short"] - p["carry_short"]) + long * (s["carry_long"] - p["carry_long"])}
    saved = s["tax"] - p["tax"]
    parts["household"] = saved - math.fsum(parts.values())
    average = mean([dollars(mark.value) for mark in replay.marks])
    span = years(replay.marks)
    dollar_years = average * span if average > 0 and span > 0 else None
    rounding = TAX_TOLERANCE / MONEY_UNIT  # of taxes; over the dollar years, of the rates that they are divided into
    more["tax_savings.total"] = saved, rounding
    more["tax_savings.over_average_value"] = (saved / dollar_years, rounding / dollar_years) if dollar_years else (None, 0)
    if dollar_years and kept is not None:
        off = rounding if parts["household"] else 1e-6
        for name, amount in parts.items():
            allowed = off if name == "household" else 1e-5
            more[f"tax_alpha_split.{name}.dollars"] = amount, allowed
            more[f"tax_alpha_split.{name}.rate"] = amount / dollar_years, allowed / dollar_years + 1e-12
        more["tax_alpha_split.linking"] = kept - saved / dollar_years, NEAR + rounding / dollar_years
        more["tax_alpha_split.tax_alpha"] = kept, NEAR
    return more
