//! Arguments of the command.

use std::path::PathBuf;

use clap::Args;

use crate::args::Source;
/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(super) source: Source,
    /// Years of each run. With it, runs start on several dates. Without it, there is one run over the
    /// configuration's dates.
    #[arg(long, value_name = "N")]
    pub(super) years: Option<u32>,
    /// Months between start dates.
    #[arg(long, default_value_t = 12, value_name = "MONTHS")]
    pub(super) step: u32,
    /// Compare at equal risk aversion only. It takes a fifth of the time.
    #[arg(long)]
    pub(super) quick: bool,
    /// Antithetic pairs of orders over which the worth of the habits between typical and the best practice is
    /// averaged, if more than seven habits differ. 0 leaves this step out.
    #[arg(long, default_value_t = 4, value_name = "PAIRS")]
    pub(super) orders: usize,
    /// Folder for the results; an earlier result there is replaced.
    #[arg(long, default_value = "out-compare", value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Print summary.json instead of the table.
    #[arg(long)]
    pub(super) json: bool,
}
