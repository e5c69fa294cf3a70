"""Fixed-point numbers and the result folder's tables, as formats.md states them.

Money is an integer count of 0.0001, quantity and price are integer counts of 0.000001. No float
touches an amount; floats appear only in the tracking-error statistic.
"""
import csv
import datetime as dt
import functools
import gzip
import os
from decimal import Decimal, InvalidOperation

MONEY, SHARE = 4, 6  # decimals
MONEY_UNIT, SHARE_UNIT = 10**MONEY, 10**SHARE


class BadInput(Exception):
    """A file or value that can't be read at all; the audit can't be done."""


class Row(dict):
    """One line of a table; `line` is its number in the file (the header is line 1)."""

    __slots__ = ("line",)


def half_even(numerator, denominator):
    """The integer nearest numerator/denominator, ties to even (denominator > 0)."""
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return quotient + (twice > denominator or (twice == denominator and quotient & 1))


def times_price(quantity, price):
    """Money for quantity x price, rounded half-even to 4 decimals."""
    return half_even(quantity * price, 10 ** (2 * SHARE - MONEY))


def scaled(value, places):
    """Exact integer count of 10^-places in a text or number; empty is 0."""
    if value is None or value == "":
        return 0
    try:
        number = Decimal(value).scaleb(places)
        whole = int(number)
    except (InvalidOperation, ValueError, OverflowError) as fault:
        raise BadInput(f"{value!r} is not a number") from fault
    if whole != number:
        return half_even(int(number.scaleb(8)), 10**8)
    return whole


def number(text):
    """A float, or None for an empty cell."""
    if not text:
        return None
    try:
        return float(text)
    except ValueError as fault:
        raise BadInput(f"{text!r} is not a number") from fault


def shown(value, places):
    """The integer count as a decimal text."""
    return f"{Decimal(value).scaleb(-places):.{places}f}"


@functools.lru_cache(maxsize=None)
def day(text):
    """An ISO date, or None for an empty cell."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as fault:
        raise BadInput(f"{text!r} is not an ISO date") from fault


COLUMNS = {
    "prices": "date,symbol,close,dividend,dividend_kind,split",
    "trades": "arm,date,account,sleeve,mandate,symbol,side,quantity,price,amount,cost,lot,acquired,"
    "holding_start,basis,gain,disallowed,recognized,term,replacement_lot,reason",
    "cash": "arm,date,account,sleeve,kind,symbol,amount",  # and mandate, in folders that have pockets by mandate
    "lots": "arm,account,sleeve,symbol,lot,quantity,acquired,holding_start,basis,price",
    "daily": "arm,date,value,cash,accrued_tax,benchmark_value,te_ex_ante",
    "tax_years": "arm,year,net_short,net_long,dividends_qualified,dividends_ordinary,interest,"
    "ordinary_offset,carry_short,carry_long,tax,paid_on",
}
# Tables that earlier versions did not write.
OPTIONAL = {
    "sleeves": "arm,from,sleeve,asset_class,weight,index",
    "indices": "date,index,return",
    "index_weights": "index,symbol,weight",
    "rebalancings": "arm,date",
    "tickets": "arm,date,mandate,kind,amount",
    "transfers": "arm,date,account,from,to,amount",
    "solves": "arm,date,mandate,objective,lower_bound",
    "expenses": "symbol,expense_ratio",
    "class_weights": "arm,date,asset_class,weight,return",
}
COLUMNS.update(OPTIONAL)
TYPES = {
    **dict.fromkeys(("quantity", "price", "close", "dividend", "split"), SHARE),
    **dict.fromkeys(
        ("amount", "cost", "basis", "gain", "disallowed", "recognized", "value", "cash", "accrued_tax", "owed",
         "net_short", "net_long", "dividends_qualified", "dividends_ordinary", "interest",
         "ordinary_offset", "carry_short", "carry_long", "tax", "distributions", "flow", "tax_paid",
         "fees", "costs", "expenses"), MONEY),
    **dict.fromkeys(("return", "objective", "lower_bound", "weight", "benchmark_value", "benchmark_return",
                     "te_ex_ante", "pre_tax_return", "expense_ratio"), "float"),
    **dict.fromkeys(("date", "acquired", "holding_start", "paid_on"), "day"),
}


def read_table(folder, name):
    """All rows of NAME.csv (or .csv.gz), numbers scaled, dates parsed; other cells stay text."""
    path = os.path.join(folder, name + ".csv")
    opener = open
    if not os.path.exists(path):
        path, opener = path + ".gz", gzip.open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            return _rows(csv.reader(file), name)
    except OSError as fault:
        raise BadInput(f"{name}.csv: can't be read ({fault.strerror})") from fault


def _rows(reader, name):
    header = [cell.strip().lower() for cell in next(reader, [])]
    missing = [column for column in COLUMNS[name].split(",") if column not in header]
    if missing:
        raise BadInput(f"{name}.csv line 1: columns missing: {', '.join(missing)}")
    kinds = [TYPES.get(column) for column in header]
    rows = []
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(header):
            raise BadInput(f"{name}.csv line {reader.line_num}: {len(cells)} cells, expected {len(header)}")
        row = Row()
        row.line = reader.line_num
        for column, kind, cell in zip(header, kinds, cells):
            try:
                row[column] = (cell if kind is None else day(cell) if kind == "day"
                               else number(cell) if kind == "float" else scaled(cell, kind))
            except BadInput as fault:
                raise BadInput(f"{name}.csv line {row.line}, {column}: {fault}") from fault
        rows.append(row)
    return rows
