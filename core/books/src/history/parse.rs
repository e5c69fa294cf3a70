//! Reads TRADES.csv: `date,account,action,symbol,quantity,amount`, and optionally
//! `lot,acquired,symbol2,ratio,price,holding_start,account2,kind,ex_date,cash_in_lieu,term,replaced,basis_percent,
//! boot_symbol,boot_value`. Other columns are ignored.

use chrono::{Datelike, NaiveDate};

use super::table::{Record, Table};
use super::{AccountList, Action, DividendKind, Fault, FaultKind, History, HistoryRow};
use unisleeve_units::{
    AccountId, Decimal, Money, ParseFixed, Price, Ratio, SecurityId, Shares, Term, is_option,
};

const REQUIRED: [&str; 6] = ["date", "account", "action", "symbol", "quantity", "amount"];
/// 100% in millionths of a percent.
const HUNDRED_PERCENT: i64 = 100_000_000;
const A_DATE: &str = "a date such as 2018-02-07, from 1900 to 2199";

/// Positions of the columns.
struct Columns {
    required: [Option<usize>; 6],
    lot: Option<usize>,
    acquired: Option<usize>,
    symbol2: Option<usize>,
    ratio: Option<usize>,
    price: Option<usize>,
    holding_start: Option<usize>,
    account2: Option<usize>,
    kind: Option<usize>,
    ex_date: Option<usize>,
    cash_in_lieu: Option<usize>,
    term: Option<usize>,
    replaced: Option<usize>,
    basis_percent: Option<usize>,
    boot_symbol: Option<usize>,
    boot_value: Option<usize>,
}

/// Reads a file of trades. If `accounts` is given, every account must be in it.
///
/// Returns the rows that could be read, in booking order, and all faults.
pub fn parse_trades(bytes: &[u8], accounts: Option<&AccountList>) -> (History, Vec<Fault>) {
    let (mut history, mut faults) = (History::default(), Vec::new());
    let mut table = match Table::new(bytes) {
        Ok(table) => table,
        Err(fault) => return (history, vec![fault]),
    };
    let required = REQUIRED.map(|name| table.column(name));
    for (name, column) in REQUIRED.into_iter().zip(required) {
        if column.is_none() {
            let expected = "date, account, action, symbol, quantity, amount and, as needed, lot, acquired, symbol2, ratio";
            faults.push(Fault { line: 1, kind: FaultKind::NoColumn { name, expected } });
        }
    }
    if !faults.is_empty() {
        return (history, faults);
    }
    let columns = Columns {
        required,
        lot: table.column("lot"),
        acquired: table.column("acquired"),
        symbol2: table.column("symbol2"),
        ratio: table.column("ratio"),
        price: table.column("price"),
        holding_start: table.column("holding_start"),
        account2: table.column("account2"),
        kind: table.column("kind"),
        ex_date: table.column("ex_date"),
        cash_in_lieu: table.column("cash_in_lieu"),
        term: table.column("term"),
        replaced: table.column("replaced"),
        basis_percent: table.column("basis_percent"),
        boot_symbol: table.column("boot_symbol"),
        boot_value: table.column("boot_value"),
    };
    table.each(&mut faults, |record, faults| {
        let before = faults.len();
        let mut fields = Fields { record, history: &mut history, faults };
        match fields.row(&columns, accounts) {
            Some(row) if faults.len() == before => history.rows.push(row),
            _ => {
                let lot = record.text(columns.lot);
                if !lot.is_empty() {
                    history.unreadable_lots.push(lot.to_owned());
                }
            }
        }
    });
    if history.rows.is_empty() && faults.is_empty() {
        faults.push(Fault { line: 1, kind: FaultKind::Empty });
    }
    // Newest first: a row further down happened earlier, also within a day.
    let falls = history.rows.windows(2).all(|w| w[0].date >= w[1].date);
    history.is_backwards =
        falls && history.rows.first().map(|r| r.date) > history.rows.last().map(|r| r.date);
    if history.is_backwards {
        history.rows.reverse();
    }
    // The sort is stable: rows of one date stay in order.
    history.rows.sort_by_key(|r| r.date);
    (history, faults)
}

/// The fields of one row, and the faults found in them.
struct Fields<'a, 'b> {
    record: &'a Record<'b>,
    history: &'a mut History,
    faults: &'a mut Vec<Fault>,
}

impl Fields<'_, '_> {
    fn fault(&mut self, kind: FaultKind) {
        self.faults.push(Fault { line: self.record.line, kind });
    }

    fn wrong(&mut self, column: &'static str, value: &str, expected: &'static str) {
        // A field may be very long; a message must not be.
        let value = value.chars().take(60).collect();
        self.fault(FaultKind::Field { column, value, expected });
    }

    fn date(&mut self, column: &'static str, text: &str) -> Option<NaiveDate> {
        let date = iso_date(text).filter(|d| (1900..2200).contains(&d.year()));
        if date.is_none() {
            self.wrong(column, text, A_DATE);
        }
        date
    }

    /// A number of at least zero, or above zero if `positive`; `None` if the field is empty or has a fault.
    fn number<T: PartialOrd + Copy>(
        &mut self,
        column: &'static str,
        text: &str,
        parse: impl Fn(&str) -> Result<Decimal<T>, ParseFixed>,
        (zero, positive): (T, bool),
        expected: &'static str,
    ) -> Option<T> {
        if text.is_empty() {
            return None;
        }
        match parse(text) {
            Ok(d) if d.value > zero || (d.value == zero && !positive) => {
                self.history.rounded += u64::from(d.rounded);
                Some(d.value)
            }
            _ => {
                self.wrong(column, text, expected);
                None
            }
        }
    }

    fn row(&mut self, columns: &Columns, accounts: Option<&AccountList>) -> Option<HistoryRow> {
        let [date, account, action, symbol, quantity, amount] = columns.required.map(|c| self.record.text(c));
        let date = self.date("date", date);
        let Some(action) = Action::parse(action.as_bytes()) else {
            self.wrong(
                "action",
                action,
                "buy, sell, transfer_in, dividend, reinvest, return_of_capital, split, spinoff, merger, \
                 cash_merger, rename, delist, gift_in, gift_out, transfer, inherit or capital_gain",
            );
            return None;
        };
        let account = self.account(account, action, accounts);
        if symbol.is_empty() {
            self.wrong("symbol", symbol, "a symbol");
        }
        self.refuse_option("symbol", symbol);
        let symbol = SecurityId(self.history.symbols.number(symbol));
        let per_share =
            matches!(action, Action::Spinoff | Action::CashMerger | Action::Delist | Action::Merger);
        let (mut total, mut each) = (None, None);
        if per_share {
            // The value at a delisting and the cash of a merger may be zero.
            let positive = !matches!(action, Action::Delist | Action::Merger);
            each = self.number(
                "amount",
                amount,
                Price::parse,
                (Price::ZERO, positive),
                "dollars for a share, 0 or more",
            );
        } else {
            total = self.number("amount", amount, Money::parse, (Money::ZERO, false), "dollars, 0 or more");
        }
        let given = if per_share { each.is_some() } else { total.is_some() };
        let basis_percent = self.basis_percent(columns, action);
        let boot = self.boot(columns, action, symbol);
        // The percentage replaces the values of both shares, but not what a dividend in shares is worth.
        let is_paid = action == Action::Spinoff && !self.record.text(columns.kind).is_empty();
        if let (true, Some(_)) = (is_paid, basis_percent) {
            let text = self.record.text(columns.basis_percent).to_owned();
            self.wrong(
                "basis_percent",
                &text,
                "nothing beside a kind: a dividend in shares leaves the parent's basis",
            );
        }
        let is_split = basis_percent.is_some() && !is_paid;
        if action.needs_amount() && amount.is_empty() && !given && !is_split {
            self.missing(action, "amount", "dollars");
        }
        // The quantity of a split is a ratio.
        let quantity = if action == Action::Split {
            None
        } else {
            let positive = action.needs_quantity();
            self.number("quantity", quantity, Shares::parse, (Shares::ZERO, positive), "shares, above 0")
        };
        if action.needs_quantity() && self.record.text(columns.required[4]).is_empty() {
            self.missing(action, "quantity", "shares, above 0");
        }
        let ratio = self.ratio(columns, action);
        let symbol2 = self.second(columns, action, symbol);
        let price = self.record.text(columns.price);
        let price =
            self.number("price", price, Price::parse, (Price::ZERO, false), "dollars for a share, 0 or more");
        let acquired = self.earlier("acquired", columns.acquired, date);
        let holding_start = self.earlier("holding_start", columns.holding_start, date);
        if action == Action::TransferIn && self.record.text(columns.acquired).is_empty() {
            self.missing(action, "acquired", "the date of the purchase");
        }
        let lot_text = self.record.text(columns.lot);
        let account2 = self.other_account(columns, action, account, accounts);
        if action == Action::Transfer && quantity.is_none_or(Shares::is_zero) && lot_text.is_empty() {
            self.missing(action, "quantity", "shares, or a lot");
        }
        let ex_date = self.earlier("ex_date", columns.ex_date, date);
        let cash_in_lieu = self.cash_in_lieu(columns, action);
        let replaced = self.replaced(columns, action, quantity);
        let kind = self.word(
            "kind",
            self.record.text(columns.kind),
            matches!(action, Action::Dividend | Action::Reinvest),
            DividendKind::parse,
            DividendKind::WORDS,
        );
        // A spin-off with a kind is a dividend in shares.
        let paid = self.word(
            "kind",
            self.record.text(columns.kind),
            action == Action::Spinoff,
            |word| {
                let kind = DividendKind::parse(word);
                kind.filter(|k| matches!(k, DividendKind::Qualified | DividendKind::Ordinary))
            },
            "qualified or ordinary for a dividend in shares, or nothing",
        );
        let kind = kind.or(paid);
        let is_taxable = self
            .word(
                "kind",
                self.record.text(columns.kind),
                action == Action::Merger,
                |word| word.eq_ignore_ascii_case("taxable").then_some(()),
                "taxable, or nothing for a tax-free reorganization",
            )
            .is_some();
        let term = self.word(
            "term",
            self.record.text(columns.term),
            action == Action::CapitalGain,
            |word| [Term::Short, Term::Long].into_iter().find(|t| t.as_str().eq_ignore_ascii_case(word)),
            "short or long",
        );
        let lot = match lot_text {
            "" if action.comes_in() || paid.is_some() || is_taxable || boot.is_some() => {
                Some(self.history.lots.unnamed(self.record.line))
            }
            "" => None,
            text => Some(self.history.lots.number(text)),
        };
        Some(HistoryRow {
            line: u32::try_from(self.record.line).unwrap_or(u32::MAX),
            date: date?,
            account,
            action,
            symbol,
            quantity,
            amount: total.unwrap_or_default(),
            per_share: each.unwrap_or_default(),
            lot,
            acquired,
            holding_start,
            symbol2,
            ratio,
            price,
            is_named: !lot_text.is_empty(),
            account2,
            kind,
            ex_date,
            cash_in_lieu,
            term,
            replaced,
            basis_percent,
            is_taxable,
            boot,
        })
    }

    fn refuse_option(&mut self, column: &'static str, symbol: &str) {
        if is_option(symbol) {
            let symbol = symbol.chars().take(60).collect();
            self.fault(FaultKind::Option { column, symbol });
        }
    }

    /// A word that only some actions use; `None` if it is empty, not used, or has a fault.
    fn word<T>(
        &mut self,
        column: &'static str,
        text: &str,
        is_used: bool,
        parse: impl Fn(&str) -> Option<T>,
        expected: &'static str,
    ) -> Option<T> {
        if text.is_empty() || !is_used {
            return None;
        }
        let value = parse(text);
        if value.is_none() {
            self.wrong(column, text, expected);
        }
        value
    }

    /// The account that a transfer goes to.
    fn other_account(
        &mut self,
        columns: &Columns,
        action: Action,
        from: Option<AccountId>,
        accounts: Option<&AccountList>,
    ) -> Option<AccountId> {
        if action != Action::Transfer {
            return None;
        }
        let name = self.record.text(columns.account2);
        if name.is_empty() {
            self.missing(action, "account2", "the account that the shares go to");
            return None;
        }
        let to = self.account(name, action, accounts);
        if to.is_some() && to == from {
            self.fault(FaultKind::SameAccount(name.to_owned()));
        }
        to
    }

    fn cash_in_lieu(&mut self, columns: &Columns, action: Action) -> Money {
        if !matches!(action, Action::Split | Action::Spinoff | Action::Merger) {
            return Money::ZERO;
        }
        let text = self.record.text(columns.cash_in_lieu);
        self.number("cash_in_lieu", text, Money::parse, (Money::ZERO, false), "dollars, 0 or more")
            .unwrap_or_default()
    }

    /// The percentage of the basis that stays with the parent of a spin-off, in millionths of a percent.
    fn basis_percent(&mut self, columns: &Columns, action: Action) -> Option<u32> {
        let text = self.record.text(columns.basis_percent);
        if text.is_empty() || action != Action::Spinoff {
            return None;
        }
        let number = Price::parse(text.trim_end_matches('%').trim_end()).ok().map(|d| d.value.raw());
        let percent = number.filter(|n| (1..HUNDRED_PERCENT).contains(n)).and_then(|n| u32::try_from(n).ok());
        if percent.is_none() {
            self.wrong("basis_percent", text, "a percentage between 0 and 100 that stays with the parent");
        }
        percent
    }

    /// A second security received in a merger, with its value for each old share.
    fn boot(&mut self, columns: &Columns, action: Action, symbol: SecurityId) -> Option<(SecurityId, Price)> {
        let (name, value) = (self.record.text(columns.boot_symbol), self.record.text(columns.boot_value));
        if action != Action::Merger || (name.is_empty() && value.is_empty()) {
            return None;
        }
        if name.is_empty() {
            self.missing(action, "boot_symbol", "the symbol of what is worth boot_value");
            return None;
        }
        if value.is_empty() {
            self.missing(action, "boot_value", "the value of boot_symbol for each old share, in dollars");
            return None;
        }
        let value = self.number(
            "boot_value",
            value,
            Price::parse,
            (Price::ZERO, true),
            "dollars for an old share, above 0",
        )?;
        let boot = SecurityId(self.history.symbols.number(name));
        if boot == symbol {
            self.fault(FaultKind::SameSymbol(name.to_owned()));
        }
        Some((boot, value))
    }

    /// How many of the row's shares have already replaced a loss.
    fn replaced(&mut self, columns: &Columns, action: Action, quantity: Option<Shares>) -> Shares {
        if !action.comes_in() {
            return Shares::ZERO;
        }
        let text = self.record.text(columns.replaced);
        let replaced =
            self.number("replaced", text, Shares::parse, (Shares::ZERO, false), "shares, 0 or more");
        let replaced = replaced.unwrap_or_default();
        if let Some(quantity) = quantity.filter(|q| replaced > *q) {
            self.fault(FaultKind::ReplacedTooMany { replaced, quantity });
        }
        replaced
    }

    fn missing(&mut self, action: Action, column: &'static str, expected: &'static str) {
        self.fault(FaultKind::Missing { action: action.as_str(), column, expected });
    }

    fn account(&mut self, name: &str, action: Action, accounts: Option<&AccountList>) -> Option<AccountId> {
        if name.is_empty() {
            if !action.is_corporate() {
                self.wrong("account", name, "the name of an account");
            }
            return None;
        }
        if accounts.is_some_and(|list| !list.contains_key(name)) {
            self.fault(FaultKind::UnknownAccount(name.to_owned()));
        }
        let number = u16::try_from(self.history.accounts.number(name)).ok();
        if number.is_none() {
            self.wrong("account", name, "at most 65,536 accounts");
        }
        number.map(AccountId)
    }

    fn ratio(&mut self, columns: &Columns, action: Action) -> Option<Ratio> {
        if !matches!(action, Action::Split | Action::Spinoff | Action::Merger) {
            return None;
        }
        let text = match (self.record.text(columns.ratio), action) {
            ("", Action::Split) => self.record.text(columns.required[4]),
            (text, _) => text,
        };
        if text.is_empty() {
            self.missing(action, "ratio", "new shares for an old one, such as 3:1 or 1.5");
            return None;
        }
        let ratio = Ratio::parse(text).ok();
        if ratio.is_none() {
            self.wrong("ratio", text, "a ratio above zero, such as 3:1 or 1.5");
        }
        ratio
    }

    fn second(&mut self, columns: &Columns, action: Action, first: SecurityId) -> Option<SecurityId> {
        if !matches!(action, Action::Spinoff | Action::Merger | Action::Rename) {
            return None;
        }
        let text = self.record.text(columns.symbol2);
        if text.is_empty() {
            self.missing(action, "symbol2", "the other symbol");
            return None;
        }
        self.refuse_option("symbol2", text);
        let second = SecurityId(self.history.symbols.number(text));
        if second == first {
            self.fault(FaultKind::SameSymbol(text.to_owned()));
        }
        Some(second)
    }

    /// An optional date, which must not be after the row's date.
    fn earlier(
        &mut self,
        column: &'static str,
        at: Option<usize>,
        date: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        let text = self.record.text(at);
        if text.is_empty() {
            return None;
        }
        let value = self.date(column, text)?;
        if let Some(date) = date.filter(|d| value > *d) {
            self.fault(FaultKind::NotEarlier { column, value, date });
        }
        Some(value)
    }
}

/// A date in the form `YYYY-MM-DD`.
fn iso_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let [y @ .., b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
    if y.len() != 4 {
        return None;
    }
    let digits = |bytes: &[u8]| {
        bytes.iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
    };
    NaiveDate::from_ymd_opt(digits(y)? as i32, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?)
}
