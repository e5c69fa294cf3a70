//! The input of a rebalance.

use chrono::NaiveDate;

use unisleeve_tax::TaxRates;
use unisleeve_units::AccountKind;

/// Account name of a portfolio that gives `cash` instead of `accounts`.
pub const ONLY_ACCOUNT: &str = "taxable";

/// Positions, risk model, tax situation and constraints. Weights are fractions of the value before trading,
/// cash included. Variances are annual; money is in dollars.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// Trade date.
    pub date: NaiveDate,
    /// Accounts; at least one.
    pub accounts: Vec<AccountIn>,
    /// Securities that are held or in the benchmark.
    pub securities: Vec<SecurityIn>,
    /// Annual covariance of the K factors, row by row.
    pub factor_covariance: Vec<Vec<f64>>,
    /// Flat tax rates on gains.
    pub rates: TaxRates,
    /// Value of deferring a gain. Without it a gain costs its full rate.
    pub deferral: Option<Deferral>,
    /// `γ`, the risk aversion times the horizon in years.
    pub risk_aversion: Option<f64>,
    /// Largest annual tracking error.
    pub max_tracking_error: Option<f64>,
    /// Smallest and largest weight of cash after trading.
    pub cash_target: (f64, f64),
    /// Weight limits of groups of securities.
    pub groups: Vec<GroupIn>,
    /// Largest net gain realized, in dollars.
    pub gains_budget: Option<f64>,
    /// Largest turnover: half of all purchases and sales, as a weight.
    pub turnover_cap: Option<f64>,
    /// Smallest order in dollars. Smaller orders are dropped and the rest is solved again.
    pub min_trade: Option<f64>,
    /// Smallest loss to harvest, as a fraction of a lot's basis. In a taxable account a lot below its basis
    /// is sold only if its loss after the spread is at least this much. Zero allows all losses.
    pub harvest_threshold: f64,
}

/// A portfolio without a risk model. Drift from the benchmark's weights has a price instead.
#[derive(Debug, Clone, PartialEq)]
pub struct DriftPortfolio {
    /// Positions, tax situation and constraints. Exposures, variances, risk aversion and cap are empty.
    pub portfolio: Portfolio,
    /// Cost that one dollar of drift is worth, in dollars. Drift is the distance of each security's weight
    /// from its benchmark weight.
    pub drift_price: f64,
}

/// What a file asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Trade off risk against tax and spreads.
    Risk(Portfolio),
    /// Trade off drift against tax and spreads.
    Drift(DriftPortfolio),
}

/// An account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountIn {
    /// Account name.
    pub id: String,
    /// How it is taxed.
    pub kind: AccountKind,
    /// Cash in dollars; below zero is an overdraft that trades must cover.
    pub cash: f64,
}

/// A security.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityIn {
    /// Symbol.
    pub symbol: String,
    /// Price of a share in dollars.
    pub price: f64,
    /// Weight in the benchmark.
    pub benchmark_weight: f64,
    /// Exposure to each factor.
    pub exposures: Vec<f64>,
    /// Annual variance that the factors don't explain.
    pub specific_variance: f64,
    /// Bid-ask spread in basis points of the price. A trade pays half of it.
    pub spread_bps: f64,
    /// Largest weight after trading, over all accounts.
    pub max_weight: Option<f64>,
    /// Whether it may be bought.
    pub can_buy: bool,
    /// Whether it may be sold.
    pub can_sell: bool,
    /// Lots held.
    pub lots: Vec<LotIn>,
}

/// Shares of one purchase.
#[derive(Debug, Clone, PartialEq)]
pub struct LotIn {
    /// Lot name, unique within its security and account.
    pub id: String,
    /// Account that holds the lot. Optional where there is one account.
    pub account: Option<String>,
    /// Number of shares.
    pub quantity: f64,
    /// Adjusted basis of the whole lot in dollars.
    pub basis: f64,
    /// Purchase date.
    pub acquired: NaiveDate,
    /// Start of the holding period, where it differs from the purchase date.
    pub holding_start: Option<NaiveDate>,
    /// Whether a loss would be disallowed as a wash sale.
    pub disallowed_if_sold: bool,
    /// Number of shares whose loss would be disallowed, where fewer replacement shares were bought than the
    /// lot has. Shares whose loss counts are sold first.
    pub disallowed_shares: Option<f64>,
}

/// Limits on the combined weight of some securities.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupIn {
    /// Group name.
    pub name: String,
    /// Symbols of the members.
    pub symbols: Vec<String>,
    /// Smallest weight after trading.
    pub min: f64,
    /// Largest weight after trading.
    pub max: f64,
}

/// The value of deferral: a gain costs `rate now - discount × rate` today.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deferral {
    /// Present value of a dollar of tax paid when the gain would otherwise be realized.
    pub discount: f64,
    /// Tax rate at that time.
    pub rate: f64,
}

impl Portfolio {
    /// Number of factors.
    pub fn factors(&self) -> usize {
        self.factor_covariance.len()
    }

    /// Position of a lot's account.
    pub(super) fn account_of(&self, lot: &LotIn) -> Option<usize> {
        match &lot.account {
            Some(id) => self.accounts.iter().position(|a| a.id == *id),
            None if self.accounts.len() == 1 => Some(0),
            None => None,
        }
    }

    /// Holdings and cash in dollars, before trading.
    pub fn value(&self) -> f64 {
        let mut sum = 0.0;
        for account in &self.accounts {
            sum += account.cash;
        }
        for security in &self.securities {
            for lot in &security.lots {
                sum += lot.quantity * security.price;
            }
        }
        sum
    }
}
