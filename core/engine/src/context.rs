//! What a decision may look at, and what the setup lets each mandate see of it.

use chrono::{Datelike, NaiveDate};

use unisleeve_books::household::{Ledger, TaxReturns};
use unisleeve_mandates::{Config, Setup, SleeveSpec, Switch};
use unisleeve_market::View;
use unisleeve_numeric::RiskModel;
use unisleeve_tax::planning::TaxView;
use unisleeve_tax::{Income, Law};
use unisleeve_units::{MandateId, Money, PocketId, Price, Rate, SecurityId, Shares, SleeveId, Term};

/// What a decision may look at.
pub struct DecisionContext<'a> {
    /// The market up to today, at whose close orders trade.
    pub view: View<'a>,
    /// What orders are decided on: today's close, or the one before where they trade at the next close.
    pub known: View<'a>,
    /// A holding period that began by this day is long-term today.
    pub long_from: NaiveDate,
    /// The run's configuration.
    pub config: &'a Config,
    /// The arm.
    pub setup: &'a Setup,
    /// Its sleeves today.
    pub sleeves: &'a [SleeveSpec],
    /// The household's returns.
    pub returns: &'a TaxReturns,
    /// The risk model of the date.
    pub risk: &'a RiskModel,
    /// Position of each security in the risk model; none for one that it leaves out.
    pub places: &'a [Option<u32>],
    /// Long-term rate at which gains would be taxed later.
    pub later_rate: f64,
    /// Value of the household's portfolio after today's flows.
    pub wealth: Money,
    /// Each mandate's part of the year's gains budget.
    pub budget_parts: &'a [f64],
    /// Cash in each pocket that is already promised to the advisor and on its way.
    pub promised: &'a [Money],
}

impl DecisionContext<'_> {
    /// The price that a decision rests on; none where the security has no close in the session known.
    pub(super) fn quote(&self, security: SecurityId) -> Option<Price> {
        let close = self.known.close(security)?;
        Some(self.view.restated(security, close, &self.known)).filter(|p| p.is_positive())
    }

    /// The same, of the last session with a close.
    pub(super) fn last_quote(&self, security: SecurityId) -> Price {
        self.view.last_restated(security, &self.known)
    }

    /// Shares at the last close known. Most names of an index's sleeve were never held, or are gone: no price is looked for them.
    pub(super) fn worth(&self, quantity: Shares, security: SecurityId) -> Money {
        if quantity.is_zero() { Money::ZERO } else { Money::of(quantity, self.last_quote(security)) }
    }

    /// Half the spread as a fraction of the amount.
    pub(super) fn half_spread(&self) -> Rate {
        Rate::from_f64(self.config.trading.spread_bps / 20_000.0).unwrap_or_default()
    }

    /// Half the spread in the optimiser's numbers.
    pub(super) fn half(&self) -> f64 {
        self.half_spread().to_f64()
    }

    /// Term of shares sold today whose holding period began on `start`.
    pub(super) fn term(&self, start: NaiveDate) -> Term {
        if start <= self.long_from { Term::Long } else { Term::Short }
    }

    /// Position of a security in the risk model.
    pub(super) fn place(&self, security: SecurityId) -> Option<usize> {
        self.places.get(security.index()).copied().flatten().map(|p| p as usize)
    }

    /// Cash of a pocket that its mandate may use.
    pub(super) fn free_cash(&self, ledger: &Ledger, pocket: PocketId) -> Money {
        ledger.balance(pocket) - self.promised.get(pocket.index()).copied().unwrap_or_default()
    }

    /// Whether the setup lets a mandate see what another one's sleeve does.
    pub(super) fn sees(&self, mandate: MandateId, sleeve: SleeveId) -> bool {
        self.setup.switches.has(Switch::Wash) || self.setup.mandate_of(sleeve) == mandate
    }

    /// The year's income as a mandate may see it: its own so far, and of the others what last year's return showed.
    fn income_seen(&self, ledger: &Ledger, mandate: MandateId) -> Income {
        let year = self.view.date().year();
        if self.setup.switches.has(Switch::Gains) {
            return ledger.income(year);
        }
        let others = ledger.income(year - 1) - ledger.income_of(mandate, year - 1);
        ledger.income_of(mandate, year) + others
    }

    /// The tax function as a mandate may see it.
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
