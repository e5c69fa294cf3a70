//! Reads `BOOK.csv`: `client,account,kind,symbol,quantity,basis,acquired`. It reads one client at a time, so
//! a book of any size needs the memory of a few clients only.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::mandates::{AccountConfig, HouseholdConfig, LegacyLot, MAIN_ACCOUNT};
use unisleeve_core::units::{AccountKind, LIMIT, Money, Shares};

use crate::failure::Failure;
use crate::readers::table::{Column, Faults, Renamed, Rows};

/// Symbol of cash in a book. The quantity of a cash row is dollars.
const CASH: &str = "CASH";

/// A client with its accounts and lots.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub name: String,
    pub household: HouseholdConfig,
    /// Name of the main account in the file.
    main: Option<String>,
}

struct Columns {
    client: Column,
    account: Column,
    kind: Column,
    symbol: Column,
    quantity: Column,
    basis: Column,
    acquired: Column,
}

/// A book, read one client at a time.
pub(crate) struct Book {
    rows: Rows,
    columns: Columns,
    faults: Faults,
    row: csv::StringRecord,
    /// Line of a row that was read but belongs to the next client.
    waiting: Option<u64>,
    done: BTreeSet<String>,
    /// Day of the rollout. No lot is acquired later.
    start: NaiveDate,
}

impl Book {
    /// Opens a book.
    pub(crate) fn open(path: &Path, start: NaiveDate) -> Result<Self, Failure> {
        let rows = Rows::open(path)?;
        let none = Renamed::new();
        let need = |name: &str| rows.header.need(name, &none);
        let columns = Columns {
            client: need("client")?,
            account: need("account")?,
            kind: need("kind")?,
            symbol: need("symbol")?,
            quantity: need("quantity")?,
            basis: need("basis")?,
            acquired: need("acquired")?,
        };
        let faults = Faults::new(&rows.name);
        let (row, done) = (csv::StringRecord::new(), BTreeSet::new());
        Ok(Self { rows, columns, faults, row, waiting: None, done, start })
    }

    /// The next client with all its lots; `None` at the end of the book.
    pub(crate) fn next(&mut self) -> Option<Client> {
        let mut client: Option<Client> = None;
        loop {
            let next = self.waiting.take().or_else(|| self.rows.next(&mut self.row, &mut self.faults));
            let Some(line) = next else { return client };
            let name = self.columns.client.of(&self.row);
            if client.as_ref().is_some_and(|c| c.name != name) {
                self.waiting = Some(line);
                return client;
            }
            if client.is_none() {
                if name.is_empty() || self.done.contains(name) {
                    let message =
                        format!("client `{name}`: expected a name, and the rows of a client together");
                    self.faults.add(line, &message);
                    continue;
                }
                self.done.insert(name.to_owned());
                let household =
                    HouseholdConfig { cash: Money::ZERO, flows: Vec::new(), ..HouseholdConfig::default() };
                client = Some(Client { name: name.to_owned(), household, main: None });
            }
            let added = client.as_mut().map_or(Ok(()), |c| c.add(&self.columns, &self.row, self.start));
            if let Err(message) = added {
                self.faults.add(line, &message);
            }
        }
    }

    /// Finishes reading.
    ///
    /// # Errors
    /// Lists every fault of the rows read.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.faults.finish()
    }
}

impl Client {
    fn add(&mut self, columns: &Columns, row: &csv::StringRecord, start: NaiveDate) -> Result<(), String> {
        let kind = match columns.kind.of(row) {
            "" => AccountKind::Taxable,
            word => AccountKind::ALL
                .into_iter()
                .find(|k| k.as_str() == word)
                .ok_or_else(|| format!("kind {word}: expected {}", AccountKind::WORDS))?,
        };
        let account = self.account(columns.account.of(row), kind)?;
        let (symbol, text) = (columns.symbol.of(row), columns.quantity.of(row));
        if symbol.eq_ignore_ascii_case(CASH) {
            let dollars = Money::parse(text).ok().map(|d| d.value).filter(|d| !d.is_negative());
            let dollars =
                dollars.ok_or_else(|| format!("quantity {text} of cash: expected dollars, zero or more"))?;
            let held = match self.household.accounts.iter_mut().find(|a| Some(&a.name) == account.as_ref()) {
                Some(a) => &mut a.cash,
                None => &mut self.household.cash,
            };
            let sum = Money::from_raw(held.raw().saturating_add(dollars.raw()));
            // The sum has the same limit as a single number.
            *held = Money::from_f64(sum.to_f64()).map(|_| sum).ok_or_else(|| {
                format!("quantity {text} of cash: expected at most {LIMIT} dollars in an account")
            })?;
            return Ok(());
        }
        let quantity = Shares::parse(text).ok().map(|d| d.value).filter(|q| q.is_positive());
        let quantity = quantity.ok_or_else(|| format!("quantity {text}: expected shares above zero"))?;
        let text = columns.basis.of(row);
        let basis = Money::parse(text).ok().map(|d| d.value).filter(|b| !b.is_negative());
        let basis = basis.ok_or_else(|| format!("basis {text}: expected dollars, zero or more"))?;
        let text = columns.acquired.of(row);
        let acquired = text.parse::<NaiveDate>().ok().filter(|d| *d <= start);
        let acquired = acquired.ok_or_else(|| format!("acquired {text}: expected a date up to {start}"))?;
        if symbol.is_empty() {
            return Err("symbol is empty: expected a ticker".to_owned());
        }
        let lot = LegacyLot { account, symbol: symbol.to_owned(), quantity, basis, acquired, keep: false };
        self.household.lots.push(lot);
        Ok(())
    }

    /// The household's name of an account. The first taxable account is the main one (`None`), which pays the
    /// taxes.
    fn account(&mut self, name: &str, kind: AccountKind) -> Result<Option<String>, String> {
        if name.is_empty() {
            return Err("account is empty: expected a name".to_owned());
        }
        if kind == AccountKind::Taxable && self.main.as_deref().is_none_or(|m| m == name) {
            self.main = Some(name.to_owned());
            return Ok(None);
        }
        // Only the main account may have the main account's name.
        let name = if name == MAIN_ACCOUNT { format!("{name} ({})", kind.as_str()) } else { name.to_owned() };
        match self.household.accounts.iter().find(|a| a.name == name) {
            Some(a) if a.kind != kind => Err(format!("account {name}: expected one kind for all its rows")),
            Some(_) => Ok(Some(name)),
            None => {
                self.household.accounts.push(AccountConfig {
                    name: name.clone(),
                    kind,
                    cash: Money::ZERO,
                    born: None,
                });
                Ok(Some(name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> (Vec<Client>, Result<(), Failure>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("b.csv");
        std::fs::write(&file, text).unwrap();
        let mut book = Book::open(&file, NaiveDate::from_ymd_opt(2020, 1, 2).unwrap()).unwrap();
        let clients = std::iter::from_fn(|| book.next()).collect();
        (clients, book.finish())
    }

    const HEADER: &str = "client,account,kind,symbol,quantity,basis,acquired\n";

    #[test]
    fn clients_come_one_by_one_with_their_accounts() {
        let text = "A,joint,taxable,AAA,10,500,2019-01-02\nA,joint,taxable,CASH,1000,,\nA,ira,ira,BBB,5,,2019-01-02\nB,x,roth,AAA,1,1,2019-01-02\n";
        let (clients, faults) = all(&format!("{HEADER}{}", text.replace("BBB,5,,", "BBB,5,100,")));
        assert_eq!(faults, Ok(()));
        let a = &clients[0].household;
        assert_eq!((a.cash, a.lots.len(), a.accounts.len()), (Money::whole(1_000), 2, 1));
        assert_eq!((&a.lots[0].account, &a.lots[1].account), (&None, &Some("ira".to_owned())));
        assert_eq!(clients[1].household.accounts[0].kind, AccountKind::Roth);
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let rows = "D,x,taxable,CASH,1e12,,\nD,x,taxable,CASH,1,,\nA,x,taxable,AAA,0,1,2019-01-02\nA,x,taxable,AAA,1,-1,2019-01-02\nA,x,taxable,AAA,1,1,2021-01-02\nA,x,bank,AAA,1,1,2019-01-02\nB,x,taxable,,1,1,2019-01-02\nA,x,taxable,AAA,1,1,2019-01-02\n";
        let (_, faults) = all(&format!("{HEADER}{rows}"));
        let Err(Failure::Input(messages)) = faults else { panic!() };
        let found = messages.join("\n");
        for part in [
            ":3: quantity 1 of cash: expected at most 1000000000000 dollars",
            ":4: quantity 0: expected shares above zero",
            ":5: basis -1: expected dollars",
            ":6: acquired 2021-01-02: expected a date up to 2020-01-02",
            ":7: kind bank: expected taxable, ira, roth, hsa or 401k",
            ":8: symbol is empty",
            ":9: client `A`: expected a name, and the rows of a client together",
        ] {
            assert!(found.contains(part), "{part}: {found}");
        }
    }
}
