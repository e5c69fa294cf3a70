//! A portfolio in the optimiser's terms: fractions of the value, one variable for each account and security.

use super::input::{Portfolio, SecurityIn};
use super::root::root;
use crate::tax::term;
use crate::units::Term;

/// A lot as a stretch of selling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    /// Position of the lot among the security's.
    pub lot: usize,
    /// Its weight.
    pub width: f64,
    /// Tax of each dollar sold, as the optimiser prices it.
    pub tax: f64,
    /// Gain that each dollar sold adds to the year's net gain.
    pub gain: f64,
    /// Gain or loss of each dollar sold, disallowed or not, taxed or not.
    pub raw_gain: f64,
    /// Term on the trade date.
    pub term: Term,
}

/// Trades of one security in one account.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    pub security: usize,
    pub account: usize,
    /// Weight held.
    pub held: f64,
    /// Half the spread: what a dollar traded costs.
    pub half: f64,
    /// Lots that may be sold.
    pub stretches: Vec<Stretch>,
    /// Weight that may be bought at most.
    pub buy_limit: f64,
}

/// What a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// Dollars traded.
    Trades,
    /// Dollars that leave cash, spreads included: `u + |u| × half`.
    Cash,
}

/// `low <= Σ over members of what is counted <= high`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Band {
    pub name: String,
    pub members: Vec<usize>,
    pub counts: Counts,
    pub low: f64,
    pub high: f64,
    /// Amount before trading, in the constraint's own terms, and its sign there: the constraint's amount after trading is
    /// `before + sign × row`.
    pub before: f64,
    pub sign: f64,
}

/// The data of one rebalance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Model {
    /// Dollars before trading.
    pub value: f64,
    pub variables: Vec<Variable>,
    /// Variables of each security.
    pub of_security: Vec<Vec<usize>>,
    pub bands: Vec<Band>,
    /// K, and the columns that stand for the own variance of a security held in several accounts.
    pub factors: usize,
    /// `G`, one row for each variable.
    pub exposures: Vec<f64>,
    /// `d`; zero where a column stands for it.
    pub specific: Vec<f64>,
    /// `a`; the benchmark is taken off a security's first variable.
    pub active: Vec<f64>,
    /// `γ` asked for.
    pub risk_aversion: Option<f64>,
    /// Cap of the tracking error.
    pub cap: Option<f64>,
    /// Budget of net gain.
    pub budget: Option<f64>,
    /// Whether the most that may be bought is the security's cap.
    pub capped: Vec<bool>,
}

/// Tax of a dollar sold and its gain, as `(tax, counted gain, raw gain, term)`.
fn stretch(p: &Portfolio, s: &SecurityIn, at: usize, value: f64, is_taxable: bool) -> Stretch {
    let lot = &s.lots[at];
    let dollars = lot.quantity * s.price;
    let raw_gain = 1.0 - s.spread_bps / 20_000.0 - lot.basis / dollars;
    let term = term(lot.holding_start.unwrap_or(lot.acquired), p.date);
    let counts = is_taxable && !(lot.disallowed_if_sold && raw_gain < 0.0);
    let gain = if counts { raw_gain } else { 0.0 };
    let later = p.deferral.map_or(0.0, |d| d.discount * d.rate);
    Stretch { lot: at, width: dollars / value, tax: (p.rates.of(term) - later) * gain, gain, raw_gain, term }
}

impl Model {
    /// The model of a portfolio without faults.
    pub(super) fn new(p: &Portfolio) -> Self {
        let value = p.value();
        let (root, rank) = root(&p.factor_covariance).unwrap_or_default();
        let shared = p.accounts.len() > 1;
        let factors = if shared { rank + p.securities.len() } else { rank };
        let mut model = Self {
            value,
            variables: Vec::new(),
            of_security: Vec::new(),
            bands: Vec::new(),
            factors,
            exposures: Vec::new(),
            specific: Vec::new(),
            active: Vec::new(),
            risk_aversion: p.risk_aversion,
            cap: p.max_tracking_error,
            budget: p.gains_budget.map(|b| b / value),
            capped: Vec::new(),
        };
        let mut in_account: Vec<f64> = p.accounts.iter().map(|a| a.cash / value).collect();
        for security in &p.securities {
            for lot in &security.lots {
                if let Some(account) = p.account_of(lot) {
                    in_account[account] += lot.quantity * security.price / value;
                }
            }
        }
        for (i, security) in p.securities.iter().enumerate() {
            let mut exposures = vec![0.0; factors];
            for (r, to) in exposures.iter_mut().take(rank).enumerate() {
                for (j, e) in security.exposures.iter().enumerate() {
                    *to += e * root[j * rank + r];
                }
            }
            if shared {
                exposures[rank + i] = security.specific_variance.sqrt();
            }
            let mut mine = Vec::new();
            for (a, account) in p.accounts.iter().enumerate() {
                let lots: Vec<Stretch> = (0..security.lots.len())
                    .filter(|j| p.account_of(&security.lots[*j]) == Some(a))
                    .map(|j| stretch(p, security, j, value, account.kind.is_taxable()))
                    .collect();
                let mut held = 0.0;
                for lot in &lots {
                    held += lot.width;
                }
                // More than the account is worth can't be paid for.
                let mut buy_limit = if security.can_buy && in_account[a] > 0.0 { in_account[a] } else { 0.0 };
                let mut capped = false;
                if let (Some(most), false) = (security.max_weight, shared)
                    && most - held < buy_limit
                {
                    buy_limit = if most > held { most - held } else { 0.0 };
                    capped = security.can_buy;
                }
                mine.push(model.variables.len());
                model.active.push(if a == 0 { held - security.benchmark_weight } else { held });
                model.specific.push(if shared { 0.0 } else { security.specific_variance });
                model.exposures.extend_from_slice(&exposures);
                model.capped.push(capped);
                model.variables.push(Variable {
                    security: i,
                    account: a,
                    held,
                    half: security.spread_bps / 20_000.0,
                    stretches: if security.can_sell { lots } else { Vec::new() },
                    buy_limit,
                });
            }
            model.of_security.push(mine);
        }
        model.bands(p);
        model
    }

    fn bands(&mut self, p: &Portfolio) {
        let mut cash = 0.0;
        for account in &p.accounts {
            cash += account.cash / self.value;
        }
        let (least, most) = p.cash_target;
        self.bands.push(Band {
            name: "cash_target".to_owned(),
            members: (0..self.variables.len()).collect(),
            counts: Counts::Cash,
            low: cash - most,
            high: cash - least,
            before: cash,
            sign: -1.0,
        });
        if p.accounts.len() > 1 {
            for (a, account) in p.accounts.iter().enumerate() {
                let cash = account.cash / self.value;
                self.bands.push(Band {
                    name: format!("cash {}", account.id),
                    members: (0..self.variables.len()).filter(|v| self.variables[*v].account == a).collect(),
                    counts: Counts::Cash,
                    low: f64::NEG_INFINITY,
                    high: cash,
                    before: cash,
                    sign: -1.0,
                });
            }
        }
        for (i, security) in p.securities.iter().enumerate() {
            let Some(most) = security.max_weight else { continue };
            let members = self.of_security[i].clone();
            let held = self.held(&members);
            // In one account the cap is a bound of what may be bought, unless more is held already.
            if members.len() > 1 || held > most {
                self.weight_band(format!("max_weight {}", security.symbol), members, f64::NEG_INFINITY, most);
            }
        }
        for group in &p.groups {
            let securities = p.securities.iter().enumerate();
            let members = securities
                .filter(|(_, s)| group.symbols.contains(&s.symbol))
                .flat_map(|(i, _)| self.of_security[i].clone())
                .collect();
            self.weight_band(group.name.clone(), members, group.min, group.max);
        }
    }

    fn weight_band(&mut self, name: String, members: Vec<usize>, least: f64, most: f64) {
        let before = self.held(&members);
        let (low, high) = (least - before, most - before);
        self.bands.push(Band { name, members, counts: Counts::Trades, low, high, before, sign: 1.0 });
    }

    fn held(&self, members: &[usize]) -> f64 {
        let mut sum = 0.0;
        for v in members {
            sum += self.variables[*v].held;
        }
        sum
    }

    /// Number of variables.
    pub(super) fn len(&self) -> usize {
        self.variables.len()
    }

    /// Annual variance of what trades leave, and the exposure to each column of `G`.
    pub(super) fn variance(&self, trades: &[f64]) -> (f64, Vec<f64>) {
        let k = self.factors;
        let (mut sum, mut exposure) = (0.0, vec![0.0; k]);
        for i in 0..self.len() {
            let x = self.active[i] + trades[i];
            for (y, g) in exposure.iter_mut().zip(&self.exposures[i * k..(i + 1) * k]) {
                *y += g * x;
            }
            sum += self.specific[i] * x * x;
        }
        for y in &exposure {
            sum += y * y;
        }
        (sum, exposure)
    }

    /// What a row comes to.
    pub(super) fn row(&self, band: &Band, trades: &[f64]) -> f64 {
        let mut sum = 0.0;
        for v in &band.members {
            sum += trades[*v];
            if band.counts == Counts::Cash {
                sum += trades[*v].abs() * self.variables[*v].half;
            }
        }
        sum
    }
}

impl Band {
    /// By how much a value is outside of the bounds: negative is below.
    pub(super) fn miss(&self, value: f64) -> f64 {
        if value > self.high {
            value - self.high
        } else if value < self.low {
            value - self.low
        } else {
            0.0
        }
    }
}
