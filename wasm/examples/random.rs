//! Many small configurations drawn from a seed, and what they come to natively: the other half of the test that the browser's
//! bits are the native ones.
//!
//! `random SEED COUNT THREADS` prints a line of JSON for each: `config` (as text), `path`, and `summary` or `failure`.
//! `random SEED events INDEX` prints the events of one.

use std::process::ExitCode;
use std::thread;

use serde_json::{Value, json};
use unisleeve_wasm::config::parse;
use unisleeve_wasm::futures::Simulator;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<u64> = words.iter().filter_map(|w| w.parse().ok()).collect();
    match (numbers.as_slice(), words.len()) {
        ([seed, count, threads], 3) => {
            for line in lines(*seed, *count, *threads) {
                println!("{line}");
            }
        }
        ([seed, index], 3) => match events(*seed, *index) {
            Ok(events) => println!("{}", events.join("\n")),
            Err(sentence) => println!("{sentence}"),
        },
        _ => {
            eprintln!("expected SEED COUNT THREADS or SEED events INDEX");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Every thread takes its turn, so that what one did before is another at each number of threads.
fn lines(seed: u64, count: u64, threads: u64) -> Vec<String> {
    let mut lines = thread::scope(|scope| {
        let work = |t| (t..count).step_by(threads as usize).map(|i| (i, line(seed, i))).collect::<Vec<_>>();
        let hands: Vec<_> = (0..threads).map(|t| scope.spawn(move || work(t))).collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap_or_default()).collect::<Vec<_>>()
    });
    lines.sort_unstable_by_key(|(i, _)| *i);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn line(seed: u64, index: u64) -> String {
    let (config, path) = case(seed, index);
    let text = config.to_string();
    let found = parse(&text)
        .and_then(|c| Simulator::new(&c, None))
        .and_then(|s| s.study(path))
        .and_then(|o| o.summary_json());
    let (key, value) = match found {
        // The text as it stands: a number read and written again might be another.
        Ok(summary) => ("summary", summary),
        Err(sentence) => ("failure", Value::from(sentence).to_string()),
    };
    format!("{{\"config\":{},\"path\":{path},\"{key}\":{value}}}", Value::from(text))
}

fn events(seed: u64, index: u64) -> Result<Vec<String>, String> {
    let (config, path) = case(seed, index);
    Ok(Simulator::new(&config, None)?.study(path)?.events())
}

/// A configuration and the number of one of its futures.
fn case(seed: u64, index: u64) -> (Value, u64) {
    let mut d = Dice(seed.wrapping_mul(1_000_003).wrapping_add(index));
    let years = d.pick(&[1.0, 1.5, 2.0, 3.0]);
    let index_weight = d.pick(&[0.3, 0.5, 0.65]);
    let names = 20 + d.below(21);
    let mut direct = json!({"name": "direct index", "weight": index_weight, "index": "US stocks", "fund": "USX",
        "asset_class": "US stocks"});
    let mut bonds =
        json!({"name": "bonds", "weight": 0.8 - index_weight, "fund": "BOND", "asset_class": "bonds"});
    let mut abroad = json!({"name": "abroad", "weight": 0.2, "fund": d.pick(&["INTL", "REIT"])});
    let mut config = json!({
        "seed": d.below(1 << 40),
        "household": {"cash": 10_000 + d.below(3_000_000), "flows": flows(&mut d)},
        "tax": {
            "status": d.pick(&["single", "joint", "head", "separate"]),
            "year": d.pick(&[2025, 2026]),
            "outside": {"ordinary_taxable": d.below(900_000), "magi": d.below(900_000),
                "net_long": d.below(40_000) as i64 - 20_000, "state_rate": d.pick(&[0.0, 0.05, 0.133])},
            "carry_short": d.pick(&[0, 0, 12_345]),
            "carry_long": d.pick(&[0, 0, 50_000]),
        },
        "trading": {
            "cadence": d.pick(&["monthly", "weekly", "quarterly", "yearly", "never"]),
            "risk_aversion": d.pick(&[1.0, 10.0, 25.0, 100.0]),
            "spread_bps": d.pick(&[0.0, 4.0, 30.0]),
            "min_trade": d.pick(&[0, 25, 1_000]),
            "cash_buffer": d.pick(&[0.0, 0.0, 0.02]),
        },
        "sma": {"band": d.pick(&[0.005, 0.02, 0.05]), "lag": d.pick(&[0, 0, 1, 3])},
        "simulation": {"scenario": {
            "names": names,
            "years": years,
            "step": d.pick(&["monthly", "monthly", "weekly"]),
            "history": d.pick(&[24, 40]),
            "antithetic": d.one_in(2),
        }},
    });
    if d.one_in(3) {
        config["simulation"]["preset"] =
            d.pick(&["base", "calm bull", "lost decade", "2008", "high dispersion"]).into();
    }
    if d.one_in(3) {
        config["fees"] = json!({"direct_index": 0.0025, "advisor": 0.005, "uma": 0.006});
    }
    if d.one_in(4) {
        config["tax"]["gains_budget"] = (1_000 * d.below(30)).into();
    }
    if d.one_in(8) {
        config["tax"]["wash_sale_rule"] = false.into();
    }
    if d.one_in(4) {
        config["tax"]["inflation"] = 0.025.into();
    }
    if d.one_in(4) {
        config["trading"]["trigger"] = 0.02.into();
    }
    if d.one_in(4) {
        config["trading"]["execution"] = "next_close".into();
    }
    if d.one_in(3) {
        config["household"]["lots"] = (0..=d.below(6)).map(|_| lot(&mut d, names)).collect();
    }
    if d.one_in(3) {
        config["household"]["accounts"] = json!([{"name": "retirement", "kind": d.pick(&["ira", "roth"]),
            "cash": 10_000 + d.below(400_000)}]);
        if d.one_in(2) {
            bonds["accounts"] = json!(["retirement"]);
        }
    }
    if d.one_in(6) {
        config["household"]["gifts"] = json!([{"amount": 2_000, "every": "year", "from": "2027-02-01"}]);
    }
    if d.one_in(4) {
        config["restrictions"] = json!({"exclude": [stock(&mut d, names)], "do_not_sell": [stock(&mut d, names)],
            "exclude_sectors": d.pick(&[&[][..], &["Energy"]]), "position_cap": d.pick(&[0.03, 0.1])});
    }
    if d.one_in(5) {
        direct["manager"] = "one".into();
        abroad["manager"] = "two".into();
        abroad["band"] = 0.01.into();
    }
    if d.one_in(5) {
        config["changes"] =
            json!([{"date": "2027-07-01", "restrictions": {"exclude": [stock(&mut d, names)]}}]);
    }
    config["policy"] = json!([direct, abroad, bonds]);
    // What can't be run must be refused in the same words.
    match d.below(20) {
        0 => {
            let (key, wrong) = d.pick(&[("seed", 1.5), ("policy", 3.5), ("nothing", 1.0)]);
            config[key] = wrong.into();
        }
        1 => {
            config["trading"]["risk_aversion"] = d.pick(&[-1.0, 0.0, 1e300]).into();
            config["tax"]["year"] = 1913.into();
        }
        _ => (),
    }
    (config, d.below(50))
}

fn flows(d: &mut Dice) -> Value {
    let mut flows = Vec::new();
    if d.one_in(2) {
        flows.push(
            json!({"amount": 500 * d.below(60), "every": "month", "from": "2027-02-01", "to": "2028-01-31"}),
        );
    }
    if d.one_in(2) {
        flows.push(json!({"amount": -1_000 * d.below(60) as i64, "every": "year", "from": "2027-06-01"}));
    }
    if d.one_in(8) {
        flows.push(json!({"amount": -2_000_000, "every": "once", "from": "2027-09-15"}));
    }
    flows.into()
}

fn lot(d: &mut Dice, names: u64) -> Value {
    let symbol = if d.one_in(3) { "USX".to_owned() } else { stock(d, names) };
    json!({"symbol": symbol, "quantity": 1 + d.below(2_000), "basis": d.below(60_000), "keep": d.one_in(5),
        "acquired": d.pick(&["2019-03-04", "2026-06-15", "2026-12-20"])})
}

fn stock(d: &mut Dice, names: u64) -> String {
    format!("S{:03}", 1 + d.below(names))
}

/// `SplitMix64` (Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}
