//! Arms: setups that are compared on the same prices.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Serialize;

use super::config::Practice;
use super::config::{ADVISOR, MAIN_ACCOUNT};
use super::{Config, ConfigFault, Habit, Habits, LegacyLot, PolicySleeve, Restrictions, Switch, Switches};
use unisleeve_books::household::Account;
use unisleeve_market::risk::RiskSource;
use unisleeve_market::{Drift, IndexId, Market, MarketError};
use unisleeve_units::{AccountId, AccountKind, MandateId, Money, PocketId, SecurityId, SleeveId};

/// Why real prices can't have a scenario's risk model.
pub const NO_SCENARIO: &str =
    "scenario: expected simulated futures of the market model; for real prices expected estimated";

/// Arm of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ArmKind {
    /// One manager runs all sleeves.
    Uma,
    /// Specialists run the direct indices and the advisor the funds, with the habits of `[sma]`.
    Sma,
    /// The same partition with the best habits.
    SmaBest,
    /// The same partition with typical habits.
    SmaTypical,
    /// The same policy held in funds only, with one manager.
    Funds,
    /// Funds only. A sleeve may also buy its second fund, so that losses can be harvested at fund level.
    FundPairs,
    /// One manager runs all sleeves, but a direct index with `subset` buys only its largest stocks, as in a
    /// delivered model.
    UmaSubset,
    /// The policy held in funds and rebalanced to the policy weights each time.
    Shadow,
}

impl ArmKind {
    /// All kinds, in the order of the type.
    pub const ALL: [Self; 8] = [
        Self::Uma,
        Self::Sma,
        Self::SmaBest,
        Self::SmaTypical,
        Self::Funds,
        Self::FundPairs,
        Self::UmaSubset,
        Self::Shadow,
    ];

    /// The setups with separate managers, best habits first.
    pub const SEPARATE: [Self; 3] = [Self::SmaBest, Self::Sma, Self::SmaTypical];

    /// The setup of separate managers with a practice.
    pub fn of_practice(practice: Practice) -> Self {
        match practice {
            Practice::Best => Self::SmaBest,
            Practice::Diligent => Self::Sma,
            Practice::Typical => Self::SmaTypical,
        }
    }

    /// One manager and the three setups that it is compared with.
    pub const COMPARED: [Self; 4] = [Self::Uma, Self::SmaBest, Self::Sma, Self::SmaTypical];

    /// Name used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uma => "uma",
            Self::Sma => "sma",
            Self::SmaBest => "sma_best",
            Self::SmaTypical => "sma_typical",
            Self::Funds => "funds",
            Self::FundPairs => "fund_pairs",
            Self::UmaSubset => "uma_subset",
            Self::Shadow => "shadow",
        }
    }

    /// Whether separate managers run the sleeves.
    pub fn is_separate(self) -> bool {
        Self::SEPARATE.contains(&self)
    }

    fn holds_stocks(self) -> bool {
        self.is_separate() || matches!(self, Self::Uma | Self::UmaSubset)
    }

    /// The habits of the managers in this arm. One manager who runs everything works as the best do.
    pub fn habits(self, config: &Config) -> Habits {
        match self {
            Self::Sma => Habits::of(config),
            Self::SmaTypical => Habits::preset(Practice::Typical, config),
            _ => Habits::preset(Practice::Best, config),
        }
    }
}

/// How orders are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By the optimizer.
    Optimise,
    /// Rebalance to the policy weights without regard to tax.
    ToPolicy,
}

/// A security that a sleeve may hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Holding {
    /// Security.
    pub security: SecurityId,
    /// Whether it may be bought.
    pub can_buy: bool,
    /// Whether it may be sold.
    pub can_sell: bool,
    /// Whether it is excluded and must be sold.
    pub must_go: bool,
    /// Largest position that purchases may reach, as a fraction of the portfolio. `None`: no limit.
    pub cap: Option<f64>,
}

/// A sleeve in one phase of an arm.
#[derive(Debug, Clone, PartialEq)]
pub struct SleeveSpec {
    /// Name.
    pub name: String,
    /// Asset class. Bands and reports group sleeves by it.
    pub asset_class: String,
    /// Policy weight, a fraction of the portfolio.
    pub weight: f64,
    /// The sleeve's own band, a fraction of the portfolio. `None`: only the band of its asset class applies.
    pub band: Option<f64>,
    /// Index that it follows. `None` for a sleeve that is no longer in the policy and for the sleeve of
    /// legacy lots.
    pub index: Option<IndexId>,
    /// Securities that it may hold, sorted by id.
    pub holdings: Vec<Holding>,
    /// Whether the members of its index change over time. Then it may buy only the members of the day.
    pub members_only: bool,
    /// If set, it may buy only this many of the largest members.
    pub most: Option<usize>,
}

/// The sleeves in force from a date on. All phases of a setup list the same sleeves in the same order.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// First date on which the phase applies.
    pub from: NaiveDate,
    /// Sleeves, indexed by [`SleeveId`].
    pub sleeves: Vec<SleeveSpec>,
}

/// A manager's brief.
#[derive(Debug, Clone)]
pub struct Mandate {
    /// Name of the manager.
    pub name: String,
    /// Sleeves that it may trade.
    pub sleeves: Vec<SleeveId>,
}

/// A sleeve in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Account.
    pub account: AccountId,
    /// Sleeve.
    pub sleeve: SleeveId,
}

/// A partition of the household into mandates, with the switches that connect them.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Arm.
    pub kind: ArmKind,
    /// Switches that are on. A switch that has nothing to act on (no lag, no fees) counts as on.
    pub switches: Switches,
    /// How the managers work.
    pub habits: Habits,
    /// Accounts. The first is the main account.
    pub accounts: Vec<Account>,
    /// Phases of the strategy, sorted by date.
    pub phases: Vec<Phase>,
    /// Mandates. The last is the advisor's, which handles client flows, fees and taxes.
    pub mandates: Vec<Mandate>,
    /// All pairs of account and sleeve that may be held.
    pub cells: Vec<Cell>,
    /// For each lot of `household.lots`, in the same order: its cell and its security.
    pub legacy: Vec<(Cell, SecurityId)>,
    /// How orders are chosen.
    pub method: Method,
    /// Group of each security of the market: substantially identical securities have the same number.
    pub identical: Vec<u32>,
    /// Whether the wash-sale rule leaves a security of the market alone; empty if it covers all.
    pub exempt: Vec<bool>,
}

impl Setup {
    /// Sleeves in force on a date. Before the first phase, those of the first.
    pub fn sleeves(&self, date: NaiveDate) -> &[SleeveSpec] {
        let after = self.phases.partition_point(|p| p.from <= date);
        self.phases.get(after.saturating_sub(1)).map_or(&[], |p| p.sleeves.as_slice())
    }

    /// Mandate that trades a sleeve.
    pub fn mandate_of(&self, sleeve: SleeveId) -> MandateId {
        let at =
            self.mandates.iter().position(|m| m.sleeves.contains(&sleeve)).unwrap_or(self.mandates.len() - 1);
        MandateId(at as u16)
    }

    /// The advisor's mandate, which is the last or the only one.
    pub fn advisor(&self) -> MandateId {
        MandateId((self.mandates.len() - 1) as u16)
    }

    /// Whether a mandate is a specialist's: that of a separate manager who is not the advisor. A specialist
    /// who runs everything alone is still one.
    pub fn is_specialist(&self, mandate: MandateId) -> bool {
        self.kind.is_separate() && self.mandates.get(mandate.index()).is_some_and(|m| m.name != ADVISOR)
    }

    /// Trading days between a request and the specialist's trade; zero with the switch `lag`.
    pub fn notice(&self) -> u32 {
        if self.switches.has(Switch::Lag) { 0 } else { self.habits.notice }
    }

    /// Trading days between that trade and the arrival of the money; zero with the switch `lag`.
    pub fn lag(&self) -> u32 {
        if self.switches.has(Switch::Lag) { 0 } else { self.habits.lag }
    }

    /// Pocket with a mandate's cash in an account.
    pub fn pocket(&self, account: AccountId, mandate: MandateId) -> PocketId {
        PocketId(account.0 * self.mandates.len() as u16 + mandate.0)
    }

    /// Pocket for client flows, fees and taxes: the advisor's in the main account.
    pub fn main_pocket(&self) -> PocketId {
        self.pocket(AccountId::MAIN, self.advisor())
    }

    /// Cells of a mandate, as indices into [`Setup::cells`].
    pub fn cells_of(&self, mandate: MandateId) -> impl Iterator<Item = usize> {
        (0..self.cells.len()).filter(move |c| self.mandate_of(self.cells[*c].sleeve) == mandate)
    }

    /// Switches that can make a difference for this household under separate management.
    ///
    /// The others have nothing to act on: no security in common, one manager, one cell, no cash needs, no
    /// lag, or equal fees.
    pub fn acting(&self, config: &Config) -> Switches {
        let busy: Vec<MandateId> = (0..self.mandates.len() as u16)
            .map(MandateId)
            .filter(|m| self.cells_of(*m).next().is_some())
            .collect();
        let several = busy.len() > 1;
        // Groups of identical securities, each with the first mandate that may hold one of them.
        let mut held: Vec<(u32, MandateId)> = Vec::new();
        let mut common = false;
        for cell in &self.cells {
            let mandate = self.mandate_of(cell.sleeve);
            let sleeves = self.phases.iter().filter_map(|p| p.sleeves.get(cell.sleeve.index()));
            for holding in sleeves.flat_map(|s| &s.holdings) {
                let group =
                    self.identical.get(holding.security.index()).copied().unwrap_or(holding.security.0);
                match held.binary_search_by_key(&group, |(g, _)| *g) {
                    Ok(at) => common |= held[at].1 != mandate,
                    Err(at) => held.insert(at, (group, mandate)),
                }
            }
        }
        let (house, fees) = (&config.household, &config.fees);
        let needs = !house.flows.is_empty() || !house.closings.is_empty() || !fees.is_free();
        let acts = |switch| match switch {
            Switch::Wash => common,
            Switch::Gains | Switch::Risk => several,
            Switch::Pool => several && (needs || config.trading.cash_buffer > 0.0),
            Switch::Joint => self.cells.len() > 1,
            Switch::Lag => several && is_late(&self.habits),
            Switch::Fees => fees.direct_index > 0.0 || (fees.advisor - fees.uma).abs() > 0.0,
        };
        Switch::ALL.into_iter().filter(|s| acts(*s)).fold(Switches::NONE, Switches::with)
    }

    /// Habits that differ between two sets and can make a difference for this household.
    ///
    /// The others have nothing to act on: one manager, no fund of the advisor in a taxable account, no pair of
    /// funds, or no gain from outside.
    pub fn acting_habits(&self, config: &Config, from: &Habits, to: &Habits) -> Vec<Habit> {
        let advisor = self.advisor();
        let several = (0..self.cells.len()).any(|c| self.mandate_of(self.cells[c].sleeve) != advisor)
            && self.mandates.len() > 1;
        let is_taxable =
            |cell: &Cell| self.accounts.get(cell.account.index()).is_some_and(|a| a.kind.is_taxable());
        let sleeves = || config.policy.iter().chain(config.changes.iter().flat_map(|c| &c.policy));
        let acts = |habit| match habit {
            Habit::FundLots => self.cells_of(advisor).any(|c| is_taxable(&self.cells[c])),
            Habit::HarvestFunds => sleeves().any(|s| !s.pair.is_empty()),
            Habit::KnowsOutsideGains => !config.household.outside_gains.is_empty(),
            _ => true,
        };
        let differs = |habit: Habit| from.with(habit, to) != *from;
        Habit::ALL.into_iter().filter(|h| several && differs(*h) && acts(*h)).collect()
    }

    /// The securities of [`Setup::securities`], sorted and without duplicates.
    pub fn universe(&self) -> Vec<SecurityId> {
        let mut universe: Vec<SecurityId> = self.securities().collect();
        universe.sort_unstable();
        universe.dedup();
        universe
    }

    /// All securities that the arm may hold or is measured against; may contain duplicates.
    pub fn securities(&self) -> impl Iterator<Item = SecurityId> {
        let held = self.phases.iter().flat_map(|p| &p.sleeves).flat_map(|s| &s.holdings).map(|h| h.security);
        held.chain(self.legacy.iter().map(|(_, s)| *s))
    }
}

/// Builds an arm. Adds the indices that its sleeves follow to the market.
///
/// # Errors
/// All faults: symbols that the market lacks, lots without a price at the start, missing volumes, risk
/// figures that start too late, indices without prices, sleeves with every security excluded, accounts that
/// may hold no sleeve.
pub fn arm(kind: ArmKind, config: &Config, market: &mut Market) -> Result<Setup, Vec<ConfigFault>> {
    let switches = if kind.is_separate() { Switches::NONE } else { Switches::ALL };
    Builder { kind, habits: kind.habits(config), config, market, faults: Vec::new(), indices: Vec::new() }
        .build(switches)
}

/// Builds an arm between the best SMA and UMA, with the given switches on. With all switches on the result is
/// UMA.
///
/// # Errors
/// As for [`arm`].
pub fn partial(switches: Switches, config: &Config, market: &mut Market) -> Result<Setup, Vec<ConfigFault>> {
    let kind = ArmKind::SmaBest;
    Builder { kind, habits: kind.habits(config), config, market, faults: Vec::new(), indices: Vec::new() }
        .build(switches)
}

/// Builds an arm with separate managers that have given habits. The arm's kind is [`ArmKind::Sma`].
///
/// # Errors
/// As for [`arm`].
pub fn separate(habits: Habits, config: &Config, market: &mut Market) -> Result<Setup, Vec<ConfigFault>> {
    Builder { kind: ArmKind::Sma, habits, config, market, faults: Vec::new(), indices: Vec::new() }
        .build(Switches::NONE)
}

/// Whether money moves later than it is asked for.
fn is_late(habits: &Habits) -> bool {
    habits.notice > 0 || habits.lag > 0
}

/// Adds the switches that can't act: `lag` without notice and lag, and `fees` without fees.
pub fn effective(switches: Switches, habits: &Habits, config: &Config) -> Switches {
    let mut switches = switches;
    if !is_late(habits) {
        switches = switches.with(Switch::Lag);
    }
    if config.fees.is_free() {
        switches = switches.with(Switch::Fees);
    }
    switches
}

struct Builder<'a> {
    kind: ArmKind,
    habits: Habits,
    config: &'a Config,
    market: &'a mut Market,
    faults: Vec<ConfigFault>,
    /// Indices built so far: the sleeve they were built from, the date of their weights, and their id.
    indices: Vec<(PolicySleeve, NaiveDate, IndexId)>,
}

impl Builder<'_> {
    fn build(mut self, switches: Switches) -> Result<Setup, Vec<ConfigFault>> {
        let config = self.config;
        let switches = effective(switches, &self.habits, config);
        if let Some(first) = self.market.given_risk_from().filter(|first| *first > config.start) {
            self.faults.push(ConfigFault {
                key: "data.risk".to_owned(),
                message: format!(
                    "the figures begin on {first}: expected some by {}, the start",
                    config.start
                ),
            });
        }
        if config.risk.source == RiskSource::Scenario && !self.market.has_scenario_risk() {
            self.faults.push(ConfigFault { key: "risk.source".to_owned(), message: NO_SCENARIO.to_owned() });
        }
        if config.trading.impact > 0.0 && !self.market.has_volumes() {
            self.faults.push(ConfigFault {
                key: "trading.impact".to_owned(),
                message: "no volumes to measure it by: expected prices with a column `volume`, or 0"
                    .to_owned(),
            });
        }
        let accounts: Vec<Account> = [(MAIN_ACCOUNT, AccountKind::Taxable)]
            .into_iter()
            .chain(config.household.accounts.iter().map(|a| (a.name.as_str(), a.kind)))
            .map(|(name, kind)| Account { name: name.to_owned(), kind })
            .collect();
        // Sleeves by name, in order of first appearance.
        let mut names: Vec<&PolicySleeve> = config.policy.iter().collect();
        for sleeve in config.changes.iter().flat_map(|c| &c.policy) {
            if !names.iter().any(|s| s.name == sleeve.name) {
                names.push(sleeve);
            }
        }
        let lots = self.lots();
        let mut phases: Vec<Phase> = Vec::new();
        let starts = [(config.start, "policy".to_owned(), &config.policy, &config.restrictions)];
        let (mut policy, mut restrictions) = (&config.policy, &config.restrictions);
        let changes: Vec<_> = config
            .changes
            .iter()
            .enumerate()
            .map(|(i, change)| {
                let place = if change.policy.is_empty() {
                    "policy".to_owned()
                } else {
                    policy = &change.policy;
                    format!("changes[{i}].policy")
                };
                restrictions = change.restrictions.as_ref().unwrap_or(restrictions);
                (change.date, place, policy, restrictions)
            })
            .collect();
        for (from, place, policy, restrictions) in starts.into_iter().chain(changes) {
            let mut sleeves = Vec::new();
            for (s, name) in names.iter().enumerate() {
                let before = phases.last().map(|p: &Phase| &p.sleeves[s]);
                sleeves.push(self.sleeve(from, &place, policy, &name.name, restrictions, before));
            }
            phases.push(Phase { from, sleeves });
        }
        let direct_anywhere = self.direct_anywhere(&lots);
        // A lot goes to the first sleeve that may hold its symbol in its account. The other lots go to an
        // extra sleeve.
        let may_hold = |s: usize, account: AccountId| {
            let sleeve = names[s];
            let account = &accounts[account.index()];
            if sleeve.accounts.is_empty() {
                !sleeve.is_direct() || account.kind.is_taxable() || direct_anywhere
            } else {
                sleeve.accounts.contains(&account.name)
            }
        };
        let extra = SleeveId(names.len() as u16);
        let legacy: Vec<(Cell, SecurityId)> = lots
            .iter()
            .map(|(account, security)| {
                let takes = |s: &usize| {
                    phases.iter().any(|p| {
                        p.sleeves[*s].holdings.binary_search_by_key(security, |h| h.security).is_ok()
                    }) && may_hold(*s, *account)
                };
                let sleeve = (0..names.len()).find(takes).map_or(extra, |s| SleeveId(s as u16));
                (Cell { account: *account, sleeve }, *security)
            })
            .collect();
        let mut sleeve_ids: Vec<SleeveId> = (0..extra.0).map(SleeveId).collect();
        if legacy.iter().any(|(cell, _)| cell.sleeve == extra) {
            sleeve_ids.push(extra);
            let mut held: Vec<SecurityId> =
                legacy.iter().filter(|(c, _)| c.sleeve == extra).map(|(_, s)| *s).collect();
            held.sort_unstable();
            held.dedup();
            for (phase, restrictions) in phases.iter_mut().zip(self.restrictions()) {
                let mut held = held.clone();
                self.with_spun_off(&mut held);
                let holdings = held.iter().map(|s| self.holding(*s, false, restrictions)).collect();
                phase.sleeves.push(SleeveSpec {
                    name: "legacy".to_owned(),
                    asset_class: "legacy".to_owned(),
                    weight: 0.0,
                    band: None,
                    index: None,
                    holdings,
                    members_only: false,
                    most: None,
                });
            }
        }
        let mut cells = Vec::new();
        for a in 0..accounts.len() {
            let account = AccountId(a as u16);
            for sleeve in &sleeve_ids {
                let cell = Cell { account, sleeve: *sleeve };
                let allowed = *sleeve != extra && may_hold(sleeve.index(), account);
                if allowed || legacy.iter().any(|(c, _)| *c == cell) {
                    cells.push(cell);
                }
            }
            if !cells.iter().any(|c| c.account == account) {
                let name = &accounts[a].name;
                self.faults.push(ConfigFault {
                    key: "policy".to_owned(),
                    message: format!("account {name}: expected at least one sleeve that it may hold"),
                });
            }
        }
        let (identical, exempt) = (self.identical(), self.exempt());
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let (kind, mandates) = self.mandates(switches, &names, &sleeve_ids, cells.len());
        let method = if self.kind == ArmKind::Shadow { Method::ToPolicy } else { Method::Optimise };
        let habits = self.habits;
        Ok(Setup {
            kind,
            switches,
            habits,
            accounts,
            phases,
            mandates,
            cells,
            legacy,
            method,
            identical,
            exempt,
        })
    }

    /// Managers and their sleeves. With all switches on, one manager has all sleeves.
    fn mandates(
        &self,
        switches: Switches,
        names: &[&PolicySleeve],
        sleeves: &[SleeveId],
        cells: usize,
    ) -> (ArmKind, Vec<Mandate>) {
        let one = |name: &str| vec![Mandate { name: name.to_owned(), sleeves: sleeves.to_vec() }];
        match self.kind {
            ArmKind::Uma | ArmKind::UmaSubset => return (self.kind, one("overlay manager")),
            kind if kind.is_separate() && switches == Switches::ALL => {
                return (ArmKind::Uma, one("overlay manager"));
            }
            kind if kind.is_separate() => {}
            _ => return (self.kind, one(ADVISOR)),
        }
        let mut mandates: Vec<Mandate> = Vec::new();
        let mut rest = Vec::new();
        for sleeve in sleeves {
            let manager = names.get(sleeve.index()).map_or(ADVISOR, |s| s.manager_name());
            if manager == ADVISOR {
                rest.push(*sleeve);
            } else if let Some(m) = mandates.iter_mut().find(|m| m.name == manager) {
                m.sleeves.push(*sleeve);
            } else {
                mandates.push(Mandate { name: manager.to_owned(), sleeves: vec![*sleeve] });
            }
        }
        // With a single cell, its manager is the only one and handles the client's cash directly, so no
        // advisor is added.
        if cells > 1 || mandates.is_empty() {
            mandates.push(Mandate { name: ADVISOR.to_owned(), sleeves: rest });
        }
        (self.kind, mandates)
    }

    fn find(&mut self, key: impl FnOnce() -> String, symbol: &str) -> Option<SecurityId> {
        let found = self.market.find(symbol);
        if found.is_none() {
            self.faults.push(ConfigFault {
                key: key(),
                message: format!("{symbol}: expected a symbol that the prices have"),
            });
        }
        found
    }

    /// Account and security of each of the household's lots.
    fn lots(&mut self) -> Vec<(AccountId, SecurityId)> {
        let config = self.config;
        let mut lots = Vec::with_capacity(config.household.lots.len());
        // Most files list the lots of a symbol together, so the last lookup is reused.
        let mut last: Option<(&str, SecurityId)> = None;
        for (i, lot) in config.household.lots.iter().enumerate() {
            if let Some((_, security)) = last.filter(|(symbol, _)| *symbol == lot.symbol) {
                lots.push((self.account_of(lot), security));
                continue;
            }
            let key = || format!("household.lots[{i}].symbol");
            let Some(security) = self.find(key, &lot.symbol) else { continue };
            last = Some((&lot.symbol, security));
            let first = self.market.sessions(config.start, config.end).next();
            if first.is_some_and(|v| v.last_close(security).is_none()) {
                let message = format!("{}: expected a price on {} or before", lot.symbol, config.start);
                self.faults.push(ConfigFault { key: key(), message });
            }
            lots.push((self.account_of(lot), security));
        }
        lots
    }

    /// Whether untaxed accounts may hold direct indices as well. True if the taxable accounts start with less
    /// value than the policy's weight of direct indices requires. `lots` lists account and security of each
    /// of the household's lots.
    fn direct_anywhere(&self, lots: &[(AccountId, SecurityId)]) -> bool {
        let house = &self.config.household;
        let is_taxable = |a: AccountId| {
            a.index()
                .checked_sub(1)
                .is_none_or(|i| house.accounts.get(i).is_some_and(|a| a.kind.is_taxable()))
        };
        let (mut taxable, mut total) = (0.0, 0.0);
        let mut count = |account: AccountId, value: Money| {
            total += value.to_f64();
            taxable += if is_taxable(account) { value.to_f64() } else { 0.0 };
        };
        count(AccountId::MAIN, house.cash);
        for (i, account) in house.accounts.iter().enumerate() {
            count(AccountId::beside_main(i), account.cash);
        }
        let first = self.market.sessions(self.config.start, self.config.end).next();
        for ((account, security), lot) in lots.iter().zip(&house.lots) {
            let price = first.and_then(|v| v.last_close(*security)).unwrap_or_default();
            count(*account, Money::of(lot.quantity, price));
        }
        let mut direct = 0.0;
        for sleeve in self.config.policy.iter().filter(|s| s.is_direct()) {
            direct += sleeve.weight;
        }
        taxable < direct * total
    }

    fn account_of(&self, lot: &LegacyLot) -> AccountId {
        let others =
            self.config.household.accounts.iter().position(|a| Some(&a.name) == lot.account.as_ref());
        others.map_or(AccountId::MAIN, AccountId::beside_main)
    }

    /// Group number of each security, for the wash-sale rule.
    fn identical(&mut self) -> Vec<u32> {
        let config = self.config;
        let mut groups: Vec<u32> = (0..self.market.securities().len() as u32).collect();
        for (i, group) in config.identical.iter().enumerate() {
            let mut first = None;
            for (j, symbol) in group.iter().enumerate() {
                let Some(security) = self.find(|| format!("identical[{i}][{j}]"), symbol) else { continue };
                let to = *first.get_or_insert(groups[security.index()]);
                let from = groups[security.index()];
                for g in groups.iter_mut().filter(|g| **g == from) {
                    *g = to;
                }
            }
        }
        groups
    }

    /// Whether the wash-sale rule leaves each security alone.
    fn exempt(&mut self) -> Vec<bool> {
        let config = self.config;
        let mut exempt = Vec::new();
        for (i, symbol) in config.wash_exempt.iter().enumerate() {
            if let Some(security) = self.find(|| format!("wash_exempt[{i}]"), symbol) {
                exempt.resize(self.market.securities().len(), false);
                exempt[security.index()] = true;
            }
        }
        exempt
    }

    /// Restrictions in force in each phase.
    fn restrictions(&self) -> Vec<&Restrictions> {
        let mut all = vec![&self.config.restrictions];
        for change in &self.config.changes {
            let last = all[all.len() - 1];
            all.push(change.restrictions.as_ref().unwrap_or(last));
        }
        all
    }

    /// What the restrictions permit for a security.
    fn holding(&self, security: SecurityId, can_buy: bool, r: &Restrictions) -> Holding {
        let of = &self.market.securities()[security.index()];
        let named = |list: &[String]| list.iter().any(|s| s.eq_ignore_ascii_case(&of.symbol));
        let listed = r.exclude_lists.iter().filter_map(|l| self.config.lists.get(l)).any(|l| named(l));
        let sector =
            !of.sector.is_empty() && r.exclude_sectors.iter().any(|s| s.eq_ignore_ascii_case(&of.sector));
        let is_fund = of.kind.eq_ignore_ascii_case("fund");
        let excluded = named(&r.exclude) || listed || sector;
        let can_sell = !named(&r.do_not_sell);
        Holding {
            security,
            can_buy: can_buy && !excluded,
            can_sell,
            must_go: excluded && can_sell,
            cap: r.position_cap.filter(|_| !is_fund),
        }
    }

    /// A sleeve in one phase. Securities it held in the phase before stay in the list, so that they can be
    /// sold.
    fn sleeve(
        &mut self,
        from: NaiveDate,
        place: &str,
        policy: &[PolicySleeve],
        name: &str,
        restrictions: &Restrictions,
        before: Option<&SleeveSpec>,
    ) -> SleeveSpec {
        let old = before.map_or(&[][..], |b| b.holdings.as_slice());
        let at = policy.iter().position(|s| s.name == name);
        let (mut weight, mut band, mut index, mut asset_class) = (0.0, None, None, name.to_owned());
        let (mut members_only, mut most) = (false, None);
        let mut buys: Vec<SecurityId> = Vec::new();
        // Securities of its index that it may not buy.
        let mut members: Vec<SecurityId> = Vec::new();
        if let Some((i, sleeve)) = at.map(|i| (i, &policy[i])) {
            let direct = sleeve.is_direct() && self.kind.holds_stocks();
            members_only = direct && !sleeve.index.is_empty();
            let symbols: Vec<&String> =
                if direct { sleeve.stocks.iter().collect() } else { vec![&sleeve.fund] };
            let key = |j: usize| {
                if direct { format!("{place}[{i}].stocks[{j}]") } else { format!("{place}[{i}].fund") }
            };
            let found: Vec<SecurityId> =
                symbols.iter().enumerate().filter_map(|(j, s)| self.find(|| key(j), s)).collect();
            weight = sleeve.weight;
            band = sleeve.band;
            sleeve.class().clone_into(&mut asset_class);
            buys.clone_from(&found);
            if members_only {
                let key = || format!("{place}[{i}].index");
                index = self.membership(key, &sleeve.index);
                buys =
                    index.map_or(Vec::new(), |i| self.market.members(i, self.config.start, self.config.end));
                most = sleeve.subset.filter(|_| self.kind == ArmKind::UmaSubset);
            } else if found.len() == symbols.len() {
                index = self.index(from, &format!("{place}[{i}]"), sleeve, direct, &found);
            }
            let of_list = direct && !members_only;
            if let (true, ArmKind::UmaSubset, Some(most)) = (of_list, self.kind, sleeve.subset) {
                let mut by_weight: Vec<(f64, usize)> =
                    (0..found.len()).map(|j| (sleeve.weights.get(j).copied().unwrap_or(0.0), j)).collect();
                by_weight.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                buys = by_weight.into_iter().take(most).filter_map(|(_, j)| found.get(j).copied()).collect();
                members = found;
            }
            if self.harvests(sleeve) && !sleeve.pair.is_empty() {
                buys.extend(self.find(|| format!("{place}[{i}].pair"), &sleeve.pair));
            }
        }
        let old = old.iter().map(|h| h.security);
        let mut all: Vec<SecurityId> = buys.iter().copied().chain(members).chain(old).collect();
        self.with_spun_off(&mut all);
        let holdings: Vec<Holding> =
            all.into_iter().map(|s| self.holding(s, buys.contains(&s), restrictions)).collect();
        if !buys.is_empty() && !holdings.iter().any(|h| h.can_buy) {
            self.faults.push(self.nothing_left(from, name, &buys));
        }
        SleeveSpec { name: name.to_owned(), asset_class, weight, band, index, holdings, members_only, most }
    }

    /// Whether a sleeve may hold its second fund beside the first.
    fn harvests(&self, sleeve: &PolicySleeve) -> bool {
        match self.kind {
            ArmKind::FundPairs => true,
            ArmKind::Funds | ArmKind::Shadow => false,
            _ => self.habits.harvest_funds && !sleeve.is_direct(),
        }
    }

    /// Adds the securities spun off from these, directly or indirectly; sorts and removes duplicates.
    fn with_spun_off(&self, securities: &mut Vec<SecurityId>) {
        loop {
            let new = |(parent, child): &(SecurityId, SecurityId)| {
                securities.contains(parent) && !securities.contains(child)
            };
            let more: Vec<SecurityId> = self.market.spun_off().filter(new).map(|(_, child)| child).collect();
            if more.is_empty() {
                break;
            }
            securities.extend(more);
        }
        securities.sort_unstable();
        securities.dedup();
    }

    /// Finds an index whose members change over time.
    fn membership(&mut self, key: impl FnOnce() -> String, name: &str) -> Option<IndexId> {
        let found = self.market.index(name);
        if found.is_none() {
            let message = format!("{name}: expected the name of one of data.indices");
            self.faults.push(ConfigFault { key: key(), message });
        }
        found
    }

    /// The fault for restrictions that exclude everything that a sleeve may buy from a date on.
    fn nothing_left(&self, from: NaiveDate, sleeve: &str, buys: &[SecurityId]) -> ConfigFault {
        /// Most symbols named in the message.
        const NAMED: usize = 5;
        let latest = self.config.changes.iter().rposition(|c| c.date <= from && c.restrictions.is_some());
        let named = buys.iter().take(NAMED).map(|s| self.market.securities()[s.index()].symbol.as_str());
        let mut excluded = named.collect::<Vec<_>>().join(", ");
        if buys.len() > NAMED {
            let _ = write!(excluded, " and {} more", buys.len() - NAMED);
        }
        ConfigFault {
            key: latest.map_or("restrictions".to_owned(), |i| format!("changes[{i}].restrictions")),
            message: format!("{excluded} excluded: expected at least one security of {sleeve} to be left"),
        }
    }

    fn index(
        &mut self,
        from: NaiveDate,
        key: &str,
        sleeve: &PolicySleeve,
        direct: bool,
        members: &[SecurityId],
    ) -> Option<IndexId> {
        let since = sleeve.since.unwrap_or(from);
        let same = |(s, _, _): &&(PolicySleeve, NaiveDate, IndexId)| {
            // The index continues if only the sleeve's weight or band changes.
            (&s.stocks, &s.weights, s.since, &s.fund)
                == (&sleeve.stocks, &sleeve.weights, sleeve.since, &sleeve.fund)
        };
        if let Some((_, _, index)) = self.indices.iter().find(same) {
            return Some(*index);
        }
        let equal = 1.0 / members.len() as f64;
        let weight = |j: usize| if direct { sleeve.weights.get(j).copied().unwrap_or(equal) } else { 1.0 };
        let members = members.iter().enumerate().map(|(j, s)| (*s, weight(j))).collect();
        match self.market.add_index(&sleeve.name, &[(since, members)], Drift::TotalReturn) {
            Ok(index) => {
                self.indices.push((sleeve.clone(), since, index));
                Some(index)
            }
            Err(e) => {
                let key = if matches!(e, MarketError::EmptyIndex { .. }) { key } else { "policy" };
                self.faults.push(ConfigFault { key: key.to_owned(), message: e.to_string() });
                None
            }
        }
    }
}
