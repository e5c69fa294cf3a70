"""Lots of one household replayed from trades.csv: basis, gain, holding period and wash sales.

Nothing derived is taken from the file: from a sale's row come only the facts (what was sold, from
which lot, for what). Basis, gain, term and disallowed loss are worked out here and compared. Where
a figure agrees within the rounding the format allows, the recorded one is carried on, so that a
difference of 0.0001 is never counted twice.
"""
import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from fixed import SHARE_UNIT, half_even, times_price
from law import tacked_start, term

WINDOW = dt.timedelta(days=30)  # 1091(a): 30 days before the sale to 30 days after it


@dataclass(eq=False)
class Piece:
    """Shares of one lot that share a basis per share and a holding period."""

    account: str
    sleeve: str
    symbol: str
    lot: str
    quantity: int
    basis: int
    acquired: dt.date
    holding_start: dt.date
    order: int
    used: bool = False  # can't replace: has replaced already, or was not bought (1091(a))
    slack: int = 0  # times its basis was rounded in an order the file doesn't show
    pocket: str = ""  # whose cash pays for it: the mandate, or the sleeve where cash.csv names no mandate

    def share_of_basis(self, quantity):
        return half_even(self.basis * quantity, self.quantity)

    def split_off(self, quantity):
        """A part of this piece with its share of the basis; the rest stays."""
        part = Piece(self.account, self.sleeve, self.symbol, self.lot, quantity, self.share_of_basis(quantity),
                     self.acquired, self.holding_start, self.order, self.used, self.slack, self.pocket)
        self.quantity -= quantity
        self.basis -= part.basis
        return part


@dataclass(eq=False)
class Parcel:
    """What one sale takes from one piece: the unit to which 1091 is applied."""

    rows: list
    date: dt.date
    lot: str
    group: str
    holding_start: dt.date
    term: str
    quantity: int = 0
    gain: int = 0
    unmatched: int = 0  # shares sold at a loss and not replaced yet, as counted on the day of the sale
    today: int = 0  # the same shares after the splits since then: what a purchase replaces
    replaced: Counter = field(default_factory=Counter)  # replacement lot -> shares
    matched_rows: set = field(default_factory=set)

    def disallowed_for(self, lot, quantity):
        """Loss on `quantity` of the shares sold; the row that shows it settles the last 0.0001."""
        exact = half_even(-self.gain * quantity, self.quantity)
        for row in self.rows:
            if row.line not in self.matched_rows and row["replacement_lot"] == lot and row["quantity"] == quantity:
                self.matched_rows.add(row.line)
                if abs(row["disallowed"] - exact) <= len(self.rows) + 1:
                    return row["disallowed"]
                break
        return exact


class Holdings:
    """All accounts of one arm. `years[year][term]` is what is recognised in taxable accounts so far."""

    def __init__(self, kinds, groups, splits, check, pocket="sleeve"):
        self.pocket = pocket
        self.kinds, self.groups, self.splits, self.check = kinds, groups, splits, check
        self.pieces = defaultdict(list)  # identical group -> pieces in order of purchase
        self.pending = defaultdict(list)  # identical group -> losses that a purchase may still wash
        self.transit = []
        self.parcels = []
        self.years = defaultdict(Counter)
        self.washed = 0
        self.count = 0
        self.split_seen = set()
        self.split_parts = {}  # (day, symbol, account) of a split -> shares of each piece after it
        self.wash_sale_rule = True
        self.is_exempt = lambda symbol: False  # what is no stock or security, 1091(a)
        self.paid_out = set()  # symbols of the day whose shares are paid out at once
        self.watched = defaultdict(list)  # symbol -> qualified dividends that an early sale may still change
        self.disqualified = Counter()  # year of the dividend -> dollars that turned ordinary

    def group(self, symbol):
        return self.groups.get(symbol, symbol)

    def taxable(self, account):
        return self.kinds.get(account, "taxable") == "taxable"

    def open(self):
        return [piece for pieces in self.pieces.values() for piece in pieces if piece.quantity]

    # --- finding what a row speaks of

    def find(self, row, quantity):
        """The open piece a row names; reports the first thing about it that doesn't fit."""
        lots = [piece for piece in self.pieces[self.group(row["symbol"])]
                if piece.symbol == row["symbol"] and piece.lot == row["lot"] and piece.quantity > 0]
        fits = lots
        for name in ("account", "sleeve", "holding_start", "acquired"):
            fits = [piece for piece in lots if getattr(piece, name) == row[name]]
            if not fits:
                break
            lots = fits
        enough = [piece for piece in lots if piece.quantity >= quantity] or lots
        if not enough:
            self.check.fault("trades", row.line, f"lot {row['lot']} of {row['symbol']}", "named", "an open lot")
            return None
        if not fits:
            self.check.fault("trades", row.line, f"{name} of lot {row['lot']}", row[name], getattr(enough[0], name))
        per_share = Fraction(abs(row["basis"]), quantity or 1)
        exact = [piece for piece in enough if piece.quantity == quantity and piece.basis == abs(row["basis"])]
        best = min(exact or enough, key=lambda piece: abs(Fraction(piece.basis, piece.quantity) - per_share)) \
            if len(enough) > 1 else enough[0]
        self.borrow(best, quantity)
        if best.quantity < quantity:
            self.check.money("trades", row.line, f"quantity left in lot {row['lot']}", quantity, best.quantity, places=6)
        return best

    def borrow(self, piece, quantity):
        """Shares that `piece` lacks, from pieces that rows can't tell from it.

        Rows name a lot and its holding period. Where several pieces are alike in both and in basis per share (a part
        that replaced a loss in an IRA and the rest), an earlier sale may have been counted against the wrong one.
        """
        def key(other):
            return other.symbol, other.lot, other.account, other.holding_start
        for other in self.pieces[self.group(piece.symbol)]:
            missing = quantity - piece.quantity
            if missing <= 0:
                return
            if other is not piece and key(other) == key(piece) and other.quantity:
                part = other.split_off(min(missing, other.quantity))
                piece.quantity += part.quantity
                piece.basis += part.basis
                for one in (piece, other):
                    one.slack += 1

    def take(self, row, quantity, rounding):
        """Removes shares from the piece a row names; returns the part with its settled basis."""
        piece = self.find(row, quantity)
        if piece is None:
            return None, None
        quantity = min(quantity, piece.quantity)
        part = piece.split_off(quantity)
        allowed = rounding + piece.slack
        self.check.money("trades", row.line, "basis", abs(row["basis"]), part.basis, allowed)
        if part.basis != abs(row["basis"]) and abs(part.basis - abs(row["basis"])) <= allowed:
            piece.basis += part.basis - abs(row["basis"])
            part.basis = abs(row["basis"])
        return piece, part

    def sweep(self, symbol):
        group = self.group(symbol)
        self.pieces[group] = [piece for piece in self.pieces[group] if piece.quantity]

    # --- purchases

    def buy(self, row):
        """1012: basis is cost, the trading cost included."""
        check = self.check
        check.money("trades", row.line, "amount", row["amount"], times_price(row["quantity"], row["price"]))
        check.money("trades", row.line, "basis", row["basis"], row["amount"] + row["cost"])
        check.same("trades", row.line, "acquired", row["acquired"], row["date"])
        check.same("trades", row.line, "holding_start", row["holding_start"] or row["date"], row["date"])
        piece = self.add(row, row["date"], row["date"])
        self.replace_earlier_losses(piece)

    def add(self, row, acquired, holding_start, used=False):
        self.count += 1
        piece = Piece(row["account"], row["sleeve"], row["symbol"], row["lot"], abs(row["quantity"]), row["basis"],
                      acquired, holding_start, self.count, used, pocket=row[self.pocket])
        self.pieces[self.group(row["symbol"])].append(piece)
        return piece

    # --- sales

    def sell(self, rows):
        """One sale: the consecutive rows of one order."""
        by_piece, parts = {}, Counter((row["lot"], row["holding_start"]) for row in rows)
        for row in rows:
            shown_in = parts[row["lot"], row["holding_start"]]
            piece, part = self.take(row, abs(row["quantity"]), 0 if shown_in == 1 else shown_in)
            if piece is None:
                continue
            if piece not in by_piece:
                by_piece[piece] = Parcel([], row["date"], row["lot"], self.group(row["symbol"]), piece.holding_start,
                                         term(piece.holding_start, row["date"]))
            self.price_row(row, part, by_piece[piece])
        self.sweep(rows[0]["symbol"])
        for piece, parcel in by_piece.items():
            self.check_held_long_enough(piece, parcel.quantity, parcel.date)
            self.check_amounts(parcel, parts)
            self.parcels.append(parcel)
        # Reg. 1.1091-1(b): the parts of one order count as sold in order of acquisition
        in_turn = sorted(by_piece.items(), key=lambda item: (item[0].acquired, item[0].order, item[1].holding_start))
        for _, parcel in in_turn:
            if not self.taxable(parcel.rows[0]["account"]):
                continue  # 408(e)(1), 408A(a): no gain or loss in an IRA or Roth
            self.years[parcel.date.year][parcel.term] += parcel.gain
            if parcel.gain < 0 and self.wash_sale_rule and not self.is_exempt(parcel.rows[0]["symbol"]):
                parcel.unmatched = parcel.today = parcel.quantity
                self.replace_from_earlier_purchases(parcel)
                if parcel.today:
                    self.pending[parcel.group].append(parcel)

    def price_row(self, row, part, parcel):
        """1001(a): gain = amount realised less adjusted basis."""
        self.check.same("trades", row.line, "term", row["term"], parcel.term)
        gain = row["amount"] - row["cost"] - part.basis
        self.check.money("trades", row.line, "gain", row["gain"], gain)
        parcel.rows.append(row)
        parcel.quantity += part.quantity
        parcel.gain += gain

    def check_amounts(self, parcel, parts):
        """amount = quantity x price; of a sale shown in parts, the last part takes the rest.

        `parts` counts the rows of the order by lot and holding period: rows don't tell pieces apart that are alike in both.
        """
        for row in parcel.rows:
            exact, shown_in = times_price(abs(row["quantity"]), row["price"]), parts[row["lot"], row["holding_start"]]
            self.check.money("trades", row.line, "amount", row["amount"], exact, 0 if shown_in == 1 else shown_in)

    # --- qualified dividends, section 246(c)(3)

    def watch_dividend(self, symbol, ex, account, pocket, amount):
        shares = sum(piece.quantity for piece in self.pieces[self.group(symbol)]
                     if (piece.symbol, piece.account, piece.pocket) == (symbol, account, pocket))
        if shares:
            self.watched[symbol].append([ex, account, pocket, amount, shares, amount])

    def check_held_long_enough(self, piece, quantity, sold):
        """More than 60 of the 121 days around the ex-date, the day of sale counted, that of purchase not."""
        for watch in self.watched[piece.symbol]:
            ex, account, pocket, amount, shares, left = watch
            if (account, pocket) != (piece.account, piece.pocket) or piece.acquired >= ex:
                continue
            first, last = ex - dt.timedelta(days=60), ex + dt.timedelta(days=60)
            held = (min(sold, last) - max(piece.acquired, first - dt.timedelta(days=1))).days
            if held <= 60:
                lost = min(left, half_even(amount * min(quantity, shares), shares))
                watch[5] -= lost
                self.disqualified[ex.year] += lost

    # --- wash sales, section 1091

    def replace_from_earlier_purchases(self, parcel):
        """Shares bought in the 30 days before the sale (or that day) and held right after it."""
        recent = [piece for piece in self.pieces[parcel.group] if parcel.date - WINDOW <= piece.acquired]
        symbol = parcel.rows[0]["symbol"]
        if symbol in self.paid_out:  # a company that pays out all its shares leaves none to replace others
            recent = [piece for piece in recent if piece.symbol != symbol]
        for piece in sorted(recent, key=lambda piece: (piece.acquired, piece.order)):
            if parcel.today:
                self.wash(parcel, piece)

    def replace_earlier_losses(self, piece):
        """A purchase in the 30 days after a sale: the earliest unmatched loss comes first."""
        group = self.group(piece.symbol)
        waiting = [parcel for parcel in self.pending[group] if parcel.today]
        self.pending[group] = waiting = [parcel for parcel in waiting if piece.acquired - parcel.date <= WINDOW]
        for parcel in waiting:
            if abs(piece.acquired - parcel.date) <= WINDOW and piece.quantity and not piece.used:
                piece = self.wash(parcel, piece)

    def wash(self, parcel, piece):
        """Disallows the loss on as many shares as `piece` can replace; returns what it has left.

        1091(a) disallows, 1091(d) adds the loss to the replacement's basis, 1223(3) tacks its holding
        period. Each share replaces once (Reg. 1.1091-1(e)); shares of the purchase that was sold
        are no replacement (Rev. Rul. 56-602). In an IRA or Roth the loss is gone: no basis, no
        tacking (Rev. Rul. 2008-5).

        After a split a replaced share is a part of a share sold: of the shares still unmatched, as counted on the day
        of the sale, the same fraction is washed as of today's, rounded half-even; the remainder stays unmatched.
        """
        if piece.used or piece.lot == parcel.lot or not piece.quantity:
            return piece
        bought = min(piece.quantity, parcel.today)
        if not bought:
            return piece
        sold = half_even(parcel.unmatched * bought, parcel.today)
        rest = piece
        if bought < piece.quantity:
            new = piece.split_off(bought)
            piece.slack += 1
            new.slack += 1
            self.pieces[parcel.group].append(new)
            piece = new
        disallowed = parcel.disallowed_for(piece.lot, sold)
        piece.used = True
        if self.taxable(piece.account):
            piece.basis += disallowed
            piece.holding_start = tacked_start(piece.acquired, parcel.holding_start, parcel.date)
            piece.slack += len(parcel.rows) > 1
        parcel.unmatched -= sold
        parcel.today -= bought
        parcel.replaced[piece.lot] += sold
        self.years[parcel.date.year][parcel.term] += disallowed
        self.washed += disallowed
        return rest

    def check_washes(self):
        """After the last day: what each sale's rows say against what 1091 gives."""
        for parcel in self.parcels:
            found = Counter()
            for row in parcel.rows:
                found[row["replacement_lot"]] += abs(row["quantity"])
                washed = max(0, -row["gain"]) if row["replacement_lot"] else 0
                self.check.money("trades", row.line, "disallowed", row["disallowed"], washed)
                self.check.money("trades", row.line, "recognized", row["recognized"], row["gain"] + row["disallowed"])
            line = parcel.rows[0].line
            for lot in sorted((set(found) | set(parcel.replaced)) - {""}):
                key = f"shares of {parcel.lot} replaced by {lot}"
                self.check.money("trades", line, key, found[lot], parcel.replaced[lot], places=6)

    # --- everything that is neither bought nor sold

    def split(self, row):
        """1036, 307: the basis stays, the shares change."""
        symbol, ratio = row["symbol"], self.splits.get((row["date"], row["symbol"]), SHARE_UNIT)
        piece = self.find(row, 0)
        if piece is None:
            return
        key = row["date"], symbol, piece.account
        if key not in self.split_parts:
            self.split_parts[key] = self.after_split(symbol, piece.account, ratio)
        added = self.split_parts[key].get(piece, piece.quantity) - piece.quantity
        self.check.money("trades", row.line, "shares added by the split", row["quantity"], added, places=6)
        self.check.money("trades", row.line, "basis added by the split", row["basis"], 0)
        piece.quantity += added
        self.split_seen.add((row["date"], piece))
        if (row["date"], symbol) not in self.split_seen:
            self.split_seen.add((row["date"], symbol))
            for watch in self.watched[symbol]:  # an early sale after the split counts its shares
                watch[4] = max(1, half_even(watch[4] * ratio, SHARE_UNIT))

    def restate_losses(self, date, symbol):
        """Losses that wait for a replacement are counted in shares after a split, whether or not any are held."""
        for parcel in self.pending[self.group(symbol)]:
            if parcel.today and parcel.rows[0]["symbol"] == symbol:
                parcel.today = max(1, half_even(parcel.today * self.splits[date, symbol], SHARE_UNIT))

    def after_split(self, symbol, account, ratio):
        """Shares of each piece: the account's total times the ratio, rounded once; the largest part takes the rest."""
        pieces = [piece for piece in self.pieces[self.group(symbol)]
                  if (piece.symbol, piece.account) == (symbol, account) and piece.quantity]
        parts = {piece: max(1, half_even(piece.quantity * ratio, SHARE_UNIT)) for piece in pieces}
        rest = half_even(sum(piece.quantity for piece in pieces) * ratio, SHARE_UNIT) - sum(parts.values())
        for piece in sorted(pieces, key=lambda piece: (-parts[piece], piece.acquired)):
            step = max(rest, 1 - parts[piece]) if rest < 0 else rest
            parts[piece] += step
            rest -= step
        return parts

    def check_split_done(self, date, symbol):
        """Every piece held before a split must have a split row."""
        for piece in self.pieces[self.group(symbol)]:
            if piece.symbol == symbol and piece.acquired < date and (date, piece) not in self.split_seen:
                self.check.fault("trades", f"{date} {symbol}", f"split of lot {piece.lot}", "no row", "a split row")

    def move_out(self, row):
        """transfer_out, gift_out, shares given up in a merger: no sale."""
        _, part = self.take(row, abs(row["quantity"]), 0)
        self.sweep(row["symbol"])
        if part and row["side"] != "merger":
            self.check_held_long_enough(part, part.quantity, row["date"])
        if part and row["side"] == "transfer_out":
            self.transit.append(part)

    def move_in(self, row):
        """transfer_in: a part on its way from another sleeve, or a holding brought in (1223(2))."""
        for part in self.transit:
            if (part.symbol, part.lot, part.quantity, part.holding_start) == (
                    row["symbol"], row["lot"], row["quantity"], row["holding_start"]):
                self.transit.remove(part)
                self.check.money("trades", row.line, "basis", row["basis"], part.basis)
                self.check.same("trades", row.line, "acquired", row["acquired"], part.acquired)
                part.account, part.sleeve, part.pocket = row["account"], row["sleeve"], row[self.pocket]
                self.pieces[self.group(part.symbol)].append(part)
                return
        acquired = row["acquired"] or row["date"]
        self.replace_earlier_losses(self.add(row, acquired, row["holding_start"] or acquired))

    def reorganise(self, row):
        """spinoff (355, 358), merger (354, 358): basis and shares move, nothing is bought."""
        if row["quantity"] < 0:
            self.move_out(row)
        elif row["quantity"] > 0:
            acquired = row["acquired"] or row["date"]
            self.add(row, acquired, row["holding_start"] or acquired, used=True)
        else:
            piece = self.find(row, 0)
            if piece:
                piece.basis += row["basis"]

    def return_of_capital(self, row):
        """301(c)(2), (3): the basis falls, what exceeds it is gain."""
        piece = self.find(row, 0)
        if piece is None:
            return
        down = min(row["amount"], piece.basis)
        self.check.money("trades", row.line, "basis taken", row["basis"], -down)
        self.check.money("trades", row.line, "gain", row["gain"], row["amount"] - down)
        piece.basis -= down
        if self.taxable(row["account"]):
            self.years[row["date"].year][term(piece.holding_start, row["date"])] += row["amount"] - down

    def book(self, rows):
        """Books consecutive rows of one order."""
        side = rows[0]["side"]
        if side == "sell" or (side == "merger" and rows[0]["term"]):  # cash merger: a sale
            self.sell(rows)
            return
        action = {"buy": self.buy, "split": self.split, "transfer_in": self.move_in, "transfer_out": self.move_out,
                  "gift_out": self.move_out, "spinoff": self.reorganise, "merger": self.reorganise,
                  "return_of_capital": self.return_of_capital}.get(side)
        for row in rows:
            if action is None:
                self.check.fault("trades", row.line, "side", side, "a side of formats.md")
                continue
            action(row)
            for column in ("gain", "disallowed", "recognized"):
                if side != "return_of_capital":  # nothing is recognised without a disposal, 1001
                    self.check.money("trades", row.line, f"{column} of a {side}", row[column], 0)
