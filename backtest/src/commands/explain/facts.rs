//! Reads rates, accounts and arms from `summary.json`.

use std::path::Path;

use serde::Deserialize;
use unisleeve_core::mandates::{Config, sample_config};

use crate::failure::Failure;
use crate::readers::json;
use crate::render::setups::Setups;

/// Flat rates, accounts and arms of a result.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) rate_short: f64,
    pub(super) rate_long: f64,
    /// Accounts that are not taxable, such as an IRA or Roth.
    pub(super) untaxed: Vec<String>,
    /// Arms in the order of the table.
    pub(super) arms: Vec<String>,
    /// Names of the arms for readers.
    pub(super) setups: Setups,
}

#[derive(Deserialize)]
struct Summary {
    accounts: Vec<Account>,
    tax_inputs: Rates,
    arm_order: Vec<String>,
    #[serde(default = "sample_config")]
    config: Config,
}

#[derive(Deserialize)]
struct Account {
    account: String,
    kind: String,
}

#[derive(Deserialize)]
struct Rates {
    liquidation_short: f64,
    liquidation_long: f64,
}

impl Facts {
    /// Reads the file of a result folder.
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join("summary.json");
        let name = path.display();
        let bytes = crate::readers::read(&path).map_err(|_| {
            Failure::input(format!("{name}: can't be read: expected a file of `unisleeve backtest`"))
        })?;
        let s: Summary = json::from_bytes(&bytes).map_err(|e| {
            Failure::input(format!("{name}: {e}: expected the summary of `unisleeve backtest`"))
        })?;
        let untaxed = s.accounts.into_iter().filter(|a| a.kind != "taxable").map(|a| a.account).collect();
        Ok(Self {
            rate_short: s.tax_inputs.liquidation_short,
            rate_long: s.tax_inputs.liquidation_long,
            untaxed,
            arms: s.arm_order,
            setups: Setups::of(&s.config),
        })
    }
}
