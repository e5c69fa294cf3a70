"""The result folder: prices, summary.json and the tables, read and parsed but not judged."""
import bisect
import datetime as dt
import json
import os
from collections import defaultdict
from decimal import Decimal

from fixed import OPTIONAL, SHARE_UNIT, BadInput, read_table
from law import Law


class Figure(Decimal):
    """A number of summary.json that remembers how it was written, for the hash of the configuration."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number


def canonical(value):
    """JSON without spaces, keys in their order, numbers as written: what `config_hash` is taken of."""
    if isinstance(value, dict):
        return "{" + ",".join(canonical(key) + ":" + canonical(item) for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, Figure):
        return value.text
    return json.dumps(value, ensure_ascii=False)


class Prices:
    """Closes, distributions and splits by session; a symbol without a close keeps its last one."""

    def __init__(self, rows):
        self.sessions = sorted({row["date"] for row in rows})
        self.by_day = defaultdict(list)
        self.close, self.distribution, self.splits, self.listed = {}, defaultdict(list), {}, set()
        for row in rows:
            key = row["date"], row["symbol"]
            if key in self.listed:
                raise BadInput(f"prices.csv line {row.line}: {row['symbol']} on {row['date']} stands twice")
            self.listed.add(key)
            if row["close"]:
                self.by_day[row["date"]].append(row)
                self.close[key] = row["close"]
            if row["dividend"]:
                if row["dividend_kind"] not in ("qualified", "ordinary", "interest"):
                    raise BadInput(f"prices.csv line {row.line}: dividend_kind {row['dividend_kind']!r}")
                self.distribution[row["date"]].append(row)
            if row["split"] not in (0, SHARE_UNIT):
                self.splits[key] = row["split"]
        self.split_days = defaultdict(list)
        for date, symbol in self.splits:
            self.split_days[date].append(symbol)
        self.years = {date.year for date in self.sessions}
        self._payment = {}

    def payment_session(self, year):
        """15 April of the next year or the next session (6072(a)); None after the last session."""
        if year not in self._payment:
            at = bisect.bisect_left(self.sessions, dt.date(year + 1, 4, 15))
            self._payment[year] = self.sessions[at] if at < len(self.sessions) else None
        return self._payment[year]

    def session_on(self, date):
        """The first session on or after a date; None after the last."""
        at = bisect.bisect_left(self.sessions, date)
        return self.sessions[at] if at < len(self.sessions) else None


class Folder:
    """The files of one run."""

    def __init__(self, path):
        try:
            with open(os.path.join(path, "summary.json"), encoding="utf-8-sig") as file:
                self.summary = json.load(file, parse_float=Figure)
            self.arms = self.summary["arms"]
            self.kinds = {item["account"]: item["kind"] for item in self.summary["accounts"]}
            self.inputs = self.summary["tax_inputs"]
        except OSError as fault:
            raise BadInput(f"summary.json: can't be read ({fault.strerror})") from fault
        except (ValueError, KeyError, TypeError) as fault:
            raise BadInput(f"summary.json: {type(fault).__name__} {fault}") from fault
        self.config = self.summary.get("config", {})
        self.prices = Prices(read_table(path, "prices"))
        if not self.prices.sessions:
            raise BadInput("prices.csv: no rows")
        try:
            self.law = Law(self.inputs, self.prices.sessions[0].year)
        except KeyError as fault:
            raise BadInput(f"summary.json tax_inputs: {fault} is missing or unknown") from fault
        except ArithmeticError as fault:
            raise BadInput("summary.json tax_inputs: a value is not a number") from fault
        self.tables = {name: read_table(path, name) for name in ("trades", "cash", "lots", "daily", "tax_years")}
        # Files that earlier versions did not write; None where one is missing.
        self.more = {name: read_table(path, name) if has_table(path, name) else None for name in OPTIONAL}
        self._by_arm = {}

    def identical_groups(self):
        """Symbol -> name of its group of substantially identical securities."""
        groups = dict(self.summary.get("identical_groups") or {})
        known = {row["symbol"].upper(): row["symbol"] for rows in self.prices.by_day.values() for row in rows}
        for symbols in self.config.get("identical") or []:
            members = [known.get(symbol.upper(), symbol) for symbol in symbols]
            old = {groups.get(symbol, symbol) for symbol in members}
            name = groups.get(members[0], members[0]) if members else ""
            for symbol in members + [symbol for symbol, group in groups.items() if group in old]:
                groups[symbol] = name
        return groups

    def closings(self):
        """(session, account) of each account that is closed."""
        main = next(iter(self.kinds), "")
        for closing in self.config.get("household", {}).get("closings") or []:
            session = self.prices.session_on(dt.date.fromisoformat(closing["date"]))
            if session:
                yield session, closing.get("account") or main

    def of_arm(self, name, arm):
        """The rows of one arm; None where the file is missing."""
        if name not in self._by_arm:
            rows = self.tables.get(name, self.more.get(name))
            if rows is None:
                return None
            split = defaultdict(list)
            for row in rows:
                split[row["arm"]].append(row)
            self._by_arm[name] = split
        return self._by_arm[name].get(arm, [])


def has_table(folder, name):
    return any(os.path.exists(os.path.join(folder, name + end)) for end in (".csv", ".csv.gz"))
