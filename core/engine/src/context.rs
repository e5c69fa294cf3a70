//! What a decision may look at, and what each mandate may see of it.

use chrono::{Datelike, NaiveDate};

use unisleeve_books::household::{Ledger, TaxReturns};
use unisleeve_mandates::{Config, Setup, SleeveSpec, Switch};
use unisleeve_market::View;
use unisleeve_numeric::RiskModel;
use unisleeve_tax::planning::TaxView;
use unisleeve_tax::{Income, Law};
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

    /// Tax function as a mandate sees it.
    pub(super) fn tax_view<'b>(&self, ledger: &Ledger, law: &'b Law, mandate: MandateId) -> TaxView<'b> {
        TaxView {
            law,
            outside: *self.returns.outside(),
            so_far: self.income_seen(ledger, mandate),
            carried_in: self.returns.carried_into(ledger, self.view.date().year()),
            deferral: self.config.tax.deferral,
            later_rate: self.later_rate,
        }
    }
}
