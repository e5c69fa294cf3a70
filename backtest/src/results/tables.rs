//! Builds the CSV files of a result folder.

use unisleeve_core::books::journal::Side;
use unisleeve_core::market::{Action, Market};
use unisleeve_core::study::Study;
use unisleeve_core::study::difference::Series;
use unisleeve_core::study::measure::pre_tax_returns;
use unisleeve_core::units::{Money, SecurityId, Shares};

use super::names::{account, lot_name, mandate, sleeve, symbol};
use super::reason::Reasons;
use crate::failure::Failure;
use crate::readers::Finding;

/// Writes rows under a header.
pub(super) struct Csv(csv::Writer<Vec<u8>>);

impl Csv {
    pub(super) fn new(header: &str) -> Result<Self, Failure> {
        let mut csv = Self(csv::Writer::from_writer(Vec::new()));
        csv.row(header.split(','))?;
        Ok(csv)
    }

    pub(super) fn row<I: IntoIterator<Item = T>, T: AsRef<[u8]>>(
        &mut self,
        fields: I,
    ) -> Result<(), Failure> {
        self.0.write_record(fields).map_err(|e| Failure::Environment(e.to_string()))
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, Failure> {
        self.0.into_inner().map_err(|e| Failure::Environment(e.to_string()))
    }
}

/// `daily.csv`. `pre_tax_return` is before tax and after fees and costs; `fees` and `costs` are what the session
/// paid, and `expenses` what funds took since the session before.
pub(super) fn daily(study: &Study, all: &[Series]) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new(
        "arm,date,value,cash,accrued_tax,benchmark_value,te_ex_ante,benchmark_return,flow,tax_paid,owed,\
         pre_tax_return,fees,costs,expenses",
    )?;
    for (arm, series) in study.arms.iter().zip(all) {
        let marks = &arm.result.journal.marks;
        let returns = [None].into_iter().chain(pre_tax_returns(marks));
        for ((m, earned), session) in marks.iter().zip(returns).zip(&series.sessions) {
            csv.row([
                arm.name.to_owned(),
                m.date.to_string(),
                m.value.to_string(),
                m.cash.to_string(),
                m.accrued_tax.to_string(),
                format!("{:.4}", m.benchmark_value),
                format!("{:.8}", m.te_ex_ante),
                format!("{}", m.benchmark_return),
                m.flow.to_string(),
                m.tax_paid.to_string(),
                m.owed.to_string(),
                earned.map(|r| r.to_string()).unwrap_or_default(),
                format!("{:.4}", session.fees - session.expenses),
                format!("{:.4}", session.costs),
                format!("{:.4}", session.expenses),
            ])?;
        }
    }
    csv.finish()
}

/// `trades.csv`.
pub(super) fn trades(study: &Study, market: &Market) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new(
        "arm,date,account,sleeve,mandate,symbol,side,quantity,price,amount,cost,lot,acquired,holding_start,basis,gain,\
         disallowed,recognized,term,replacement_lot,reason",
    )?;
    let reasons = Reasons::new(study, market);
    for arm in &study.arms {
        for row in arm.result.journal.trade_rows() {
            let t = row.trade;
            csv.row([
                arm.name.to_owned(),
                t.date.to_string(),
                account(arm, t.account.index()).to_owned(),
                sleeve(arm, t.sleeve.index()).to_owned(),
                mandate(arm, t.mandate.index()).to_owned(),
                symbol(market, t.security).to_owned(),
                t.side.as_str().to_owned(),
                row.quantity.to_string(),
                t.price.to_string(),
                row.amount.to_string(),
                row.cost.to_string(),
                lot_name(t.lot.0),
                t.acquired.to_string(),
                t.holding_start.to_string(),
                row.basis.to_string(),
                row.gain().to_string(),
                row.disallowed.to_string(),
                row.recognized().to_string(),
                if t.side == Side::Sell {
                    t.term.map_or("", |term| term.as_str()).to_owned()
                } else {
                    String::new()
                },
                row.replacement.map(|l| lot_name(l.0)).unwrap_or_default(),
                reasons.of(arm, t),
            ])?;
        }
    }
    csv.finish()
}

/// `cash.csv`.
pub(super) fn cash(study: &Study, market: &Market) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("arm,date,account,kind,symbol,amount,mandate,sleeve")?;
    for arm in &study.arms {
        for c in &arm.result.journal.cash {
            let sleeves = arm.result.setup.sleeves(c.date);
            let of = |s: SecurityId| sleeves.iter().find(|x| x.holdings.iter().any(|h| h.security == s));
            csv.row([
                arm.name,
                &c.date.to_string(),
                account(arm, c.account.index()),
                c.kind.as_str(),
                c.security.map_or("", |s| symbol(market, s)),
                &c.amount.to_string(),
                mandate(arm, c.pocket.index() % arm.result.setup.mandates.len()),
                c.security.and_then(of).map_or("", |s| s.name.as_str()),
            ])?;
        }
    }
    csv.finish()
}

/// `lots.csv`.
pub(super) fn lots(study: &Study, market: &Market) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("arm,account,sleeve,symbol,lot,quantity,acquired,holding_start,basis,price")?;
    let Some(last) = market.sessions(study.span.0, study.span.1).last() else { return csv.finish() };
    for arm in &study.arms {
        for (security, lot) in &arm.result.lots {
            csv.row([
                arm.name,
                account(arm, lot.account.index()),
                sleeve(arm, lot.sleeve.index()),
                symbol(market, *security),
                &lot_name(lot.id.0),
                &lot.quantity.to_string(),
                &lot.acquired.to_string(),
                &lot.holding_start.to_string(),
                &lot.basis.to_string(),
                &last.last_close(*security).unwrap_or_default().to_string(),
            ])?;
        }
    }
    csv.finish()
}

/// `tax_years.csv`.
pub(super) fn tax_years(study: &Study) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new(
        "arm,year,net_short,net_long,dividends_qualified,dividends_ordinary,interest,ordinary_offset,carry_short,\
         carry_long,tax,paid_on,distributions",
    )?;
    for arm in &study.arms {
        for y in &arm.result.journal.tax_years {
            let money = |m: Money| m.to_string();
            csv.row([
                arm.name.to_owned(),
                y.year.to_string(),
                money(y.net_short),
                money(y.net_long),
                money(y.dividends_qualified),
                money(y.dividends_ordinary),
                money(y.interest),
                money(y.ordinary_offset),
                money(y.carry_short),
                money(y.carry_long),
                money(y.tax),
                y.paid_on.map(|d| d.to_string()).unwrap_or_default(),
                money(y.distributions),
            ])?;
        }
    }
    csv.finish()
}

/// `prices.csv`: the prices that the run used, so that the other files can be checked on their own.
pub(super) fn prices(study: &Study, market: &Market) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("date,symbol,close,dividend,dividend_kind,split,spinoff,spinoff_symbol")?;
    for view in market.sessions(study.span.0, study.span.1) {
        let date = view.date().to_string();
        for (at, security) in market.securities().iter().enumerate() {
            let id = SecurityId(at as u32);
            let close = view.close(id).map(|p| p.to_string()).unwrap_or_default();
            let paid = view.distributions().find(|d| d.security == id);
            let (mut split, mut spun, mut child) = (String::new(), String::new(), "");
            for action in view.actions().filter(|a| a.security() == id) {
                match action {
                    Action::Split { ratio, .. } => {
                        let (new, old) = ratio.parts();
                        split = Shares::from_f64(new as f64 / old as f64).unwrap_or_default().to_string();
                    }
                    Action::SpinOff { value, child: of, .. } => {
                        spun = value.to_string();
                        child = symbol(market, *of);
                    }
                    Action::Delisting { .. } => {}
                }
            }
            csv.row([
                date.as_str(),
                &security.symbol,
                &close,
                &paid.map(|d| d.per_share.to_string()).unwrap_or_default(),
                paid.map_or("", |d| d.kind.as_str()),
                &split,
                &spun,
                child,
            ])?;
        }
    }
    csv.finish()
}

/// `data_faults.csv`: what is questionable about the data, and how the run treated each case.
pub(super) fn data_faults(findings: &[Finding]) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("kind,symbol,from,to,count,detail,treatment")?;
    let day = |d: Option<chrono::NaiveDate>| d.map(|d| d.to_string()).unwrap_or_default();
    for f in findings {
        csv.row([
            f.kind.as_str(),
            &f.symbol,
            &day(f.from),
            &day(f.to),
            &f.count.to_string(),
            &f.detail,
            f.kind.treatment(),
        ])?;
    }
    csv.finish()
}
