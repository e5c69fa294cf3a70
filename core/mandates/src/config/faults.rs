//! Checks of a configuration that need no prices.

use chrono::{Datelike, NaiveDate};

use super::{Config, DriftBy, Funding, MAIN_ACCOUNT, PolicySleeve, Restrictions, TradingConfig};
use crate::Habits;

/// Largest lengths of lists. Accounts and sleeves are numbered with 16 bits; dated entries are checked at
/// every session.
const MOST_ACCOUNTS: usize = 100;
const MOST_SLEEVES: usize = 500;
const MOST_DATED: usize = 10_000;
/// Years in which dates may fall.
pub(super) const YEARS: core::ops::RangeInclusive<i32> = 1900..=2200;

/// A fault in a configuration that prevents a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// Key, such as `policy[0].weight`.
    pub key: String,
    /// The value found and what was expected.
    pub message: String,
}

impl Config {
    /// All faults that can be found without prices; empty if there are none.
    pub fn faults(&self) -> Vec<ConfigFault> {
        let mut faults = Vec::new();
        let mut fault =
            |key: &str, message: String| faults.push(ConfigFault { key: key.to_owned(), message });
        if self.start >= self.end {
            fault("end", format!("{}: expected a date after start, {}", self.end, self.start));
        }
        for (key, date) in [("start", self.start), ("end", self.end)] {
            if !YEARS.contains(&date.year()) {
                fault(key, format!("{date}: expected a date from 1900 to 2200"));
            }
        }
        let cash = self.household.cash;
        if cash.is_negative() || (cash.is_zero() && self.household.lots.is_empty()) {
            fault("household.cash", format!("{cash}: expected an amount above zero, or lots"));
        }
        for (key, money) in [
            ("tax.carry_short", self.tax.carry_short),
            ("tax.carry_long", self.tax.carry_long),
            ("trading.min_trade", self.trading.min_trade),
            ("tax.gains_budget", self.tax.gains_budget.unwrap_or_default()),
            ("sma.min_transfer", self.sma.min_transfer.unwrap_or_default()),
        ] {
            if money.is_negative() {
                fault(key, format!("{money}: expected an amount of zero or more"));
            }
        }
        let deferral = &self.tax.deferral;
        for (key, x, low, high) in [
            ("tax.inflation", self.tax.inflation, -0.05, 0.2),
            ("tax.liquidation_short", self.tax.liquidation_short.unwrap_or(0.0), 0.0, 1.0),
            ("tax.liquidation_long", self.tax.liquidation_long.unwrap_or(0.0), 0.0, 1.0),
            ("ending.charity_share", self.ending.charity_share.to_f64(), 0.0, 1.0),
            ("ending.donee_short", self.ending.donee_short.unwrap_or(0.0), 0.0, 1.0),
            ("ending.donee_long", self.ending.donee_long.unwrap_or(0.0), 0.0, 1.0),
            ("tax.deferral.rate", deferral.rate, 0.0, 0.5),
            ("tax.deferral.years", deferral.years, 0.0, 100.0),
            ("tax.deferral.step_up", deferral.step_up, 0.0, 1.0),
            ("tax.deferral.carryforward_years", deferral.carryforward_years, 0.0, 100.0),
            ("trading.risk_aversion", self.trading.risk_aversion, 1e-6, 1e9),
            ("trading.spread_bps", self.trading.spread_bps, 0.0, 1_000.0),
            ("risk.shrinkage", self.risk.shrinkage, 0.0, 1.0),
            ("trading.impact", self.trading.impact, 0.0, 10.0),
            ("trading.cash_buffer", self.trading.cash_buffer, 0.0, 0.5),
            ("trading.band", self.trading.band, 0.0, 1.0),
            ("sma.band", self.sma.band.unwrap_or(0.0), 0.0, 1.0),
            ("sma.drift_price", self.sma.drift_price.unwrap_or(0.0), 0.0, 1.0),
            ("sma.buffer", self.sma.buffer.unwrap_or(0.0), 0.0, 0.5),
            ("fees.direct_index", self.fees.direct_index, 0.0, 0.1),
            ("fees.advisor", self.fees.advisor, 0.0, 0.1),
            ("fees.uma", self.fees.uma, 0.0, 0.1),
            ("workload.minutes_per_task", self.workload.minutes_per_task, 0.0, 10_000.0),
            ("workload.minutes_per_ticket", self.workload.minutes_per_ticket, 0.0, 10_000.0),
            ("workload.minutes_per_transfer", self.workload.minutes_per_transfer, 0.0, 10_000.0),
            ("workload.hourly_rate", self.workload.hourly_rate.unwrap_or(0.0), 0.0, 100_000.0),
            ("trading.trigger", self.trading.trigger.unwrap_or(0.01), 0.0001, 1.0),
        ] {
            if !(low..=high).contains(&x) {
                fault(key, format!("{x}: expected a number from {low} to {high}"));
            }
        }
        let is_given = self.trading.band.to_bits() != TradingConfig::default().band.to_bits();
        if is_given && self.sma.band.is_some() {
            fault("sma.band", "is the former name of trading.band: expected one of the two".to_owned());
        }
        if self.risk.window < 20 || self.risk.window > 5_000 {
            fault("risk.window", format!("{}: expected 20 to 5000 sessions", self.risk.window));
        }
        if self.risk.factors > 100 {
            fault("risk.factors", format!("{}: expected at most 100", self.risk.factors));
        }
        for (key, days) in [("sma.lag", self.sma.lag), ("sma.notice", self.sma.notice)] {
            if let Some(days) = days.filter(|d| *d > 250) {
                fault(key, format!("{days}: expected 0 to 250 trading days"));
            }
        }
        let habits = Habits::of(self);
        if !habits.sees_lots && habits.funding == Funding::LeastCost {
            fault(
                "sma.funding",
                "least_cost with sees_lots = false: expected overweight_first, pro_rata or funds_first, which \
                 need no lots"
                    .to_owned(),
            );
        }
        if sma_contradicts(self) {
            fault("sma.drift_price", "a price with drift_by = \"risk\": expected one of the two".to_owned());
        }
        for (i, file) in self.data.iter().flat_map(|d| &d.prices).enumerate() {
            let key = format!("data.prices[{i}]");
            if file.file.is_empty() == file.folder.is_empty() {
                let message = "expected either `file` or `folder`".to_owned();
                faults.push(ConfigFault { key, message });
            } else if !file.folder.is_empty() && !file.symbol.is_empty() {
                let message = format!("{} beside a folder: expected it beside a file, or none", file.symbol);
                faults.push(ConfigFault { key: format!("{key}.symbol"), message });
            }
        }
        self.date_faults(&mut faults);
        self.length_faults(&mut faults);
        self.policy_faults("policy", &self.policy, &mut faults);
        self.restriction_faults("restrictions", &self.restrictions, &mut faults);
        self.change_faults(&mut faults);
        self.tax_faults(&mut faults);
        self.household_faults(&mut faults);
        faults
    }

    /// Dates outside the supported years.
    fn date_faults(&self, faults: &mut Vec<ConfigFault>) {
        let house = &self.household;
        for (i, flow) in house.flows.iter().enumerate() {
            check_year(faults, ("household.flows", i, "from"), flow.from);
            check_year(faults, ("household.flows", i, "to"), flow.to.unwrap_or(self.start));
        }
        for (i, gift) in house.gifts.iter().enumerate() {
            check_year(faults, ("household.gifts", i, "from"), gift.from);
            check_year(faults, ("household.gifts", i, "to"), gift.to.unwrap_or(self.start));
        }
        for (i, lot) in house.lots.iter().enumerate() {
            check_year(faults, ("household.lots", i, "acquired"), lot.acquired);
        }
        for (i, closing) in house.closings.iter().enumerate() {
            check_year(faults, ("household.closings", i, "date"), closing.date);
        }
        for (i, sleeve) in self.policy.iter().enumerate() {
            check_year(faults, ("policy", i, "since"), sleeve.since.unwrap_or(self.start));
        }
        for (i, change) in self.changes.iter().enumerate() {
            check_year(faults, ("changes", i, "date"), change.date);
        }
    }

    fn length_faults(&self, faults: &mut Vec<ConfigFault>) {
        let house = &self.household;
        check_length(faults, "household.accounts", house.accounts.len(), MOST_ACCOUNTS);
        check_length(faults, "household.flows", house.flows.len(), MOST_DATED);
        check_length(faults, "household.gifts", house.gifts.len(), MOST_DATED);
        check_length(faults, "household.closings", house.closings.len(), MOST_DATED);
        check_length(faults, "household.outside_gains", house.outside_gains.len(), MOST_DATED);
        check_length(faults, "household.outside_income", house.outside_income.len(), MOST_DATED);
        check_length(faults, "changes", self.changes.len(), MOST_DATED);
        check_length(faults, "policy", self.policy.len(), MOST_SLEEVES);
        for change in &self.changes {
            check_length(faults, "changes.policy", change.policy.len(), MOST_SLEEVES);
        }
    }

    fn change_faults(&self, faults: &mut Vec<ConfigFault>) {
        let mut previous = self.start;
        for (i, change) in self.changes.iter().enumerate() {
            if change.date <= previous {
                let message = format!("{}: expected a date after {previous}", change.date);
                faults.push(ConfigFault { key: format!("changes[{i}].date"), message });
            }
            previous = change.date;
            if !change.policy.is_empty() {
                self.policy_faults(&format!("changes[{i}].policy"), &change.policy, faults);
            }
            if let Some(r) = &change.restrictions {
                self.restriction_faults(&format!("changes[{i}].restrictions"), r, faults);
            }
        }
    }

    fn restriction_faults(&self, place: &str, r: &Restrictions, faults: &mut Vec<ConfigFault>) {
        for (j, list) in r.exclude_lists.iter().enumerate() {
            if !self.lists.contains_key(list) {
                let known: Vec<&str> = self.lists.keys().map(String::as_str).collect();
                let message = format!("{list}: expected one of the lists: {}", known.join(", "));
                faults.push(ConfigFault { key: format!("{place}.exclude_lists[{j}]"), message });
            }
        }
        if let Some(cap) = r.position_cap.filter(|c| !(0.0001..=1.0).contains(c)) {
            let message = format!("{cap}: expected a number from 0.0001 to 1");
            faults.push(ConfigFault { key: format!("{place}.position_cap"), message });
        }
    }

    /// Whether an account of this name exists.
    fn has_account(&self, name: &str) -> bool {
        name == MAIN_ACCOUNT || self.household.accounts.iter().any(|a| a.name == name)
    }

    /// Whether an account starts with cash or lots. The main account always counts, because flows go there.
    fn has_money(&self, name: &str) -> bool {
        let house = &self.household;
        name == MAIN_ACCOUNT
            || house.accounts.iter().any(|a| a.name == name && a.cash.is_positive())
            || house.lots.iter().any(|l| l.account.as_deref() == Some(name))
    }

    fn household_faults(&self, faults: &mut Vec<ConfigFault>) {
        let house = &self.household;
        let mut fault = |key: String, message: String| faults.push(ConfigFault { key, message });
        for (i, account) in house.accounts.iter().enumerate() {
            let is_taken = house.accounts[..i].iter().any(|a| a.name == account.name);
            if account.name == MAIN_ACCOUNT || account.name.is_empty() || is_taken {
                fault(
                    format!("household.accounts[{i}].name"),
                    format!(
                        "`{}`: expected a name of its own ({MAIN_ACCOUNT} is the main account)",
                        account.name
                    ),
                );
            }
            if let Some(born) = account.born {
                let age = self.start.year() - born.year();
                if !account.kind.is_tax_deferred() {
                    fault(
                        format!("household.accounts[{i}].born"),
                        format!("{born}: expected no date of birth: only an IRA has required distributions"),
                    );
                } else if !(0..=120).contains(&age) {
                    fault(
                        format!("household.accounts[{i}].born"),
                        format!("{born}: expected a date up to 120 years before the start, {}", self.start),
                    );
                }
            }
            if account.cash.is_negative() {
                fault(
                    format!("household.accounts[{i}].cash"),
                    format!("{}: expected zero or more", account.cash),
                );
            }
        }
        let named = house.lots.iter().map(|l| &l.account).enumerate().map(|(i, a)| ("lots", i, a));
        let closed = house.closings.iter().map(|c| &c.account).enumerate().map(|(i, a)| ("closings", i, a));
        for (what, i, account) in named.chain(closed) {
            if let Some(name) = account.as_ref().filter(|n| !self.has_account(n)) {
                fault(
                    format!("household.{what}[{i}].account"),
                    format!("{name}: expected {MAIN_ACCOUNT} or one of household.accounts"),
                );
            }
        }
        for (i, lot) in house.lots.iter().enumerate() {
            if !lot.quantity.is_positive() {
                fault(
                    format!("household.lots[{i}].quantity"),
                    format!("{}: expected a number above zero", lot.quantity),
                );
            }
            if lot.basis.is_negative() {
                fault(format!("household.lots[{i}].basis"), format!("{}: expected zero or more", lot.basis));
            }
            if lot.acquired > self.start {
                fault(
                    format!("household.lots[{i}].acquired"),
                    format!("{}: expected a date up to the start, {}", lot.acquired, self.start),
                );
            }
        }
        for (i, gift) in house.gifts.iter().enumerate() {
            if !gift.amount.is_positive() {
                fault(
                    format!("household.gifts[{i}].amount"),
                    format!("{}: expected an amount above zero", gift.amount),
                );
            }
        }
        for (i, gain) in house.outside_gains.iter().enumerate() {
            if !(self.start..=self.end).contains(&gain.date) {
                fault(
                    format!("household.outside_gains[{i}].date"),
                    format!("{}: expected a date from {} to {}, the run", gain.date, self.start, self.end),
                );
            }
        }
        for (i, closing) in house.closings.iter().enumerate() {
            if closing.date <= self.start {
                fault(
                    format!("household.closings[{i}].date"),
                    format!("{}: expected a date after the start, {}", closing.date, self.start),
                );
            }
        }
    }

    fn policy_faults(&self, place: &str, policy: &[PolicySleeve], faults: &mut Vec<ConfigFault>) {
        let mut fault = |key: String, message: String| faults.push(ConfigFault { key, message });
        let sum = policy.iter().fold(0.0, |sum, s| sum + s.weight);
        if (sum - 1.0).abs() > 1e-9 {
            fault(place.to_owned(), format!("the weights add up to {sum:.6}: expected 1"));
        }
        // (manager, symbol, key)
        let mut symbols: Vec<(&str, &str, String)> = Vec::new();
        for (i, sleeve) in policy.iter().enumerate() {
            let key = |name: &str| format!("{place}[{i}].{name}");
            if !(0.0..=1.0).contains(&sleeve.weight) {
                fault(key("weight"), format!("{}: expected a number from 0 to 1", sleeve.weight));
            }
            if let Some(since) = sleeve.since.filter(|d| *d > self.start) {
                fault(key("since"), format!("{since}: expected a date up to the start, {}", self.start));
            }
            if sleeve.fund.is_empty() {
                let what = if sleeve.is_direct() { FUND_NEEDED } else { "the fund's symbol, or stocks" };
                fault(key("fund"), format!("missing: expected {what}"));
            }
            if !sleeve.weights.is_empty() {
                let sum: f64 = sleeve.weights.iter().sum();
                if sleeve.weights.len() != sleeve.stocks.len() {
                    let (found, expected) = (sleeve.weights.len(), sleeve.stocks.len());
                    fault(
                        key("weights"),
                        format!("{found} weights: expected one for each of {expected} stocks"),
                    );
                } else if (sum - 1.0).abs() > 1e-6 || sleeve.weights.iter().any(|w| *w <= 0.0) {
                    fault(
                        key("weights"),
                        format!("they add up to {sum:.6}: expected weights above zero that add up to 1"),
                    );
                }
            }
            if policy[..i].iter().any(|s| s.name == sleeve.name) {
                fault(key("name"), format!("`{}`: expected a name of its own", sleeve.name));
            }
            if let Some(band) = sleeve.band.filter(|b| !(0.0..=1.0).contains(b)) {
                fault(key("band"), format!("{band}: expected a number from 0 to 1"));
            }
            if !(sleeve.index.is_empty() || sleeve.stocks.is_empty() && sleeve.weights.is_empty()) {
                fault(
                    key("index"),
                    format!("{} beside stocks or weights: expected one of them", sleeve.index),
                );
            }
            let most = if sleeve.index.is_empty() { sleeve.stocks.len() } else { usize::MAX };
            if sleeve.subset.is_some_and(|n| n == 0 || n > most) {
                fault(key("subset"), format!("{}: expected 1 to {most}", sleeve.subset.unwrap_or(0)));
            }
            for (j, name) in sleeve.accounts.iter().enumerate() {
                if !self.has_account(name) {
                    fault(
                        format!("{place}[{i}].accounts[{j}]"),
                        format!("{name}: expected {MAIN_ACCOUNT} or one of household.accounts"),
                    );
                }
            }
            // Money never moves between accounts, so an account that starts empty stays empty.
            let is_known = sleeve.accounts.iter().all(|a| self.has_account(a));
            let is_idle = !sleeve.accounts.is_empty() && !sleeve.accounts.iter().any(|a| self.has_money(a));
            if sleeve.weight > 0.0 && is_known && is_idle {
                let names = sleeve.accounts.join(", ");
                fault(
                    key("accounts"),
                    format!("{names}: expected an account that starts with cash or lots, or a weight of 0"),
                );
            }
            let others = [("fund", &sleeve.fund), ("pair", &sleeve.pair)];
            let others = others.into_iter().filter(|(_, symbol)| !symbol.is_empty());
            let places = sleeve.stocks.iter().enumerate().map(|(j, s)| (format!("stocks[{j}]"), s));
            let places = places.chain(others.map(|(name, symbol)| (name.to_owned(), symbol)));
            let manager = sleeve.manager_name();
            for (name, symbol) in places {
                let same =
                    |(m, s, _): &&(&str, &str, String)| *m == manager && s.eq_ignore_ascii_case(symbol);
                if let Some((_, _, other)) = symbols.iter().find(same) {
                    fault(
                        key(&name),
                        format!(
                            "{symbol} stands in {other} too: expected each symbol once under one manager"
                        ),
                    );
                } else {
                    symbols.push((manager, symbol, key(&name)));
                }
            }
        }
    }
}

/// Whether `[sma]` gives a price of drift that its other key does not use.
fn sma_contradicts(config: &Config) -> bool {
    config.sma.drift_by == Some(DriftBy::Risk) && config.sma.drift_price.is_some()
}

/// Checks the year of a date in an entry of a list.
fn check_year(faults: &mut Vec<ConfigFault>, (list, i, field): (&str, usize, &str), date: NaiveDate) {
    if !YEARS.contains(&date.year()) {
        let message = format!("{date}: expected a date from 1900 to 2200");
        faults.push(ConfigFault { key: format!("{list}[{i}].{field}"), message });
    }
}

fn check_length(faults: &mut Vec<ConfigFault>, key: &str, length: usize, most: usize) {
    if length > most {
        let message = format!("{length} entries: expected at most {most}");
        faults.push(ConfigFault { key: key.to_owned(), message });
    }
}

const FUND_NEEDED: &str = "the symbol of a fund of the same index, which the control arms hold";
