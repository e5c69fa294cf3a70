//! What a rebalance is given.

use chrono::NaiveDate;

use unisleeve_tax::TaxRates;
use unisleeve_units::AccountKind;

/// Name of the one account of a portfolio that gives `cash` alone.
pub const ONLY_ACCOUNT: &str = "taxable";

/// Positions, risk model, tax position and constraints. Weights are of the value before trading, cash included; variances are
/// annual; money is in dollars.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// Trade date.
    pub date: NaiveDate,
    /// Accounts, at least one.
    pub accounts: Vec<AccountIn>,
    /// Securities held or in the benchmark.
    pub securities: Vec<SecurityIn>,
    /// Covariance of the K factors, row by row.
    pub factor_covariance: Vec<Vec<f64>>,
    /// Flat rates on gains.
    pub rates: TaxRates,
    /// What a gain realised later would cost; without it a gain costs its whole rate.
    pub deferral: Option<Deferral>,
    /// `γ` times the horizon in years.
    pub risk_aversion: Option<f64>,
    /// Annual tracking error at most.
    pub max_tracking_error: Option<f64>,
    /// Least and most weight of cash after trading.
    pub cash_target: (f64, f64),
    /// Bands.
    pub groups: Vec<GroupIn>,
    /// Net gain realised at most.
    pub gains_budget: Option<f64>,
    /// Turnover at most: half of all that is bought and sold, as a weight.
    pub turnover_cap: Option<f64>,
    /// Orders of fewer dollars are not given: the rest is solved again without them.
    pub min_trade: Option<f64>,
    /// In a taxable account a lot below its basis is not sold unless its loss, after the spread, is at least this part of its
    /// basis; zero leaves all losses open.
    pub harvest_threshold: f64,
}

/// A portfolio without a risk model, whose drift from the benchmark's weights has a price instead.
#[derive(Debug, Clone, PartialEq)]
pub struct DriftPortfolio {
    /// Positions, tax position and constraints; exposures, variances, risk aversion and cap are empty.
    pub portfolio: Portfolio,
    /// Dollars of cost that a dollar of drift is worth: of each security's weight less its benchmark weight.
    pub drift_price: f64,
}

/// What a file asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Risk against tax and spreads.
    Risk(Portfolio),
    /// Drift against tax and spreads.
    Drift(DriftPortfolio),
}

/// An account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountIn {
    /// Its name.
    pub id: String,
    /// How it is taxed.
    pub kind: AccountKind,
    /// Its cash; below zero is an overdraft that trades must cover.
    pub cash: f64,
}

/// A security.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityIn {
    /// Its name.
    pub symbol: String,
    /// Price of a share.
    pub price: f64,
    /// Weight in the benchmark.
    pub benchmark_weight: f64,
    /// Exposure to each factor.
    pub exposures: Vec<f64>,
    /// Annual variance that the factors don't explain.
    pub specific_variance: f64,
    /// Bid to ask, in basis points of the price; a trade pays half of it.
    pub spread_bps: f64,
    /// Weight after trading at most, over all accounts.
    pub max_weight: Option<f64>,
    /// Whether it may be bought.
    pub can_buy: bool,
    /// Whether it may be sold.
    pub can_sell: bool,
    /// Shares held.
    pub lots: Vec<LotIn>,
}

/// Shares of one purchase.
#[derive(Debug, Clone, PartialEq)]
pub struct LotIn {
    /// Its name.
    pub id: String,
    /// Account that holds it; may be left out where there is one.
    pub account: Option<String>,
    /// Shares.
    pub quantity: f64,
    /// Adjusted basis of all of them.
    pub basis: f64,
    /// Date of the purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period, where it is not the purchase.
    pub holding_start: Option<NaiveDate>,
    /// Whether a loss would be disallowed: a purchase nearby is its replacement.
    pub disallowed_if_sold: bool,
    /// Shares of it whose loss would be disallowed, where fewer replacement shares were bought than it has; those whose loss
    /// counts are sold first.
    pub disallowed_shares: Option<f64>,
}

/// Securities whose weight together has bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupIn {
    /// Its name.
    pub name: String,
    /// Its members.
    pub symbols: Vec<String>,
    /// Weight after trading at least.
    pub min: f64,
    /// Weight after trading at most.
    pub max: f64,
}

/// What waiting is worth: a gain costs `rate now - discount × rate` today.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deferral {
    /// Present value of a dollar of tax paid when the gain would be realised otherwise.
    pub discount: f64,
    /// Rate then.
    pub rate: f64,
}

impl Portfolio {
    /// Number of factors.
    pub fn factors(&self) -> usize {
        self.factor_covariance.len()
    }

    /// Position of the account that a lot is in.
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
