//! A portfolio as optimization data: fractions of the value, and one variable for each account and security.

use std::collections::BTreeMap;

use super::input::{Portfolio, SecurityIn};
use unisleeve_numeric::root;
use unisleeve_solver::beyond;
use unisleeve_tax::term;
use unisleeve_units::Term;

/// A lot, or the part of a lot, as a segment of selling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    /// Position of the lot in the security's list.
    pub lot: usize,
    /// Weight.
    pub width: f64,
    /// Tax on each dollar sold, at the optimizer's rates.
    pub tax: f64,
    /// Amount that each dollar sold adds to the year's net gain.
    pub gain: f64,
    /// Gain or loss on each dollar sold, whether or not it is taxed or disallowed.
    pub raw_gain: f64,
    /// Number of shares, and whether their loss is disallowed.
    pub shares: f64,
    pub is_disallowed: bool,
    /// Holding term on the trade date.
    pub term: Term,
}

/// Trades of one security in one account.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    pub security: usize,
    pub account: usize,
    /// Weight held.
    pub held: f64,
    /// Half the spread: the cost of each dollar traded.
    pub half: f64,
    /// Lots that may be sold.
    pub stretches: Vec<Stretch>,
    /// Largest weight that may be bought.
    pub buy_limit: f64,
}

/// What a row measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// Dollars traded.
    Trades,
    /// Dollars that leave cash, including spreads: `u + |u| × half`.
    Cash,
    /// Half the dollars traded: `|u| / 2`.
    Turnover,
}

impl Counts {
    /// Coefficients of `u` and of `|u|`, for half the spread `half`.
    pub(super) fn of(self, half: f64) -> (f64, f64) {
        match self {
            Self::Trades => (1.0, 0.0),
            Self::Cash => (1.0, half),
            Self::Turnover => (0.0, 0.5),
        }
    }

    /// Whether `|u|` has a coefficient.
    pub(super) fn is_absolute(self) -> bool {
        self != Self::Trades
    }
}

/// A row: `low <= Σ over members of the measured amount <= high`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Band {
    pub name: String,
    pub members: Vec<usize>,
    pub counts: Counts,
    pub low: f64,
    pub high: f64,
    /// Amount before trading in the constraint's own terms, and the sign of the row in them: after trading
    /// the amount is `before + sign × row`.
    pub before: f64,
    pub sign: f64,
}

/// The data of one rebalance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Model {
    /// Value before trading, in dollars.
    pub value: f64,
    pub variables: Vec<Variable>,
    /// Variables of each security.
    pub of_security: Vec<Vec<usize>>,
    pub bands: Vec<Band>,
    /// K, plus one column for the specific variance of each security that several accounts hold or may buy.
    pub factors: usize,
    /// `G`, one row for each variable.
    pub exposures: Vec<f64>,
    /// `d`; zero where a column of `G` replaces it.
    pub specific: Vec<f64>,
    /// The column of `G` for a security's specific variance, where several accounts hold it or may buy it.
    pub column: Vec<Option<usize>>,
    /// `a`. The benchmark weight is subtracted from one variable: the only one that holds the security or may
    /// buy it, else the first.
    pub active: Vec<f64>,
    /// The requested `γ`.
    pub risk_aversion: Option<f64>,
    /// Cap on annual tracking error.
    pub cap: Option<f64>,
    /// Gains budget, as a fraction of the value.
    pub budget: Option<f64>,
    /// Whether the purchase limit is the security's cap.
    pub capped: Vec<bool>,
}

/// Lots below this weight are not sold, because of rounding errors.
const DUST: f64 = 1e-15;
/// Smallest cap on tracking error. Smaller caps are raised to it, since they are below floating-point
/// precision.
const LEAST_CAP: f64 = 1e-9;

/// The stretches of one lot: one, or two where part of its loss would be disallowed. Empty where its loss is
/// below the threshold.
fn stretches(p: &Portfolio, s: &SecurityIn, at: usize, value: f64, is_taxable: bool) -> Vec<Stretch> {
    let lot = &s.lots[at];
    let dollars = lot.quantity * s.price;
    if dollars / value < DUST {
        return Vec::new();
    }
    let raw_gain = 1.0 - s.spread_bps / 20_000.0 - lot.basis / dollars;
    if is_taxable && raw_gain < 0.0 && -raw_gain * dollars < p.harvest_threshold * lot.basis {
        return Vec::new();
    }
    let term = term(lot.holding_start.unwrap_or(lot.acquired), p.date);
    let later = p.deferral.map_or(0.0, |d| d.discount * d.rate);
    let of = |shares: f64, is_disallowed: bool| {
        let gain = if is_taxable && !is_disallowed { raw_gain } else { 0.0 };
        let width = shares * s.price / value;
        let tax = (p.rates.of(term) - later) * gain;
        Stretch { lot: at, width, tax, gain, raw_gain, term, shares, is_disallowed }
    };
    let all = if lot.disallowed_if_sold { lot.quantity } else { lot.disallowed_shares.unwrap_or(0.0) };
    let disallowed = if is_taxable && raw_gain < 0.0 { all } else { 0.0 };
    let parts = [of(lot.quantity - disallowed, false), of(disallowed, true)];
    parts.into_iter().filter(|x| x.shares > 0.0).collect()
}

impl Model {
    /// The model of a portfolio that has passed validation.
    pub(super) fn new(p: &Portfolio) -> Self {
        let value = p.value();
        let (root, rank) = root(&p.factor_covariance).unwrap_or_default();
        let mut model = Self {
            value,
            variables: Vec::new(),
            of_security: Vec::new(),
            bands: Vec::new(),
            factors: rank,
            exposures: Vec::new(),
            specific: Vec::new(),
            column: Vec::new(),
            active: Vec::new(),
            risk_aversion: p.risk_aversion,
            cap: p.max_tracking_error.map(|cap| if cap > LEAST_CAP { cap } else { LEAST_CAP }),
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
        let mut in_one: Vec<Option<usize>> = Vec::new();
        for security in &p.securities {
            let holds = |a: usize| security.lots.iter().any(|l| p.account_of(l) == Some(a));
            let mut able =
                (0..p.accounts.len()).filter(|a| security.can_buy && in_account[*a] > 0.0 || holds(*a));
            let (first, second) = (able.next(), able.next());
            in_one.push(if second.is_none() { Some(first.unwrap_or(0)) } else { None });
            model.column.push(second.map(|_| model.factors));
            model.factors += usize::from(second.is_some());
        }
        let factors = model.factors;
        for (i, security) in p.securities.iter().enumerate() {
            let mut exposures = vec![0.0; factors];
            for (j, e) in security.exposures.iter().enumerate() {
                for (to, l) in exposures[..rank].iter_mut().zip(&root[j * rank..(j + 1) * rank]) {
                    *to += e * l;
                }
            }
            if let Some(column) = model.column[i] {
                exposures[column] = security.specific_variance.sqrt();
            }
            let mut mine = Vec::new();
            for (a, account) in p.accounts.iter().enumerate() {
                let mut lots = Vec::with_capacity(security.lots.len());
                let mut held = 0.0;
                for (j, lot) in security.lots.iter().enumerate() {
                    if p.account_of(lot) == Some(a) {
                        held += lot.quantity * security.price / value;
                        lots.extend(stretches(p, security, j, value, account.kind.is_taxable()));
                    }
                }
                // In the order in which they are sold at a zero price of gain.
                lots.sort_by(|x, y| x.tax.total_cmp(&y.tax));
                // Purchases can't exceed the account's value.
                let mut buy_limit = if security.can_buy && in_account[a] > 0.0 { in_account[a] } else { 0.0 };
                let mut capped = false;
                if let (Some(most), false) = (security.max_weight, p.accounts.len() > 1)
                    && most - held < buy_limit
                {
                    buy_limit = if most > held { most - held } else { 0.0 };
                    capped = security.can_buy;
                }
                mine.push(model.variables.len());
                let has_benchmark = a == in_one[i].unwrap_or(0);
                model.active.push(if has_benchmark { held - security.benchmark_weight } else { held });
                let is_shared = model.column[i].is_some();
                model.specific.push(if is_shared { 0.0 } else { security.specific_variance });
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
        if let Some(most) = p.turnover_cap {
            self.bands.push(Band {
                name: "turnover_cap".to_owned(),
                members: (0..self.variables.len()).collect(),
                counts: Counts::Turnover,
                low: f64::NEG_INFINITY,
                high: most,
                before: 0.0,
                sign: 1.0,
            });
        }
        for (i, security) in p.securities.iter().enumerate() {
            let Some(most) = security.max_weight else { continue };
            let members = self.of_security[i].clone();
            let held = self.held(&members);
            // In a single account the cap limits purchases, unless more is already held.
            if members.len() > 1 || held > most {
                self.weight_band(format!("max_weight {}", security.symbol), members, f64::NEG_INFINITY, most);
            }
        }
        let by_symbol: BTreeMap<&str, usize> =
            p.securities.iter().enumerate().map(|(i, s)| (s.symbol.as_str(), i)).collect();
        for group in &p.groups {
            let mut securities: Vec<usize> =
                group.symbols.iter().filter_map(|s| by_symbol.get(s.as_str()).copied()).collect();
            securities.sort_unstable();
            let members = securities.into_iter().flat_map(|i| self.of_security[i].clone()).collect();
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

    /// Annual variance after trades, and the exposure to each column of `G`.
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

    /// Amount of a row for given trades.
    pub(super) fn row(&self, band: &Band, trades: &[f64]) -> f64 {
        let mut sum = 0.0;
        for v in &band.members {
            let (net, gross) = band.counts.of(self.variables[*v].half);
            sum += net * trades[*v] + gross * trades[*v].abs();
        }
        sum
    }
}

impl Band {
    /// Distance of a value from the bounds; negative below them.
    pub(super) fn miss(&self, value: f64) -> f64 {
        beyond(value, self.low, self.high)
    }
}
