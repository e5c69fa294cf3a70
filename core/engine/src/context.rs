//! What a decision may look at, and what each mandate may see of it.

use chrono::{Datelike, NaiveDate};

use super::requests::Request;

use unisleeve_books::household::{Ledger, TaxReturns};
use unisleeve_mandates::{Config, FundLots, HarvestRate, Setup, SleeveSpec, Switch, Told};
use unisleeve_market::View;
use unisleeve_numeric::RiskModel;
use unisleeve_tax::planning::{TaxView, top_rates};
use unisleeve_tax::{Income, Law, PlanningRates};
use unisleeve_units::{MandateId, Money, PocketId, Price, Rate, SecurityId, Shares, SleeveId, Term};

/// All that a decision may look at.
pub struct DecisionContext<'a> {
    /// Market up to today. Orders trade at today's close.
    pub view: View<'a>,
    /// Market that orders are decided on: up to today, or up to the session before if orders trade at the
    /// next close.
    pub known: View<'a>,
    /// Latest start of a holding period that is long-term today.
    pub long_from: NaiveDate,
    /// The run's configuration.
    pub config: &'a Config,
    /// Setup of the arm.
    pub setup: &'a Setup,
    /// Sleeves in force today.
    pub sleeves: &'a [SleeveSpec],
    /// Tax returns of the household.
    pub returns: &'a TaxReturns,
    /// Risk model in force today.
    pub risk: &'a RiskModel,
    /// For each security of the market, its index in the risk model; `None` if the model does not include it.
    pub places: &'a [Option<u32>],
    /// Tax rate on long-term gains that are realized later instead of now.
    pub later_rate: f64,
    /// Value of the household's portfolio in dollars, after today's payments.
    pub wealth: Money,
    /// Each mandate's part of the year's gains budget, a fraction.
    pub budget_parts: &'a [f64],
    /// For each pocket, cash promised to the advisor that has not been transferred yet.
    pub promised: &'a [Money],
    /// Index of today's session in the run.
    pub session: usize,
    /// Requests to specialists that are open; those up to today's session are due.
    pub requests: &'a [Request],
}

impl DecisionContext<'_> {
    /// Price that a decision is based on: the close of the known session, restated for splits and spin-offs
    /// since. `None` without a close in that session.
    pub(super) fn quote(&self, security: SecurityId) -> Option<Price> {
        let close = self.known.close(security)?;
        Some(self.view.restated(security, close, &self.known)).filter(|p| p.is_positive())
    }

    /// The same price from the last session with a close. Zero if there is none.
    pub(super) fn last_quote(&self, security: SecurityId) -> Price {
        self.view.last_restated(security, &self.known)
    }

    /// Value of shares at the last quote, in dollars. Zero shares need no price: most securities of an index
    /// sleeve are not held.
    pub(super) fn worth(&self, quantity: Shares, security: SecurityId) -> Money {
        if quantity.is_zero() { Money::ZERO } else { Money::of(quantity, self.last_quote(security)) }
    }

    /// Half the bid-ask spread, as a fraction of the amount traded.
    pub(super) fn half_spread(&self) -> Rate {
        Rate::from_f64(self.config.trading.spread_bps / 20_000.0).unwrap_or_default()
    }

    /// Half the spread as `f64`, for the optimizer.
    pub(super) fn half(&self) -> f64 {
        self.half_spread().to_f64()
    }

    /// Term of shares sold today whose holding period began on `start`.
    pub(super) fn term(&self, start: NaiveDate) -> Term {
        if start <= self.long_from { Term::Long } else { Term::Short }
    }

    /// Index of a security in the risk model.
    pub(super) fn place(&self, security: SecurityId) -> Option<usize> {
        self.places.get(security.index()).copied().flatten().map(|p| p as usize)
    }

    /// Cash of a pocket that its mandate may invest: the balance without promised cash.
    pub(super) fn free_cash(&self, ledger: &Ledger, pocket: PocketId) -> Money {
        ledger.balance(pocket) - self.promised.get(pocket.index()).copied().unwrap_or_default()
    }

    /// Whether a mandate sees trades and lots of a sleeve: its own always, others' with the switch `wash`.
    pub(super) fn sees(&self, mandate: MandateId, sleeve: SleeveId) -> bool {
        self.setup.switches.has(Switch::Wash) || self.setup.mandate_of(sleeve) == mandate
    }

    /// Income of the year as a mandate sees it. With the switch `gains`, the household's so far. Otherwise
    /// the mandate's own so far, plus the others' of last year.
    fn income_seen(&self, ledger: &Ledger, mandate: MandateId) -> Income {
        let year = self.view.date().year();
        if self.setup.switches.has(Switch::Gains) {
            return ledger.income(year);
        }
        let others = ledger.income(year - 1) - ledger.income_of(mandate, year - 1);
        ledger.income_of(mandate, year) + others
    }

    /// Date up to which a mandate knows of the household's dated gains from outside; `None` if it is never
    /// told. With the switch `gains` a mandate knows at once, and so does the advisor. A specialist who is
    /// told yearly learns of them in the review of December.
    fn knows_gains_until(&self, mandate: MandateId) -> Option<NaiveDate> {
        let date = self.view.date();
        if self.setup.switches.has(Switch::Gains) || !self.setup.is_specialist(mandate) {
            return Some(date);
        }
        match self.setup.habits.knows_outside_gains {
            Told::AtOnce => Some(date),
            Told::Yearly => Some(last_review(&self.view)),
            Told::Never => None,
        }
    }

    /// Which lots of a security a mandate sells first. A habit of the advisor of separate managers.
    pub(super) fn fund_lots(&self, mandate: MandateId) -> FundLots {
        let is_advisor = self.setup.kind.is_separate() && !self.setup.is_specialist(mandate);
        if is_advisor { self.setup.habits.fund_lots } else { FundLots::MinTax }
    }

    /// Rates that a mandate assumes instead of the household's: a specialist with the habit `harvest_rate =
    /// "top"` takes every client to pay the top rates of the law.
    pub(super) fn assumed_rates(&self, law: &Law, mandate: MandateId) -> Option<PlanningRates> {
        let is_top = self.setup.is_specialist(mandate) && self.setup.habits.harvest_rate == HarvestRate::Top;
        is_top.then(|| {
            let now = top_rates(law, &self.returns.outside(self.view.date().year(), None));
            let deferral = &self.config.tax.deferral;
            PlanningRates { now, later: deferral.discount() * now.long }
        })
    }

    /// Tax function as a mandate sees it.
    pub(super) fn tax_view<'b>(&self, ledger: &Ledger, law: &'b Law, mandate: MandateId) -> TaxView<'b> {
        let (year, known) = (self.view.date().year(), self.knows_gains_until(mandate));
        TaxView {
            law,
            outside: self.returns.outside(year, known),
            so_far: self.income_seen(ledger, mandate),
            carried_in: self.returns.carried_into(ledger, year, known.is_some()),
            deferral: self.config.tax.deferral,
            later_rate: self.later_rate,
        }
    }
}

/// Month of the review before the year ends.
const REVIEW: u32 = 12;

/// Date of the last review: the first session of the latest December. It may be the session itself.
fn last_review(view: &View<'_>) -> NaiveDate {
    let mut first = view.date();
    if first.month() != REVIEW {
        return NaiveDate::from_ymd_opt(first.year() - 1, REVIEW, 31).unwrap_or(first);
    }
    let mut before = view.previous();
    while let Some(session) = before.filter(|v| v.date().month() == REVIEW) {
        first = session.date();
        before = session.previous();
    }
    first
}
