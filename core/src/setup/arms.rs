//! The arms: setups that are set side by side on the same prices.

use serde::Serialize;

use super::{Config, ConfigFault};
use crate::market::{IndexId, Market, MarketError};
use crate::units::{MandateId, SecurityId, SleeveId};

/// An arm of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ArmKind {
    /// One manager runs everything.
    Uma,
    /// A specialist runs the direct index, the advisor the funds.
    Sma,
    /// The same policy in funds, one manager.
    Funds,
    /// The policy in funds, brought back to its weights each time.
    Shadow,
}

impl ArmKind {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uma => "uma",
            Self::Sma => "sma",
            Self::Funds => "funds",
            Self::Shadow => "shadow",
        }
    }
}

/// What a mandate can see of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Its own, plus last year's figures.
    Own,
    /// The household's as of today.
    Household,
}

/// How orders are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The optimiser.
    Optimise,
    /// Back to the policy weights, whatever the tax.
    ToPolicy,
}

/// A sleeve as an arm holds it.
#[derive(Debug, Clone)]
pub struct SleeveSpec {
    /// Name.
    pub name: String,
    /// Policy weight.
    pub weight: f64,
    /// Its index.
    pub index: IndexId,
    /// What may be held.
    pub holdings: Vec<SecurityId>,
}

/// A manager's brief.
#[derive(Debug, Clone)]
pub struct Mandate {
    /// Name.
    pub name: String,
    /// Sleeves that it may trade.
    pub sleeves: Vec<SleeveId>,
}

/// A partition of the household into mandates, plus what each can see.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Arm.
    pub kind: ArmKind,
    /// Sleeves with what they may hold.
    pub sleeves: Vec<SleeveSpec>,
    /// Mandates in the order in which they are solved; the last is the advisor's, which takes client flows and pays tax.
    pub mandates: Vec<Mandate>,
    /// Purchases and losses that a mandate sees when it looks for wash sales.
    pub wash: Sight,
    /// Gains that a mandate sees when it values a gain or a loss.
    pub gains: Sight,
    /// How orders are found.
    pub method: Method,
}

impl Setup {
    /// The mandate that trades a sleeve.
    pub fn mandate_of(&self, sleeve: SleeveId) -> MandateId {
        let at =
            self.mandates.iter().position(|m| m.sleeves.contains(&sleeve)).unwrap_or(self.mandates.len() - 1);
        MandateId(at as u16)
    }

    /// The advisor's mandate, or the only one.
    pub fn advisor(&self) -> MandateId {
        MandateId((self.mandates.len() - 1) as u16)
    }
}

/// Makes an arm, adding the indices it is held to to the market.
///
/// # Errors
/// Every symbol that the market does not have, or an index without prices.
pub fn arm(kind: ArmKind, config: &Config, market: &mut Market) -> Result<Setup, Vec<ConfigFault>> {
    let mut faults = Vec::new();
    let mut sleeves = Vec::new();
    for (i, sleeve) in config.policy.iter().enumerate() {
        let direct = !sleeve.stocks.is_empty() && matches!(kind, ArmKind::Uma | ArmKind::Sma);
        let symbols: Vec<&String> = if direct { sleeve.stocks.iter().collect() } else { vec![&sleeve.fund] };
        let mut holdings = Vec::new();
        for (j, symbol) in symbols.iter().enumerate() {
            let key = if direct { format!("policy[{i}].stocks[{j}]") } else { format!("policy[{i}].fund") };
            match market.find(symbol) {
                Some(security) => holdings.push(security),
                None => faults.push(ConfigFault {
                    key,
                    message: format!("{symbol}: expected a symbol that the prices have"),
                }),
            }
        }
        if holdings.len() < symbols.len() {
            continue;
        }
        let equal = 1.0 / holdings.len() as f64;
        let weight = |j: usize| if direct { sleeve.weights.get(j).copied().unwrap_or(equal) } else { 1.0 };
        let members = holdings.iter().enumerate().map(|(j, s)| (*s, weight(j))).collect();
        match market.add_index(&sleeve.name, &[(sleeve.since.unwrap_or(config.start), members)]) {
            Ok(index) => {
                sleeves.push(SleeveSpec {
                    name: sleeve.name.clone(),
                    weight: sleeve.weight,
                    index,
                    holdings,
                });
            }
            Err(e @ MarketError::EmptyIndex { .. }) => {
                faults.push(ConfigFault { key: format!("policy[{i}]"), message: e.to_string() });
            }
            Err(e) => faults.push(ConfigFault { key: "policy".to_owned(), message: e.to_string() }),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let all: Vec<SleeveId> = (0..sleeves.len()).map(|i| SleeveId(i as u16)).collect();
    let (direct, rest): (Vec<SleeveId>, Vec<SleeveId>) =
        all.iter().partition(|s| !config.policy[s.index()].stocks.is_empty());
    let one = |name: &str| vec![Mandate { name: name.to_owned(), sleeves: all.clone() }];
    let mandates = match kind {
        ArmKind::Sma if !direct.is_empty() => vec![
            Mandate { name: "direct-index manager".to_owned(), sleeves: direct },
            Mandate { name: "advisor".to_owned(), sleeves: rest },
        ],
        ArmKind::Uma => one("overlay manager"),
        ArmKind::Sma | ArmKind::Funds | ArmKind::Shadow => one("advisor"),
    };
    let sight = if kind == ArmKind::Sma { Sight::Own } else { Sight::Household };
    let method = if kind == ArmKind::Shadow { Method::ToPolicy } else { Method::Optimise };
    Ok(Setup { kind, sleeves, mandates, wash: sight, gains: sight, method })
}
