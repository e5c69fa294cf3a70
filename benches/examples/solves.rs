//! Prints every optimization of a study as CSV: its arm, date, objective, certified lower bound, Newton steps and
//! orders. A result folder holds only each arm's largest gap; `tests/figures.py` reads the rest from here.
//!
//! `solves [CONFIG [DATA]]`: the configuration, by default that of the sample, and the folder of its prices. The
//! first line is the study's hash, by which the reader checks that the command ran the same study.

use std::path::{Path, PathBuf};

use unisleeve::readers::{Loaded, load_config, load_market};
use unisleeve_core::mandates::sample_config;
use unisleeve_core::study::{Scope, study};
use unisleeve_tests::markets::sample;

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let file = arguments.first();
    let mut config = file.map_or_else(sample_config, |f| load_config(f).expect("a configuration"));
    let market = match &config.data {
        None => sample(),
        Some(data) => {
            let beside = file.and_then(|f| f.parent()).unwrap_or(Path::new("."));
            let folder = arguments.get(1).map(PathBuf::as_path);
            let Loaded { market, identical, .. } =
                load_market(&config, data, beside, folder).expect("the data");
            config.identical.extend(identical);
            market
        }
    };
    let study = study(&config, &market, Scope::Full, &mut |_| {}).expect("a study");
    println!("# {}", study.hash);
    println!("arm,date,objective,lower_bound,steps,orders");
    for arm in &study.arms {
        for s in &arm.result.journal.solves {
            // Debug prints the shortest digits that read back as the same number.
            println!(
                "{},{},{:?},{:?},{},{}",
                arm.name, s.date, s.objective, s.lower_bound, s.steps, s.orders
            );
        }
    }
}
