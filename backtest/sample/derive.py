#!/usr/bin/env python3
"""Derive sample.bin, the embedded sample of market history, from published packages.

Run in a throwaway environment (Python 3.11; only data files are read, nothing of the packages is imported):

    python3 -m venv ../../out/sample-venv && ../../out/sample-venv/bin/pip install --no-deps skfolio==1.12.2 zipline-reloaded==3.2.1 && ../../out/sample-venv/bin/python derive.py --check

    derive.py                write sample.bin
    derive.py --check        derive in memory; exit 1 unless sample.bin is the same, byte for byte,
                             and MANIFEST.md states its sha256
    derive.py --figures      also print the tables that MANIFEST.md quotes
    derive.py --compare DIR  also report which inputs DIR holds with the same content, and, if DIR has
                             etf_daily.csv.gz (date,etf,close,adj_close,...), the funds beside SPY, IEF and TLT

Format of sample.bin, little endian. `varint` is unsigned LEB128, `zigzag` is a varint of the signed n mapped to
2n for n >= 0 and -2n - 1 for n < 0, `text` is a u8 length and that many bytes of UTF-8.

    magic        the 6 bytes "USLV1\\n"
    sessions     u32, S
    securities   u32, N
    dates        S varints: the first is days since 1970-01-01, the others days since the session before
    N times
      symbol, name, sector, asset_class, kind    5 texts; kind is "stock" or "fund"; a fund's sector is empty
      decimals   u8: closes are integers of 10^-decimals dollars
      closes     S zigzags: the first is the value itself, the others the change since the session before
      count      u32, D
      D times
        session  varint: the first is the session's index (from 0), the others the change since the one before
        amount   varint: dollars per share in 10^-6
        kind     u8: 0 qualified dividend, 1 ordinary dividend, 2 interest

A distribution's session is its ex-date: it belongs to whoever held at the session before, and the close of its
session is without it. Total return of a session = (close + distribution) / previous close - 1.
"""

import argparse
import csv
import datetime
import decimal
import gzip
import hashlib
import importlib.metadata
import io
import pathlib
import struct
import sys
from decimal import Decimal
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
FIRST, LAST = "1998-01-02", "2016-12-30"
RUN_START = "2000-01-03"

# package, version, file in it, sha256 of its (decompressed) content
INPUTS = {
    "stocks": ("skfolio", "1.12.2", "skfolio/datasets/data/sp500_dataset.csv.gz",
               "5f769c6d7be57f62a4dfd1f553995855462a17c92b21a4af4245439c6115617f"),
    "index": ("skfolio", "1.12.2", "skfolio/datasets/data/sp500_index.csv.gz",
              "365ea69a33af9f25cfbe31220dcc486ba971dd551d7de8e7ee9644561661efb7"),
    "treasury": ("zipline-reloaded", "3.2.1", "zipline/resources/market_data/treasury_curves.csv",
                 "3e8e514f057011ae523e82071fcde62dfba70d37bc03c43b6c113c9eceaea4cf"),
}

# Names and GICS sectors as of the sample's end.
STOCKS = {
    "AAPL": ("Apple", "Information Technology"),
    "AMD": ("Advanced Micro Devices", "Information Technology"),
    "BAC": ("Bank of America", "Financials"),
    "BBY": ("Best Buy", "Consumer Discretionary"),
    "CVX": ("Chevron", "Energy"),
    "GE": ("General Electric", "Industrials"),
    "HD": ("Home Depot", "Consumer Discretionary"),
    "JNJ": ("Johnson & Johnson", "Health Care"),
    "JPM": ("JPMorgan Chase", "Financials"),
    "KO": ("Coca-Cola", "Consumer Staples"),
    "LLY": ("Eli Lilly", "Health Care"),
    "MRK": ("Merck", "Health Care"),
    "MSFT": ("Microsoft", "Information Technology"),
    "PEP": ("PepsiCo", "Consumer Staples"),
    "PFE": ("Pfizer", "Health Care"),
    "PG": ("Procter & Gamble", "Consumer Staples"),
    "RRC": ("Range Resources", "Energy"),
    "UNH": ("UnitedHealth Group", "Health Care"),
    "WMT": ("Walmart", "Consumer Staples"),
    "XOM": ("Exxon Mobil", "Energy"),
}
QUALIFIED, ORDINARY, INTEREST = 0, 1, 2

# Every step of the Treasury fund is computed to 40 digits and rounded half-even once, on output.
decimal.setcontext(decimal.Context(prec=40, rounding=decimal.ROUND_HALF_EVEN))


class Security:
    """One security of the sample; closes and distribution amounts are integers."""

    def __init__(self, symbol, name, sector, asset_class, kind, decimals, closes, distributions=()):
        self.symbol, self.name, self.sector = symbol, name, sector
        self.asset_class, self.kind = asset_class, kind
        self.decimals, self.closes = decimals, list(closes)
        self.distributions = list(distributions)  # (session index, amount in 10^-6, kind)

    def __eq__(self, other):
        return vars(self) == vars(other)


# ---- inputs


def read_inputs():
    """The content of every input file, checked against its pinned sha256."""
    contents = {}
    for key, (package, version, path, digest) in INPUTS.items():
        distribution = importlib.metadata.distribution(package)
        if distribution.version != version:
            sys.exit(f"{package} {version} is needed, {distribution.version} is installed")
        data = pathlib.Path(distribution.locate_file(path)).read_bytes()
        if path.endswith(".gz"):
            data = gzip.decompress(data)
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            sys.exit(f"{path}: sha256 {found}, expected {digest}")
        contents[key] = data
    return contents


def rows(data):
    return csv.DictReader(io.StringIO(data.decode("utf-8")))


def scaled(text, decimals):
    """The decimal number as an integer of 10^-decimals; refuses to round."""
    value = Decimal(text).scaleb(decimals)
    if value != value.to_integral_value():
        raise ValueError(f"{text} has more than {decimals} decimals")
    return int(value)


def half_even(value, decimals):
    """An exact Fraction or a Decimal as an integer of 10^-decimals, rounded half-even."""
    if isinstance(value, Fraction):
        return round(value * 10**decimals)
    return int(value.scaleb(decimals).to_integral_value())


# ---- securities


def stocks(table):
    for symbol, (name, sector) in STOCKS.items():
        closes = [scaled(row[symbol], 3) for row in table]
        if min(closes) <= 0:
            raise ValueError(f"{symbol} has a price that is not positive")
        yield Security(symbol, name, sector, "us_equity", "stock", 3, closes)


def equal_start_fund(members, sessions):
    """Buy and hold, equal dollars at RUN_START; the same share counts before it. Exact, rounded once."""
    start = sessions.index(RUN_START)
    closes = [
        half_even(sum(Fraction(100 * m.closes[t], m.closes[start] * len(members)) for m in members), 6)
        for t in range(len(sessions))
    ]
    return Security("IDX20", "Twenty Large Caps Fund", "", "us_equity", "fund", 6, closes)


def index_fund(levels, dividends, sessions):
    """A tenth of the index; a quarter of the year's dividends on the last session of March, June, September, December."""
    closes = [scaled(levels[day], 2) for day in sessions]  # level / 10 with three decimals
    paid = []
    for t in month_ends(sessions):
        if int(sessions[t][5:7]) % 3 == 0:
            amount = Decimal(dividends[int(sessions[t][:4])]["dividends_points"]) / 10 / 4
            paid.append((t, scaled(str(amount), 6), QUALIFIED))
    return Security("SPX", "S&P 500 Index Fund", "", "us_equity", "fund", 3, closes, paid)


def carried_yields(table, sessions):
    """The 10-year yield at each session, the last one carried forward where none was published; and where that was."""
    published = {row["Time Period"][:10]: row["10year"] for row in table}
    yields, missing = [], []
    for day in sessions:
        if published.get(day):
            yields.append(Decimal(published[day]))
        else:
            missing.append(day)
            yields.append(yields[-1])
    return yields, missing


def treasury_fund(yields, sessions):
    """A 10-year par bond bought at every close and valued at the next; interest accrues and is paid monthly."""
    days = [datetime.date.fromisoformat(day) for day in sessions]
    clean, accrued = Decimal(100), Decimal(0)
    ends = set(month_ends(sessions))
    closes, paid = [], []
    for t in range(len(sessions)):
        if t > 0:
            dt = Decimal((days[t] - days[t - 1]).days) / 365
            accrued += clean * yields[t - 1] * dt
            clean *= clean_price(yields[t - 1], yields[t], dt)
        if t in ends:
            amount = half_even(accrued, 6)
            accrued -= Decimal(amount).scaleb(-6)  # less than a millionth stays for next month
            paid.append((t, amount, INTEREST))
        closes.append(half_even(clean + accrued, 6))
    return Security("UST10", "10-Year Treasury Fund", "", "us_treasury", "fund", 6, closes, paid)


def clean_price(coupon, y, dt):
    """Clean price, per 1 of face, of a bond with 20 semiannual coupons of coupon/2, dt years after issue, at yield y."""
    discount = 1 / (1 + y / 2)
    at_issue = discount**20 + coupon / 2 * sum((discount**k for k in range(1, 21)), Decimal(0))
    return at_issue * (2 * dt * (1 + y / 2).ln()).exp() - coupon * dt


def month_ends(sessions):
    """Indices of the last session of every month. The sample must end on one."""
    return [t for t in range(len(sessions)) if t + 1 == len(sessions) or sessions[t + 1][:7] != sessions[t][:7]]


# ---- encoding


def varint(n):
    assert n >= 0
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def zigzag(n):
    return varint(2 * n if n >= 0 else -2 * n - 1)


def text(s):
    data = s.encode("utf-8")
    return bytes([len(data)]) + data


def differences(values):
    before = 0
    for value in values:
        yield value - before
        before = value


def encode(sessions, securities):
    out = bytearray(b"USLV1\n") + struct.pack("<II", len(sessions), len(securities))
    epoch = datetime.date(1970, 1, 1)
    for delta in differences((datetime.date.fromisoformat(day) - epoch).days for day in sessions):
        out += varint(delta)
    for s in securities:
        for field in (s.symbol, s.name, s.sector, s.asset_class, s.kind):
            out += text(field)
        out.append(s.decimals)
        for delta in differences(s.closes):
            out += zigzag(delta)
        out += struct.pack("<I", len(s.distributions))
        for delta, (_, amount, kind) in zip(differences(t for t, _, _ in s.distributions), s.distributions):
            out += varint(delta) + varint(amount) + bytes([kind])
    return bytes(out)


def decode(data):
    """Read back what encode wrote, to the last byte."""
    at = 0

    def take(n):
        nonlocal at
        at += n
        assert at <= len(data)
        return data[at - n : at]

    def uvarint():
        n = shift = 0
        while True:
            byte = take(1)[0]
            n |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return n

    def svarint():
        n = uvarint()
        return n >> 1 if n & 1 == 0 else -(n + 1 >> 1)

    def running(count, read):
        value, values = 0, []
        for _ in range(count):
            value += read()
            values.append(value)
        return values

    assert take(6) == b"USLV1\n"
    session_count, security_count = struct.unpack("<II", take(8))
    epoch = datetime.date(1970, 1, 1)
    sessions = [(epoch + datetime.timedelta(n)).isoformat() for n in running(session_count, uvarint)]
    securities = []
    for _ in range(security_count):
        fields = [take(take(1)[0]).decode("utf-8") for _ in range(5)]
        decimals = take(1)[0]
        closes = running(session_count, svarint)
        (count,) = struct.unpack("<I", take(4))
        t, paid = 0, []
        for _ in range(count):
            t += uvarint()
            paid.append((t, uvarint(), take(1)[0]))
        securities.append(Security(*fields, decimals, closes, paid))
    assert at == len(data)
    return sessions, securities


# ---- the whole


def derive(contents):
    table = [row for row in rows(contents["stocks"]) if FIRST <= row["Date"] <= LAST]
    sessions = [row["Date"] for row in table]
    assert sessions == sorted(set(sessions)) and (sessions[0], sessions[-1]) == (FIRST, LAST)
    levels = {row["Date"]: row["SP500"] for row in rows(contents["index"]) if FIRST <= row["Date"] <= LAST}
    assert list(levels) == sessions, "the stock file and the index file have different sessions"
    assert [key for key in table[0] if key != "Date"] == list(STOCKS)
    with open(HERE / "spx_dividends.csv", newline="", encoding="utf-8") as file:
        dividends = {int(row["year"]): row for row in csv.DictReader(file)}
    yields, missing = carried_yields(rows(contents["treasury"]), sessions)

    members = list(stocks(table))
    securities = members + [
        equal_start_fund(members, sessions),
        index_fund(levels, dividends, sessions),
        treasury_fund(yields, sessions),
    ]
    data = encode(sessions, securities)
    assert decode(data) == (sessions, securities)
    return data, sessions, securities, dividends, missing


# ---- figures for the manifest (floating point: nothing here reaches sample.bin)


def total_returns(security, sessions):
    """{year: total return in percent, distributions reinvested at their ex-date's close}, whole years only."""
    unit = 10.0**-security.decimals
    paid = {t: amount * 1e-6 for t, amount, _ in security.distributions}
    by_year = {}
    for t in range(1, len(sessions)):
        growth = (security.closes[t] * unit + paid.get(t, 0.0)) / (security.closes[t - 1] * unit)
        by_year[int(sessions[t][:4])] = by_year.get(int(sessions[t][:4]), 1.0) * growth
    return {year: 100 * (growth - 1) for year, growth in by_year.items()}


def correlation(xs, ys):
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    cov = sum((x - mx) * (y - my) for x, y in zip(xs, ys))
    return cov / (sum((x - mx) ** 2 for x in xs) * sum((y - my) ** 2 for y in ys)) ** 0.5


def print_figures(sessions, securities, dividends, missing):
    by_symbol = {s.symbol: s for s in securities}
    spx, ust, idx = (total_returns(by_symbol[s], sessions) for s in ("SPX", "UST10", "IDX20"))
    print(f"sessions {len(sessions)}, of them from {RUN_START}: {len(sessions) - sessions.index(RUN_START)}")
    print(f"sessions without a published 10-year yield: {len(missing)}: {' '.join(missing)}")
    print(f"\n1998 counts from {FIRST}")
    print("S&P 500 dividends: points, year-end level, computed yield, cited yield; fund's total return, cited one")
    for year, row in dividends.items():
        t = max(t for t, day in enumerate(sessions) if day.startswith(str(year)))
        level = by_symbol["SPX"].closes[t] / 100
        ratio = 100 * float(row["dividends_points"]) / level
        print(f"| {year} | {row['dividends_points']} | {level:.2f} | {ratio:.2f} | {row['yield_pct'] or '-'} "
              f"| {spx[year]:.2f} | {row['total_return_pct']} | {spx[year] - float(row['total_return_pct']):+.2f} |")
    print("\ntotal return by year: IDX20, UST10")
    for year in idx:
        print(f"| {year} | {idx[year]:.2f} | {ust[year]:.2f} |")
    print("\nmoves beyond 35% in a session")
    for s in securities:
        for t in range(1, len(sessions)):
            move = s.closes[t] / s.closes[t - 1] - 1
            if abs(move) > 0.35:
                print(f"| {sessions[t]} | {s.symbol} | {s.closes[t - 1]} | {s.closes[t]} | {100 * move:+.1f}% |")
    print("\nrounding: lowest close, tick there, noise of a session's return in the worst year, its share of variance")
    for s in securities[:20]:
        worst = max((rounding_noise(s, sessions, year), year) for year in range(1998, 2017))
        low = min(s.closes)
        (noise, variance), year = worst
        print(f"| {s.symbol} | {low / 1000:.3f} | {100 / low:.3f}% | {year} | {100 * noise:.4f}% "
              f"| {100 * noise**2 / variance:.2f}% |")


def rounding_noise(s, sessions, year):
    """(standard deviation that rounding adds to a session's return, variance of the return), within one year.

    A rounded close is off by a uniform error of at most half a tick: variance tick^2 / 12; a return has two of them.
    """
    ts = [t for t in range(1, len(sessions)) if sessions[t].startswith(str(year))]
    noise = (sum(2 / 12 / s.closes[t - 1] ** 2 for t in ts) / len(ts)) ** 0.5
    moves = [s.closes[t] / s.closes[t - 1] - 1 for t in ts]
    mean = sum(moves) / len(moves)
    return noise, sum((m - mean) ** 2 for m in moves) / (len(moves) - 1)


def print_comparison(folder, contents, sessions, securities):
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".gz"):
            raw = path.read_bytes()
            found[hashlib.sha256(gzip.decompress(raw) if path.suffix == ".gz" else raw).hexdigest()] = path.name
    for key, (_, _, path, digest) in INPUTS.items():
        print(f"{key}: {path}: {'same content as ' + found[digest] if digest in found else 'no file with this content'}")
    if not (folder / "etf_daily.csv.gz").exists():
        return
    last = {}
    for row in rows(gzip.decompress((folder / "etf_daily.csv.gz").read_bytes())):
        if row["etf"] in ("SPY", "IEF", "TLT") and row["adj_close"]:
            key = row["etf"], int(row["date"][:4])
            last[key] = max(last.get(key, ("", 0.0)), (row["date"], float(row["adj_close"])))
    table = {s.symbol: total_returns(s, sessions) for s in securities if s.symbol in ("SPX", "UST10")}
    for etf in ("SPY", "IEF", "TLT"):
        table[etf] = {
            year: 100 * (last[etf, year][1] / last[etf, year - 1][1] - 1)
            for year in table["SPX"]
            if (etf, year - 1) in last
        }
    columns = ("SPX", "SPY", "UST10", "IEF", "TLT")
    print(f"\n| year | {' | '.join(columns)} |")
    for year in table["SPX"]:
        cells = (f"{table[c][year]:.2f}" if year in table[c] else "-" for c in columns)
        print(f"| {year} | {' | '.join(cells)} |")
    for fund, etf, first in (("SPX", "SPY", 1999), ("UST10", "IEF", 2003), ("UST10", "IEF", 2004), ("UST10", "TLT", 2003)):
        years = [year for year in table[etf] if year >= first]
        xs, ys = [table[fund][year] for year in years], [table[etf][year] for year in years]
        gaps = [x - y for x, y in zip(xs, ys)]
        print(f"{fund} and {etf}, {years[0]}-{years[-1]}: correlation {correlation(xs, ys):.4f}, "
              f"mean difference {sum(gaps) / len(gaps):+.2f}, largest {max(map(abs, gaps)):.2f} points")


def main():
    parser = argparse.ArgumentParser(description="Derive sample.bin from published packages.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    parser.add_argument("--figures", action="store_true", help="print the tables that MANIFEST.md quotes")
    parser.add_argument("--compare", type=pathlib.Path, metavar="DIR", help="compare inputs and funds with files in DIR")
    options = parser.parse_args()

    contents = read_inputs()
    data, sessions, securities, dividends, missing = derive(contents)
    if options.figures:
        print_figures(sessions, securities, dividends, missing)
    if options.compare:
        print_comparison(options.compare, contents, sessions, securities)
    digest = hashlib.sha256(data).hexdigest()
    target = HERE / "sample.bin"
    if not options.check:
        target.write_bytes(data)
        print(f"sample.bin: {len(data)} bytes, sha256 {digest}")
        return
    if not target.exists() or target.read_bytes() != data:
        sys.exit("sample.bin differs from what the packages give")
    if digest not in (HERE / "MANIFEST.md").read_text(encoding="utf-8"):
        sys.exit(f"MANIFEST.md does not state the sha256 {digest}")
    print(f"sample.bin is what the packages give: {len(data)} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
