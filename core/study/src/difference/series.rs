//! What one arm did, session by session, as plain numbers: the input of [`split`](super::split()).
//!
//! All amounts are in dollars. Asset classes are numbered; both arms of a comparison use the same numbers. Cash is
//! no class here: it is what the classes leave of the value.

/// Amounts by term.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ByTerm {
    /// Short-term.
    pub short: f64,
    /// Long-term.
    pub long: f64,
}

impl ByTerm {
    /// Short-term plus long-term.
    pub fn total(self) -> f64 {
        self.short + self.long
    }

    /// `short × prices.short + long × prices.long`.
    pub fn times(self, prices: Self) -> f64 {
        self.short * prices.short + self.long * prices.long
    }
}

/// What is taxed: an amount of each kind, or a price of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ByKind {
    /// Gains.
    pub gain: ByTerm,
    /// Qualified dividends.
    pub qualified: f64,
    /// Other dividends and interest.
    pub ordinary: f64,
}

/// One asset class in one session.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClassSession {
    /// Value before the session: at the close before, or what was brought in at the first session.
    pub before: f64,
    /// The part of it in taxable accounts.
    pub taxable: f64,
    /// Change in price over the session, before expenses of funds.
    pub gain: f64,
    /// Dividends and interest.
    pub income: f64,
    /// The part of the income that is taxed as qualified dividends.
    pub qualified: f64,
    /// The part that is taxed as other dividends or as interest.
    pub ordinary: f64,
    /// Proceeds of sales in taxable accounts, at the trade price.
    pub sold: ByTerm,
    /// Recognized gain of these sales; negative for a loss.
    pub realized: ByTerm,
}

/// One session of an arm.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Session {
    /// Value at the close: holdings and cash.
    pub value: f64,
    /// The household's flow, at the close; positive is paid in.
    pub flow: f64,
    /// Tax paid at the close; negative is a credit.
    pub tax_paid: f64,
    /// Management fees paid, and what funds took as expenses.
    pub fees: f64,
    /// The part of the fees that funds took since the session before.
    pub expenses: f64,
    /// Spreads, commissions and market impact.
    pub costs: f64,
    /// Tax year, as a position in [`Series::years`].
    pub year: usize,
    /// Asset classes.
    pub classes: Vec<ClassSession>,
}

impl Session {
    /// What the session earned before tax, fees and costs, from the value at its start.
    pub fn gained(&self, before: f64) -> f64 {
        self.value - self.flow + self.tax_paid + self.fees + self.costs - before
    }
}

/// One tax year of an arm.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Year {
    /// Session at which the year's tax was paid or credited. `None`: still open at the end.
    pub paid: Option<usize>,
    /// Tax that one more dollar costs, of each kind: in this year, the next and so on. Later years change by
    /// what is carried forward.
    pub marginal: Vec<ByKind>,
    /// The same for the tax of selling everything at the end.
    pub marginal_at_sale: ByKind,
}

/// The sale of everything at the end.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sale {
    /// Its tax.
    pub tax: f64,
    /// Tax that one more dollar of gain costs.
    pub marginal: ByTerm,
    /// Value of the open lots in taxable accounts, by class.
    pub value: Vec<ByTerm>,
    /// Their gain, by class.
    pub gain: Vec<ByTerm>,
}

/// What one arm did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Sessions in order of time.
    pub sessions: Vec<Session>,
    /// Tax years in order of time.
    pub years: Vec<Year>,
    /// Gain of the lots that the household brought into taxable accounts, by class.
    pub brought: Vec<f64>,
    /// Tax accrued at the end and not yet paid.
    pub accrued: f64,
    /// Fees owed at the end.
    pub owed: f64,
    /// The sale at the end.
    pub sale: Sale,
}

impl Series {
    /// Wealth at the end: value less accrued tax and fees owed, and less the tax of the sale where everything
    /// is sold.
    pub fn wealth(&self, is_sold: bool) -> f64 {
        let value = self.sessions.last().map_or(0.0, |s| s.value);
        value - self.accrued - self.owed - if is_sold { self.sale.tax } else { 0.0 }
    }

    /// The same plus what was paid out and less what was paid in, each dollar as it was paid.
    pub fn wealth_and_paid(&self, is_sold: bool) -> f64 {
        let mut flows = 0.0;
        for session in &self.sessions {
            flows += session.flow;
        }
        self.wealth(is_sold) - flows
    }

    /// Mean of the values at the closes.
    pub fn mean_value(&self) -> f64 {
        let mut sum = 0.0;
        for session in &self.sessions {
            sum += session.value;
        }
        if self.sessions.is_empty() { 0.0 } else { sum / self.sessions.len() as f64 }
    }
}
