"""The auditor against small folders worked out by hand: it must pass them, and find every single corruption.

    python3 -m unittest discover tests/audit
"""
import csv
import datetime as dt
import io
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from decimal import Decimal as D

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import audit  # noqa: E402
from check import Check  # noqa: E402
from endings import Lot, deduct, endings, pick  # noqa: E402
from fixed import BadInput, Row, half_even, scaled, times_price  # noqa: E402
from holdings import Holdings  # noqa: E402
from law import Carry, Flows, Law, net_capital, tacked_start, term  # noqa: E402

HEADERS = {
    "prices": "date,symbol,close,dividend,dividend_kind,split",
    "trades": "arm,date,account,sleeve,mandate,symbol,side,quantity,price,amount,cost,lot,acquired,"
    "holding_start,basis,gain,disallowed,recognized,term,replacement_lot,reason",
    "cash": "arm,date,account,sleeve,kind,symbol,amount",
    "lots": "arm,account,sleeve,symbol,lot,quantity,acquired,holding_start,basis,price",
    "daily": "arm,date,value,cash,accrued_tax,benchmark_value,te_ex_ante,benchmark_return",
    "tax_years": "arm,year,net_short,net_long,dividends_qualified,dividends_ordinary,interest,"
    "ordinary_offset,carry_short,carry_long,tax,paid_on",
}
INPUTS = {"year": 2026, "status": "single", "outside_net_investment_income": 0, "outside_net_short": 0,
          "outside_net_long": 0, "outside_qualified": 0, "carry_short": 0, "carry_long": 0, "inflation": 0,
          "state_rate": 0, "liquidation_short": 0.408, "liquidation_long": 0.238, "charity_share": 0.3,
          "donee_short": 0.12, "donee_long": 0.05}


def winter():
    """A loss in December, washed in January: 20 shares by a purchase, 10 by the IRA's, 30 not at all.

    Basis of A is 5,001 for 100 shares. 60 are sold for 2,400 less 0.60: basis 3,000.60, loss 601.20,
    10.02 a share. 20 x 10.02 = 200.40 go to C, whose holding period starts 17 days before its
    purchase; 10 x 10.02 = 100.20 are lost to the IRA's D; 30 x 10.02 = 300.60 count in 2018.
    2018: 300.60 off ordinary income at 22 % saves 66.132; before the January purchases the accrual
    stood at 601.20 x 22 % = 132.264. 2019: 60 x 0.50 qualified at 15 % = 4.50 and 10 x 0.25 interest
    at 22 % = 0.55, 5.05 together, unpaid at the end.
    Liquidation: A 2,400 - 2,000.40, C 1,200 - 1,040.40: 559.20 short at 40.8 % = 228.1536.
    Through the brackets 559.20 at 22 % = 123.024; by a donee at 12 % = 67.104.
    Charity asks for 30 % of 11,442.032 = 3,432.6096: B, without a gain, is sold for 1,000; C counts at 1,040.40 for
    1,200; of A 20.543493 shares for 1,232.6096 count at 1,027.3801. The floor of 2026 is 0.5 % of 115,032.50 =
    575.1625, from the lots first: 1,492.6176 and 1,000 of cash, 2,492.6176 at 22 % = 548.3759.
    """
    lines = {"prices": """
2018-12-03,AAA,50,,,
2018-12-03,BND,100,,,
2018-12-10,AAA,40,,,
2018-12-10,BND,100,,,
2018-12-20,AAA,40,,,
2018-12-20,BND,100,,,
2019-01-07,AAA,42,,,
2019-01-07,BND,100,,,
2019-01-22,AAA,45,0.5,qualified,
2019-01-22,BND,100,0.25,interest,
2019-04-15,AAA,60,,,1
2019-04-15,BND,100,,,
2019-04-16,AAA,60,,,
2019-04-16,BND,100,,,""", "trades": """
SMA,2018-12-03,tx,core,m1,AAA,buy,100,50,5000,1,A,2018-12-03,2018-12-03,5001,0,0,0,,,
SMA,2018-12-03,tx,fund,m2,BND,buy,10,100,1000,0,B,2018-12-03,2018-12-03,1000,0,0,0,,,
SMA,2018-12-20,tx,core,m1,AAA,sell,20,40,800,0.2,A,2018-12-03,2018-12-03,1000.2,-200.4,200.4,0,short,C,
SMA,2018-12-20,tx,core,m1,AAA,sell,10,40,400,0.1,A,2018-12-03,2018-12-03,500.1,-100.2,100.2,0,short,D,
SMA,2018-12-20,tx,core,m1,AAA,sell,30,40,1200,0.3,A,2018-12-03,2018-12-03,1500.3,-300.6,0,-300.6,short,,
SMA,2019-01-07,tx,core,m1,AAA,buy,20,42,840,0,C,2019-01-07,2019-01-07,840,0,0,0,,,
SMA,2019-01-07,ira,ira,m3,AAA,buy,10,42,420,0,D,2019-01-07,2019-01-07,420,0,0,0,,,""", "cash": """
SMA,2018-12-03,tx,core,contribution,,10000
SMA,2018-12-03,ira,ira,contribution,,1000
SMA,2018-12-03,tx,core,trade,AAA,-5000
SMA,2018-12-03,tx,core,cost,AAA,-1
SMA,2018-12-03,tx,core,transfer_out,,-1500
SMA,2018-12-03,tx,fund,transfer_in,,1500
SMA,2018-12-03,tx,fund,trade,BND,-1000
SMA,2018-12-20,tx,core,trade,AAA,2400
SMA,2018-12-20,tx,core,cost,AAA,-0.6
SMA,2019-01-07,tx,core,trade,AAA,-840
SMA,2019-01-07,ira,ira,trade,AAA,-420
SMA,2019-01-22,tx,core,dividend,AAA,30
SMA,2019-01-22,ira,ira,dividend,AAA,5
SMA,2019-01-22,tx,fund,interest,BND,2.5
SMA,2019-04-15,tx,core,tax_credit,,66.132""", "lots": """
SMA,tx,core,AAA,A,40,2018-12-03,2018-12-03,2000.4,60
SMA,tx,fund,BND,B,10,2018-12-03,2018-12-03,1000,100
SMA,tx,core,AAA,C,20,2019-01-07,2018-12-21,1040.4,60
SMA,ira,ira,AAA,D,10,2019-01-07,2019-01-07,420,60""", "daily": """
SMA,2018-12-03,10999,4999,0,,,0
SMA,2018-12-10,9999,4999,0,,,0.01
SMA,2018-12-20,9998.4,7398.4,-132.264,,,0
SMA,2019-01-07,10078.4,6138.4,-66.132,,,0.02
SMA,2019-01-22,10325.9,6175.9,-61.082,,,-0.01
SMA,2019-04-15,11442.032,6242.032,5.05,,,0.03
SMA,2019-04-16,11442.032,6242.032,5.05,,,0""", "tax_years": """
SMA,2018,-300.6,0,0,0,0,300.6,0,0,-66.132,2019-04-15
SMA,2019,0,0,30,0,2.5,0,0,0,5.05,"""}
    returns = [9999 / 10999 - 1, 9998.4 / 9999 - 1, 10078.4 / 9998.4 - 1, 10325.9 / 10078.4 - 1,
               (11442.032 - 66.132) / 10325.9 - 1, 0]
    active = [mine - theirs for mine, theirs in zip(returns, [0.01, 0, 0.02, -0.01, 0.03, 0])]
    endings = {
        "income": {"net_short": 0, "net_long": 0, "qualified": 30, "ordinary": 0, "interest": 2.5},
        "carried_in": {"short": 0, "long": 0},
        "keep": {"wealth": 11436.982},
        "liquidate": {"wealth": 11208.8284, "tax": 228.1536},
        "liquidate_bracketed": {"wealth": 11313.958, "tax": 123.024, "unused_short": 0, "unused_long": 0},
        "step_up": {"wealth": 11436.982, "gain_erased": 559.2, "loss_erased": 0, "carry_short_lost": 0,
                    "carry_long_lost": 0},
        "gift": {"wealth": 11369.878, "tax": 67.104, "gain_short": 559.2, "gain_long": 0, "loss_not_passed_on": 0},
        "charity": {"wealth": 8552.7483, "asked": 3432.6096, "given": 3432.6096, "given_in_cash": 1000,
                    "gain_never_taxed": 364.8295, "loss_realized_short": 0, "loss_realized_long": 0,
                    "contribution_base": 115032.5, "section_68": 0, "tax_saved_by_deduction": 548.3759,
                    "tax_saved_by_losses": 0, "carried_deduction": 0,
                    "deduction": {"allowed": {"appreciated": 0, "other": 1492.6176, "cash": 1000},
                                  "carried": {"appreciated": 0, "other": 0, "cash": 0},
                                  "lost": {"appreciated": 0, "other": 575.1625, "cash": 0}}}}
    summary = {
        "accounts": [{"account": "tx", "kind": "taxable"}, {"account": "ira", "kind": "ira"}],
        "tax_inputs": {**INPUTS, "ordinary_taxable": 100000, "magi": 115000},
        "tracking_error_periods": "daily",
        "arms": {"SMA": {"final_value": 11442.032, "accrued_tax": 5.05, "wealth_before_liquidation": 11436.982,
                         "wealth_after_liquidation": 11208.8284, "taxes_paid": -66.132, "losses_harvested": 300.6,
                         "losses_washed": 300.6, "carry_short": 0, "carry_long": 0,
                         "endings": endings,
                         "tracking_error_ex_post": statistics.stdev(active) * math.sqrt(12)}}}  # a session every 22 days
    return folder(lines, summary)


def three_years():
    """A wash over a split, a replacement lot in two pieces, a long-term carryforward, NIIT and a state tax.

    400 of 1,000 L1 (100 each) are sold at 80, held 149 days: loss 8,000, 20 a share. L2's 100 shares
    take 2,000. After 2:1 the other 300 are worth 600 new shares: L3's 700 split into 600 with
    27,600 + 6,000 and 100 with 4,600. Until then the accrual is 3,000 off ordinary income: at 35 %
    1,050, at 3.8 % (income of 5,000 from elsewhere falls to 2,000) 114, at the state's 5 % 150: 1,314.
    2018: 1,200 L1 sold at 30, loss 24,000 long: 3,000 used, 21,000 carried; 1,314 saved.
    2019: 300 L3 of the washed piece gain 18,000 - 16,800, 100 of the other 6,000 - 4,600: 2,600 long
    against 21,000: 3,000 used, 15,400 carried. Ordinary dividends of 50 cost 17.50 + 1.90 + 2.50.
    """
    lines = {"prices": """
2017-01-03,X,100,,,
2017-06-01,X,80,,,
2017-06-15,X,84,,,
2017-06-20,X,45,,,2
2017-06-26,X,46,,,
2018-04-16,X,46,,,
2018-07-02,X,30,,,
2019-03-01,X,60,,,
2019-04-15,X,60,0.1,ordinary,""", "trades": """
UMA,2017-01-03,tx,core,m,X,buy,1000,100,100000,0,L1,2017-01-03,2017-01-03,100000,0,0,0,,,
UMA,2017-06-01,tx,core,m,X,sell,100,80,8000,0,L1,2017-01-03,2017-01-03,10000,-2000,2000,0,short,L2,
UMA,2017-06-01,tx,core,m,X,sell,300,80,24000,0,L1,2017-01-03,2017-01-03,30000,-6000,6000,0,short,L3,
UMA,2017-06-15,tx,core,m,X,buy,100,84,8400,0,L2,2017-06-15,2017-06-15,8400,0,0,0,,,
UMA,2017-06-20,tx,core,m,X,split,600,45,0,0,L1,2017-01-03,2017-01-03,0,0,0,0,,,
UMA,2017-06-20,tx,core,m,X,split,100,45,0,0,L2,2017-06-15,2017-01-17,0,0,0,0,,,
UMA,2017-06-26,tx,core,m,X,buy,700,46,32200,0,L3,2017-06-26,2017-06-26,32200,0,0,0,,,
UMA,2018-04-16,tx,core,m,X,transfer_out,-200,46,0,0,L2,2017-06-15,2017-01-17,-10400,0,0,0,,,
UMA,2018-04-16,tx,side,m,X,transfer_in,200,46,0,0,L2,2017-06-15,2017-01-17,10400,0,0,0,,,
UMA,2018-07-02,tx,core,m,X,sell,1200,30,36000,0,L1,2017-01-03,2017-01-03,60000,-24000,0,-24000,long,,
UMA,2019-03-01,tx,core,m,X,sell,300,60,18000,0,L3,2017-06-26,2017-01-28,16800,1200,0,1200,long,,
UMA,2019-03-01,tx,core,m,X,sell,100,60,6000,0,L3,2017-06-26,2017-06-26,4600,1400,0,1400,long,,""", "cash": """
UMA,2017-01-03,tx,core,contribution,,200000
UMA,2017-01-03,tx,core,trade,X,-100000
UMA,2017-06-01,tx,core,trade,X,32000
UMA,2017-06-15,tx,core,trade,X,-8400
UMA,2017-06-26,tx,core,trade,X,-32200
UMA,2018-07-02,tx,core,trade,X,36000
UMA,2019-03-01,tx,core,trade,X,24000
UMA,2019-04-15,tx,core,dividend,X,30
UMA,2019-04-15,tx,side,dividend,X,20
UMA,2019-04-15,tx,core,tax_credit,,1314""", "lots": """
UMA,tx,side,X,L2,200,2017-06-15,2017-01-17,10400,60
UMA,tx,core,X,L3,300,2017-06-26,2017-01-28,16800,60""", "daily": """
UMA,2017-01-03,200000,100000,0,,,0
UMA,2017-06-01,180000,132000,-1314,,,0
UMA,2017-06-15,182400,123600,-1314,,,0
UMA,2017-06-20,186600,123600,-1314,,,0
UMA,2017-06-26,188000,91400,0,,,0
UMA,2018-04-16,188000,91400,0,,,0
UMA,2018-07-02,154400,127400,-1314,,,0
UMA,2019-03-01,181400,151400,-2628,,,0
UMA,2019-04-15,182764,152764,-1292.1,,,0""", "tax_years": """
UMA,2017,0,0,0,0,0,0,0,0,0,2018-04-16
UMA,2018,0,-24000,0,0,0,3000,0,21000,-1314,2019-04-15
UMA,2019,0,2600,0,50,0,3000,0,15400,-1292.1,"""}
    months = [0.9 * 182400 / 180000 * 186600 / 182400 * 188000 / 186600, 1, 154400 / 188000, 181400 / 154400,
              (182764 - 1314) / 181400]
    summary = {
        "accounts": [{"account": "tx", "kind": "taxable"}],
        "tax_inputs": {**INPUTS, "ordinary_taxable": 300000, "magi": 310000, "outside_net_investment_income": 5000,
                       "state_rate": 0.05},
        "tracking_error_periods": "monthly",
        "arms": {"UMA": {"final_value": 182764, "accrued_tax": -1292.1, "wealth_before_liquidation": 184056.1,
                         "wealth_after_liquidation": 184056.1, "taxes_paid": -1314, "losses_harvested": 24000,
                         "losses_washed": 8000, "carry_short": 0, "carry_long": 15400,
                         "tracking_error_ex_post": statistics.stdev(months) * math.sqrt(12)}}}
    return folder(lines, summary)


def folder(lines, summary):
    tables = {name: [HEADERS[name].split(",")] + list(csv.reader(text.strip().splitlines()))
              for name, text in lines.items()}
    return tables, summary


def write(path, tables, summary):
    for name, rows in tables.items():
        with open(os.path.join(path, name + ".csv"), "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    with open(os.path.join(path, "summary.json"), "w", encoding="utf-8") as file:
        json.dump(summary, file)


def faults_of(tables, summary):
    with tempfile.TemporaryDirectory() as path:
        write(path, tables, summary)
        return audit.audit(path)[0]


def leaves(figures):
    """(dictionary, key) of every figure in nested dictionaries."""
    for key, value in list(figures.items()):
        if isinstance(value, dict):
            yield from leaves(value)
        else:
            yield figures, key


def corrupted(cell):
    """A cell changed by enough to matter: a number by 1, a date by 400 days, a text by a letter; 3 for nothing."""
    try:
        return str(D(cell) + 1)
    except ArithmeticError:
        pass
    try:
        return str(dt.date.fromisoformat(cell) + dt.timedelta(days=400))
    except ValueError:
        return cell + "x" if cell else "3"


class Folders(unittest.TestCase):
    def test_worked_folders_pass(self):
        for build in (winter, three_years):
            with self.subTest(build.__name__):
                self.assertEqual(faults_of(*build()), [])

    def test_arms_are_worlds_of_their_own(self):
        tables, summary = winter()
        for name in ("trades", "cash", "lots", "daily", "tax_years"):
            rows = tables[name]
            tables[name] = rows[:1] + [row for pair in zip(rows[1:], [["UMA", *row[1:]] for row in rows[1:]]) for row in pair]
        summary["arms"]["UMA"] = dict(summary["arms"]["SMA"])
        self.assertEqual(faults_of(tables, summary), [])

    # Not derivable from the folder: who gave the order and why, the benchmark's value, the risk
    # model's forecast; the first day has no return.
    FREE = {"mandate", "reason", "benchmark_value", "te_ex_ante"}

    def test_every_changed_cell_is_found(self):
        for build in (winter, three_years):
            tables, summary = build()
            for name, rows in tables.items():
                for at in range(1, len(rows)):
                    for column, title in enumerate(rows[0]):
                        if title in self.FREE or (title == "benchmark_return" and at == 1):
                            continue
                        old = rows[at][column]
                        if self.harmless(name, title, rows[at]):
                            continue
                        rows[at][column] = corrupted(old)
                        with self.subTest(build.__name__, file=name, line=at + 1, column=title, new=rows[at][column]):
                            self.assertTrue(self.found(tables, summary))
                        rows[at][column] = old

    @staticmethod
    def harmless(name, title, row):
        """Cells that carry no fact: what is said of a dividend, trade or symbol where there is none."""
        cells = dict(zip(HEADERS[name].split(","), row))
        if name == "prices":  # nothing is held at the first open: neither split nor dividend can matter
            first = cells["date"] in ("2018-12-03", "2017-01-03")
            return (title == "dividend_kind" and not cells["dividend"]) or (title == "split" and first)
        if name == "trades" and cells["side"] not in ("buy", "sell"):
            return title in ("price", "amount", "term", "replacement_lot")
        if name == "cash" and cells["kind"] in ("contribution", "tax_credit", "transfer_in", "transfer_out"):
            return title in ("sleeve", "symbol")
        return name == "trades" and cells["side"] == "buy" and title in ("term", "replacement_lot")

    @staticmethod
    def found(tables, summary):
        try:
            return bool(faults_of(tables, summary))
        except BadInput:
            return True

    def test_every_missing_or_doubled_row_is_found(self):
        for build in (winter, three_years):
            tables, summary = build()
            for name, rows in tables.items():
                for at in range(1, len(rows)):
                    for what, changed in (("missing", rows[:at] + rows[at + 1:]), ("doubled", rows[:at + 1] + rows[at:])):
                        with self.subTest(build.__name__, file=name, line=at + 1, what=what):
                            self.assertTrue(self.found({**tables, name: changed}, summary))

    def test_every_changed_summary_figure_is_found(self):
        for build in (winter, three_years):
            tables, summary = build()
            for arm in summary["arms"].values():
                for figures, key in leaves(arm):
                    old = figures[key]
                    figures[key] = old + 0.5
                    with self.subTest(build.__name__, key=key):
                        self.assertTrue(faults_of(tables, summary))
                    del figures[key]
                    if figures is not arm:
                        with self.subTest(build.__name__, missing=key):
                            self.assertTrue(faults_of(tables, summary))
                    figures[key] = old

    def test_changed_tax_inputs_are_found(self):
        tables, summary = winter()
        for key, value in (("status", "joint"), ("ordinary_taxable", 300000), ("magi", 300000), ("state_rate", 0.01),
                           ("carry_long", 9000), ("inflation", 2), ("liquidation_short", 0.3), ("charity_share", 0.2),
                           ("donee_short", 0.2), ("year", 2025)):
            with self.subTest(key):
                changed = {**summary, "tax_inputs": {**summary["tax_inputs"], key: value}}
                self.assertTrue(faults_of(tables, changed))

    def test_exit_codes_and_summary(self):
        tables, summary = winter()
        with tempfile.TemporaryDirectory() as path:
            write(path, tables, summary)
            run = lambda: subprocess.run([sys.executable, os.path.join(HERE, "audit.py"), path],
                                         capture_output=True, text=True, check=False)
            good = run()
            self.assertEqual((good.returncode, good.stderr), (0, ""))
            self.assertIn("SMA: 35 rows,", good.stdout)
            tables["cash"][1][-1] = "10001"
            write(path, tables, summary)
            bad = run()
            self.assertEqual(bad.returncode, 1)
            self.assertIn("SMA\tdaily\tline 2\tvalue: found 10999.0000, expected 11000.0000", bad.stdout)
            os.remove(os.path.join(path, "lots.csv"))
            self.assertEqual(run().returncode, 2)

    def test_missing_benchmark_return_is_said(self):
        tables, summary = winter()
        tables["daily"] = [row[:-1] for row in tables["daily"]]
        with tempfile.TemporaryDirectory() as path:
            write(path, tables, summary)
            out = io.StringIO()
            with redirect_stdout(out):
                self.assertEqual(audit.main([path]), 0)
            self.assertIn("tracking error NOT CHECKED", out.getvalue())


class NoCheck:
    def same(self, *_, **__):
        pass

    money = fault = same


def replay(*events, kinds=None):
    """Holdings after (date, account, side, symbol, quantity, amount, lot) events in order."""
    holdings = Holdings(kinds or {}, {}, {}, NoCheck())
    for line, (date, account, side, symbol, quantity, amount, lot) in enumerate(events):
        day = dt.date.fromisoformat(date)
        acquired = next((dt.date.fromisoformat(e[0]) for e in events if e[6] == lot), day)
        row = Row(date=day, account=account, sleeve="", mandate="", side=side, symbol=symbol, lot=lot,
                  quantity=scaled(quantity, 6), price=0, amount=scaled(amount, 4), cost=0, acquired=acquired,
                  holding_start=acquired, basis=0 if side == "sell" else scaled(amount, 4), gain=0, disallowed=0,
                  recognized=0, term="", replacement_lot="")
        row.line = line
        holdings.book([row])
    return holdings


def open_lots(holdings):
    return sorted((p.lot, p.quantity // 10**6, p.basis // 10**4, str(p.holding_start)) for p in holdings.open())


class WashSales(unittest.TestCase):
    def test_publication_550_two_replacements_before_and_january_sale(self):
        h = replay(("2014-09-26", "t", "buy", "S", 100, 5000, "A"), ("2014-12-19", "t", "buy", "S", 50, 2750, "B"),
                   ("2014-12-26", "t", "buy", "S", 25, 1125, "C"), ("2015-01-09", "t", "sell", "S", 100, 4000, "A"))
        self.assertEqual(open_lots(h), [("B", 50, 3250, "2014-09-05"), ("C", 25, 1375, "2014-09-12")])
        self.assertEqual(h.years[2015]["short"], -250_0000)

    def test_thirty_days_count_and_thirty_one_do_not(self):
        for bought, disallowed in (("2012-05-02", 100), ("2012-05-01", 0), ("2012-07-01", 100), ("2012-07-02", 0)):
            events = sorted([("2012-01-01", "t", "buy", "S", 10, 200, "A"), (bought, "t", "buy", "S", 10, 150, "B"),
                             ("2012-06-01", "t", "sell", "S", 10, 100, "A")])
            with self.subTest(bought):
                self.assertEqual(replay(*events).washed, disallowed * 10000)

    def test_rest_of_the_same_purchase_does_not_replace(self):
        h = replay(("2014-06-01", "t", "buy", "S", 200, 10000, "A"), ("2014-06-12", "t", "sell", "S", 100, 4000, "A"))
        self.assertEqual(h.washed, 0)

    def test_replacement_sold_before_the_loss_does_not_replace(self):
        h = replay(("2014-01-02", "t", "buy", "S", 10, 200, "A"), ("2014-06-02", "t", "buy", "S", 10, 150, "B"),
                   ("2014-06-03", "t", "sell", "S", 10, 160, "B"), ("2014-06-04", "t", "sell", "S", 10, 100, "A"))
        self.assertEqual(h.washed, 0)

    def test_each_share_replaces_once_and_the_first_loss_comes_first(self):
        h = replay(("2014-01-02", "t", "buy", "S", 10, 200, "A"), ("2014-01-05", "t", "buy", "S", 10, 300, "B"),
                   ("2014-06-02", "t", "sell", "S", 10, 100, "A"), ("2014-06-03", "t", "sell", "S", 10, 100, "B"),
                   ("2014-06-10", "t", "buy", "S", 15, 150, "C"))
        self.assertEqual(h.washed, (100 + 100) * 10000)
        self.assertEqual(open_lots(h), [("C", 5, 150, "2014-01-12"), ("C", 10, 200, "2014-01-10")])

    def test_ira_takes_the_loss_for_good(self):
        h = replay(("2007-01-02", "t", "buy", "S", 100, 1000, "A"), ("2007-12-20", "t", "sell", "S", 100, 600, "A"),
                   ("2007-12-21", "i", "buy", "S", 100, 600, "B"), kinds={"t": "taxable", "i": "ira"})
        self.assertEqual(h.washed, 400 * 10000)
        self.assertEqual(open_lots(h), [("B", 100, 600, "2007-12-21")])

    def test_a_sale_in_an_ira_is_no_sale_for_tax(self):
        h = replay(("2007-01-02", "i", "buy", "S", 100, 1000, "A"), ("2007-12-20", "i", "sell", "S", 100, 600, "A"),
                   ("2007-12-21", "t", "buy", "S", 100, 600, "B"), kinds={"t": "taxable", "i": "roth"})
        self.assertEqual((h.washed, dict(h.years)), (0, {}))


    def test_corporate_actions_move_basis_and_are_no_purchases(self):
        h = replay(("2014-01-02", "t", "buy", "S", 10, 200, "A"), ("2014-05-20", "t", "spinoff", "S", 0, -50, "A"),
                   ("2014-05-20", "t", "spinoff", "C", 5, 50, "A.C"), ("2014-06-02", "t", "return_of_capital", "S", 0, 160, "A"),
                   ("2014-06-03", "t", "merger", "C", -5, -50, "A.C"), ("2014-06-03", "t", "merger", "D", 4, 50, "A.D"),
                   ("2014-06-04", "t", "buy", "D", 4, 80, "B"), ("2014-06-10", "t", "sell", "D", 4, 40, "B"))
        self.assertEqual([(lot, quantity, basis) for lot, quantity, basis, _ in open_lots(h)], [("A", 10, 0), ("A.D", 4, 50)])
        self.assertEqual(h.years[2014]["short"], (10 - 40) * 10000)  # 160 returned on a basis of 150; no wash
        self.assertEqual(h.washed, 0)

    def test_a_split_counts_watched_dividend_shares_anew(self):
        """Of 100 shares 50 are sold early, or after a split 2:1 that many of 200: half or a quarter of the dividend is lost."""
        for ratio, lost in ((1, 50), (2, 25)):
            h = Holdings({}, {}, {(dt.date(2018, 5, 1), "S"): ratio * 10**6}, NoCheck())
            row = dict(account="t", sleeve="", mandate="", symbol="S", lot="A", price=0, amount=0, cost=0, basis=0, gain=0,
                       acquired=dt.date(2018, 4, 2), holding_start=dt.date(2018, 4, 2), disallowed=0, recognized=0,
                       term="", replacement_lot="")
            events = [("2018-04-02", "buy", 100), ("2018-05-01", "split", (ratio - 1) * 100), ("2018-05-10", "sell", 50)]
            for line, (date, side, quantity) in enumerate(events):
                event = Row(row, date=dt.date.fromisoformat(date), side=side, quantity=quantity * 10**6)
                event.line = line
                if side == "split":
                    h.watch_dividend("S", dt.date(2018, 4, 20), "t", "", 100_0000)
                h.book([event])
            self.assertEqual(h.disqualified[2018], lost * 10000)

    def test_the_last_part_of_a_sale_may_take_the_rest_but_no_more(self):
        for bases, count in (((33333, 33334, 33334), 0), ((33334, 33334, 33333), 0), ((33324, 33334, 33343), 2)):
            faults, day = [], dt.date(2018, 1, 2)
            holdings = Holdings({}, {}, {}, Check("A", faults))
            common = {"date": day, "account": "t", "sleeve": "", "mandate": "", "symbol": "S", "lot": "A", "cost": 0,
                      "price": 2 * 10**6, "acquired": day, "holding_start": day, "gain": 0, "disallowed": 0,
                      "recognized": 0, "replacement_lot": "", "term": ""}
            rows = [Row(common, side="buy", quantity=3 * 10**6, price=3333367, amount=100001, basis=100001)]
            rows += [Row(common, side="sell", quantity=10**6, amount=20000, basis=basis, gain=20000 - basis,
                         recognized=20000 - basis, term="short") for basis in bases]
            for line, row in enumerate(rows):
                row.line = line
            holdings.book(rows[:1])
            holdings.book(rows[1:])
            with self.subTest(bases):
                self.assertEqual(sum("basis" in fault for fault in faults), count)


class TaxLaw(unittest.TestCase):
    def law(self, **inputs):
        return Law({**INPUTS, "ordinary_taxable": 0, "magi": 0, **inputs}, 2026)

    def test_schedule(self):
        # 10 % of 12,400 + 12 % of 38,000 + 22 % of 49,600
        self.assertEqual(self.law().ordinary_tax(D(100000), 2026), D("1240") + D("4560") + D("10912"))

    def test_gains_stack_on_ordinary_income(self):
        # ordinary 49,000 (below 49,450): 450 at 0, the rest of 1,000 at 15 %; the schedule would ask more
        law, base = self.law(), self.law().ordinary_tax(D(49000), 2026)
        self.assertEqual(law.income_tax(D(49000), D(10000), 2026) - base, D("0.15") * 9550)
        self.assertEqual(law.income_tax(D(540000), D(10000), 2026) - law.ordinary_tax(D(540000), 2026),
                         D("0.15") * 5500 + D("0.20") * 4500)

    def test_never_more_than_the_schedule(self):
        law = self.law()  # between 49,450 and 50,400 the schedule asks 12 %, gains 15 %
        self.assertEqual(law.income_tax(D(49450), D(950), 2026), law.ordinary_tax(D(50400), 2026))

    def test_niit_is_on_the_smaller_amount(self):
        self.assertEqual(self.law().niit(D(1000), D(200500), 2026), D("19"))
        self.assertEqual(self.law(status="separate").niit(D(1000), D(200500), 2026), D("38"))
        self.assertEqual(self.law().niit(D(-5), D(300000), 2026), 0)

    def test_inflation_moves_brackets_but_not_thresholds(self):
        law = self.law(inflation=D("0.1"))
        self.assertEqual(law.ordinary_tax(D(15004), 2028), D("1500.4"))  # 12,400 x 1.21
        self.assertEqual(law.niit(D(1000), D(200500), 2026), D("19"))

    def test_netting(self):
        def net(short, long, carry=Carry(), limit=3000, income=10**6):
            n = net_capital(D(short), D(long), carry, D(limit), D(income))
            return tuple(map(int, (n.short_gain, n.preferential, n.offset, n.carry.short, n.carry.long)))

        self.assertEqual(net(100, 200), (100, 200, 0, 0, 0))
        self.assertEqual(net(500, -200), (300, 0, 0, 0, 0))
        self.assertEqual(net(-200, 500), (0, 300, 0, 0, 0))
        self.assertEqual(net(-2000, -4000), (0, 0, 3000, 0, 3000))
        self.assertEqual(net(-5000, -4000, limit=1500), (0, 0, 1500, 3500, 4000))
        self.assertEqual(net(-9000, 1000), (0, 0, 3000, 5000, 0))
        self.assertEqual(net(1000, -9000), (0, 0, 3000, 0, 5000))
        self.assertEqual(net(1000, 1000, Carry(D(500), D(4000))), (0, 0, 2500, 0, 0))
        self.assertEqual(net(-5000, 0, income=1000), (0, 0, 1000, 4000, 0))

    def test_without_keeps_its_own_carryforward(self):
        law = self.law(ordinary_taxable=100000, magi=100000, carry_short=4000)
        # 4,000 carried in: without the portfolio 3,000 count now, 1,000 next year; a short gain of
        # 4,000 uses all of it: 3,000 more of income now
        tax, netting = law.portfolio_tax(Flows(short=D(4000)), law.opening, 2026)
        self.assertEqual((tax, netting.carry), (D("660.0000"), Carry()))
        self.assertEqual(law.portfolio_tax(Flows(), Carry(), 2027)[0], D("220.0000"))

    def test_liquidation(self):
        law = self.law(liquidation_short=D("0.4"), liquidation_long=D("0.2"))
        for short, long, carry, tax in ((100, 100, Carry(), 60), (100, -40, Carry(), 24), (-40, 100, Carry(), 12),
                                        (100, 100, Carry(D(150), D(0)), 10), (100, 100, Carry(D(0), D(150)), 20),
                                        (-10, 5, Carry(), 0)):
            self.assertEqual(law.liquidation_tax(D(short), D(long), carry), tax)

    def test_charity(self):
        def gifts(appreciated=0, other=0, cash=0):
            return {"appreciated": D(appreciated), "other": D(other), "cash": D(cash)}

        def total(year, base, **given):
            return tuple(sum(part.values()) for part in deduct(year, D(base), gifts(**given)))

        self.assertEqual(total(2026, 10**6, appreciated=300000), (295000, 0, 5000))
        self.assertEqual(total(2025, 10**6, appreciated=300000), (300000, 0, 0))
        self.assertEqual(total(2026, 600000, appreciated=200000), (177000, 23000, 0))
        self.assertEqual(total(2025, 50000, appreciated=28000, cash=2000), (17000, 13000, 0))
        self.assertEqual(total(2025, 100000, appreciated=10000, other=10000, cash=70000), (60000, 30000, 0))
        self.assertEqual(total(2026, -5, cash=100), (0, 100, 0))

    def test_gifts_are_picked_in_order(self):
        shares = lambda n, basis, term: Lot(n * 10**6, 10**9, basis * 10**4, term)  # at 1,000 a share
        lots = [shares(10, 9000, "short"), shares(10, 15000, "long"), shares(10, 6000, "long"), shares(10, 2000, "long")]
        picked = [(lot.value // 10**4, lot.basis // 10**4, kind) for lot, kind in pick(lots, 32500 * 10**4)]
        self.assertEqual(picked, [(10000, 2000, "appreciated"), (10000, 6000, "appreciated"), (10000, 15000, "cash"),
                                  (2500, 2250, "other")])

    def test_section_68_makes_37_cents_35(self):
        law = self.law(ordinary_taxable=10**6, magi=10**6)
        # 100 shares at 1,000, half of them given: 50,000 less the floor of 5,000, all in the top bracket
        law.given["charity_share"] = D("0.5")
        figures = endings(law, [Lot(100 * 10**6, 10**9, 10**8, "long")], 2026, Flows(), Carry(), Carry(), 10**9, 0, 0)
        self.assertEqual(figures["charity.tax_saved_by_deduction"], 15750 * 10**4)

    def test_holding_period(self):
        day = dt.date
        self.assertEqual(term(day(2018, 3, 5), day(2019, 3, 5)), "short")
        self.assertEqual(term(day(2018, 3, 5), day(2019, 3, 6)), "long")
        self.assertEqual(term(day(2016, 2, 29), day(2017, 2, 28)), "short")
        self.assertEqual(term(day(2016, 2, 29), day(2017, 3, 1)), "long")
        # Bought on the last of February: the period starts on 1 March, whatever the next February has.
        self.assertEqual(term(day(2023, 2, 28), day(2024, 2, 29)), "short")
        self.assertEqual(term(day(2023, 2, 28), day(2024, 3, 1)), "long")
        self.assertEqual(tacked_start(day(2013, 6, 15), day(2013, 1, 1), day(2013, 6, 1)), day(2013, 1, 15))

    def test_rounding_is_half_even(self):
        self.assertEqual([half_even(n, 2) for n in (1, 3, 5, -1, -3)], [0, 2, 2, 0, -2])
        self.assertEqual(times_price(scaled("0.5", 6), scaled("0.0001", 6)), 0)
        self.assertEqual(times_price(scaled("1.5", 6), scaled("0.0001", 6)), 2)


if __name__ == "__main__":
    unittest.main()
