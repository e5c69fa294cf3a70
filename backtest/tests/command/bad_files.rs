//! Every kind of fault in a configuration, price file, securities file or index file. Each message names the
//! file, the line or key, the value and what was expected. The exit code is 2, and nothing is written.

use std::fs;
use std::io::Write;

use crate::world::{CONFIG, World};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Runs the configuration with these files and records any difference from the expected message.
fn refuse(wrong: &mut Vec<String>, what: &str, config: &str, files: &[(&str, &[u8])], message: &str) {
    let world = World::new(config);
    for (name, content) in files {
        fs::write(world.path(name), content).unwrap();
    }
    let run = world.run("backtest", &[]);
    let found = run.stderr.lines().any(|line| line == format!("unisleeve: {message}"));
    if run.code != Some(2) || !found || !run.stdout.is_empty() || world.path("result").exists() {
        wrong.push(format!("{what}: exit {:?}, expected {message}\n{}", run.code, run.stderr));
    }
}

/// Text added at the end of the configuration, and the message.
const ADDED: [(&str, &str); 45] = [
    ("[tax]\nyear = 1999", "tax.year: tax year 1999 is not known: expected 2000 to 2026"),
    ("[tax.outside]\nstate_rate = 1.5", "tax.outside.state_rate: 1.500000: expected a fraction from 0 to 1"),
    ("[tax.outside]\nmagi = -1", "tax.outside.magi: -1.0000: expected an amount of zero or more"),
    (
        "[tax.outside]\nordinary_taxable = -1",
        "tax.outside.ordinary_taxable: -1.0000: expected an amount of zero or more",
    ),
    ("[tax]\ncarry_short = -1", "tax.carry_short: -1.0000: expected an amount of zero or more"),
    ("[tax]\ncarry_long = -1", "tax.carry_long: -1.0000: expected an amount of zero or more"),
    ("[tax]\ngains_budget = -1", "tax.gains_budget: -1.0000: expected an amount of zero or more"),
    ("[tax]\ninflation = 9.0", "tax.inflation: 9: expected a number from -0.05 to 0.2"),
    ("[tax]\nliquidation_short = 2", "tax.liquidation_short: 2: expected a number from 0 to 1"),
    ("[tax]\nliquidation_long = nan", "tax.liquidation_long: NaN: expected a number from 0 to 1"),
    ("[tax.deferral]\nrate = 0.9", "tax.deferral.rate: 0.9: expected a number from 0 to 0.5"),
    ("[tax.deferral]\nyears = inf", "tax.deferral.years: inf: expected a number from 0 to 100"),
    ("[tax.deferral]\nstep_up = -1", "tax.deferral.step_up: -1: expected a number from 0 to 1"),
    (
        "[tax.deferral]\ncarryforward_years = 101",
        "tax.deferral.carryforward_years: 101: expected a number from 0 to 100",
    ),
    ("[ending]\ncharity_share = 2", "ending.charity_share: 2: expected a number from 0 to 1"),
    ("[ending]\ndonee_short = 2", "ending.donee_short: 2: expected a number from 0 to 1"),
    ("[ending]\ndonee_long = -0.1", "ending.donee_long: -0.1: expected a number from 0 to 1"),
    ("[trading]\nmin_trade = -1", "trading.min_trade: -1.0000: expected an amount of zero or more"),
    (
        "[trading]\nrisk_aversion = 0",
        "trading.risk_aversion: 0: expected a number from 0.000001 to 1000000000",
    ),
    ("[trading]\nspread_bps = -4", "trading.spread_bps: -4: expected a number from 0 to 1000"),
    ("[trading]\ncash_buffer = 0.6", "trading.cash_buffer: 0.6: expected a number from 0 to 0.5"),
    ("[trading]\ntrigger = 0", "trading.trigger: 0: expected a number from 0.0001 to 1"),
    ("[sma]\nband = 1.1", "sma.band: 1.1: expected a number from 0 to 1"),
    ("[trading]\nband = 1.1", "trading.band: 1.1: expected a number from 0 to 1"),
    ("[sma]\ndrift_price = -1", "sma.drift_price: -1: expected a number from 0 to 1"),
    ("[sma]\nlag = 251", "sma.lag: 251: expected 0 to 250 trading days"),
    ("[fees]\ndirect_index = 0.2", "fees.direct_index: 0.2: expected a number from 0 to 0.1"),
    ("[fees]\nadvisor = 0.2", "fees.advisor: 0.2: expected a number from 0 to 0.1"),
    ("[fees]\numa = 0.2", "fees.uma: 0.2: expected a number from 0 to 0.1"),
    ("[workload]\nminutes_per_task = -1", "workload.minutes_per_task: -1: expected a number from 0 to 10000"),
    ("[risk]\nwindow = 19", "risk.window: 19: expected 20 to 5000 sessions"),
    ("[risk]\nfactors = 101", "risk.factors: 101: expected at most 100"),
    ("[restrictions]\nposition_cap = 0", "restrictions.position_cap: 0: expected a number from 0.0001 to 1"),
    (
        "[restrictions]\nexclude_lists = [\"no\"]\n[lists]\nyes = [\"AAA\"]",
        "restrictions.exclude_lists[0]: no: expected one of the lists: yes",
    ),
    ("[[changes]]\ndate = \"2020-01-02\"", "changes[0].date: 2020-01-02: expected a date after 2020-01-02"),
    (
        "[[changes]]\ndate = \"2020-03-02\"\nrestrictions = { position_cap = 7 }",
        "changes[0].restrictions.position_cap: 7: expected a number from 0.0001 to 1",
    ),
    (
        "[[household.accounts]]\nname = \"taxable\"\nkind = \"ira\"",
        "household.accounts[0].name: `taxable`: expected a name of its own (taxable is the main account)",
    ),
    (
        "[[household.accounts]]\nname = \"a\"\nkind = \"ira\"\ncash = -1",
        "household.accounts[0].cash: -1.0000: expected zero or more",
    ),
    (
        "[[household.lots]]\naccount = \"no\"\nsymbol = \"AAA\"\nquantity = 1\nbasis = 1\nacquired = \"2019-01-02\"",
        "household.lots[0].account: no: expected taxable or one of household.accounts",
    ),
    (
        "[[household.lots]]\nsymbol = \"AAA\"\nquantity = 0\nbasis = 1\nacquired = \"2019-01-02\"",
        "household.lots[0].quantity: 0.000000: expected a number above zero",
    ),
    (
        "[[household.lots]]\nsymbol = \"AAA\"\nquantity = 1\nbasis = -1\nacquired = \"2019-01-02\"",
        "household.lots[0].basis: -1.0000: expected zero or more",
    ),
    (
        "[[household.lots]]\nsymbol = \"AAA\"\nquantity = 1\nbasis = 1\nacquired = \"2020-01-03\"",
        "household.lots[0].acquired: 2020-01-03: expected a date up to the start, 2020-01-02",
    ),
    (
        "[[household.gifts]]\namount = 0\nevery = \"year\"\nfrom = \"2020-03-02\"",
        "household.gifts[0].amount: 0.0000: expected an amount above zero",
    ),
    (
        "[[household.closings]]\ndate = \"2020-01-02\"\nhow = \"cash\"",
        "household.closings[0].date: 2020-01-02: expected a date after the start, 2020-01-02",
    ),
    (
        "[[household.closings]]\naccount = \"no\"\ndate = \"2020-03-02\"\nhow = \"cash\"",
        "household.closings[0].account: no: expected taxable or one of household.accounts",
    ),
];

/// Text in the configuration, its replacement, and the message.
const CHANGED: [(&str, &str, &str); 15] = [
    ("2020-01-02", "1890-01-02", "start: 1890-01-02: expected a date from 1900 to 2200"),
    ("2021-12-30", "9999-12-30", "end: 9999-12-30: expected a date from 1900 to 2200"),
    ("2021-12-30", "2020-01-02", "end: 2020-01-02: expected a date after start, 2020-01-02"),
    ("cash = 500000", "cash = 0", "household.cash: 0.0000: expected an amount above zero, or lots"),
    ("cash = 500000", "cash = -1", "household.cash: -1.0000: expected an amount above zero, or lots"),
    ("fund = \"IDX\"", "fund = \"IDX\"\nband = 2.0", "policy[0].band: 2: expected a number from 0 to 1"),
    ("fund = \"IDX\"", "fund = \"IDX\"\nsubset = 3", "policy[0].subset: 3: expected 1 to 2"),
    (
        "fund = \"IDX\"",
        "fund = \"IDX\"\nindex = \"i\"",
        "policy[0].index: i beside stocks or weights: expected one of them",
    ),
    (
        "fund = \"IDX\"",
        "fund = \"IDX\"\nweights = [1.0]",
        "policy[0].weights: 1 weights: expected one for each of 2 stocks",
    ),
    (
        "fund = \"IDX\"",
        "fund = \"IDX\"\nsince = \"2020-01-03\"",
        "policy[0].since: 2020-01-03: expected a date up to the start, 2020-01-02",
    ),
    (
        "fund = \"IDX\"",
        "fund = \"IDX\"\naccounts = [\"no\"]",
        "policy[0].accounts[0]: no: expected taxable or one of household.accounts",
    ),
    (
        "fund = \"IDX\"",
        "",
        "policy[0].fund: missing: expected the symbol of a fund of the same index, which the control arms hold",
    ),
    ("\"BBB\"]", "\"NOPE\"]", "policy[0].stocks[1]: NOPE: expected a symbol that the prices have"),
    (
        "[{ file = \"prices.csv\", basis = \"total\" }]",
        "[]",
        "data.prices: no file: expected at least one price file",
    ),
    (
        "[data]\n",
        "[data]\nindices = [{ name = \"i\", files = [] }]\n",
        "data.indices: index i: no member has a weight above zero and a price on 2020-01-02",
    ),
];

#[test]
fn faults_of_a_configuration_name_the_key() {
    let mut wrong = Vec::new();
    for (added, message) in ADDED {
        refuse(&mut wrong, added, &format!("{CONFIG}\n{added}\n"), &[], &format!("run.toml: {message}"));
    }
    for (words, others, message) in CHANGED {
        let config = CONFIG.replacen(words, others, 1);
        assert_ne!(config, CONFIG, "{words}");
        refuse(&mut wrong, others, &config, &[], &format!("run.toml: {message}"));
    }
    for (config, message) in [
        (
            format!("{CONFIG}\nsurprise = 1\n"),
            "run.toml:23: unknown field `surprise`, expected one of `folder`, `prices`, `securities`, `indices`, `risk`, `reused_after`, `check` (in `surprise = 1`)",
        ),
        (
            CONFIG.replace("500000", "1e308"),
            "run.toml:6: expected a number of at most 1,000,000,000,000 in magnitude (in `cash = 1e308`)",
        ),
        (
            CONFIG.replace("2020-01-02", "2020-02-30"),
            "run.toml:2: input is out of range (in `start = \"2020-02-30\"`)",
        ),
        (
            CONFIG.replace("500000", "\"much\""),
            "run.toml:6: invalid type: string \"much\", expected f64 (in `cash = \"much\"`)",
        ),
    ] {
        refuse(&mut wrong, message, &config, &[], message);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Content of prices.csv, its basis, and the message.
const PRICES: [(&str, &str, &str); 20] = [
    (
        "raw",
        "date,symbol,close,Close\n2020-01-02,A,1,2\n",
        "prices.csv:1: close: stands twice: expected it once",
    ),
    ("raw", "", "prices.csv:1: no column `date`: expected one, or its name in the file under [columns]"),
    (
        "raw",
        "day,symbol,close\n",
        "prices.csv:1: no column `date`: expected one, or its name in the file under [columns]",
    ),
    (
        "raw",
        "date,symbol,price\n",
        "prices.csv:1: no column `close`: expected one, or its name in the file under [columns]",
    ),
    ("raw", "date,symbol,close\n", "prices.csv:1: no rows: expected prices below the header"),
    (
        "raw",
        "date,symbol,close\n2020-01-02,A\n",
        "prices.csv:2: 2 fields: expected 3, as many as the header has",
    ),
    (
        "raw",
        "date,symbol,close\n2020-02-30,A,1\n",
        "prices.csv:2: date 2020-02-30: expected a date such as 2018-02-07 or 20180207",
    ),
    (
        "raw",
        "date,symbol,close\n2020-01-03,A,1\n2020-01-02,A,1\n20200103,A,1\n",
        "prices.csv:4: A on 2020-01-03 stands here a second time: expected one price a day",
    ),
    (
        "raw",
        "date,A\n2020-01-02,1\n2020-01-02,1\n",
        "prices.csv:3: A on 2020-01-02 stands here a second time: expected one price a day",
    ),
    (
        "raw",
        "date,A\n2020-01-02,1e308\n",
        "prices.csv:2: A 1e308: expected a price above zero (an empty cell for no price)",
    ),
    ("raw", "date,symbol,close\n2020-01-02,,1\n", "prices.csv:2: symbol is empty: expected a ticker"),
    (
        "raw",
        "date,symbol,close\n2020-01-02,A,-1\n",
        "prices.csv:2: close -1: expected a price above zero (an empty cell for no price)",
    ),
    (
        "raw",
        "date,symbol,close\n2020-01-02,A,1\n2020-01-02,a,1\n",
        "prices.csv:3: A on 2020-01-02 stands here a second time: expected one price a day",
    ),
    (
        "raw",
        "date,symbol,close,dividend\n2020-01-02,A,1,-1\n",
        "prices.csv:2: dividend -1: expected a price above zero (an empty cell for no price)",
    ),
    (
        "total",
        "date,symbol,close,dividend\n2020-01-02,A,1,1\n",
        "prices.csv:2: dividend 1 beside basis = \"total\": it would count twice",
    ),
    (
        "raw",
        "date,symbol,close,dividend,dividend_kind\n2020-01-02,A,1,1,cash\n",
        "prices.csv:2: dividend_kind cash: expected qualified, ordinary or interest",
    ),
    (
        "raw",
        "date,symbol,close,split\n2020-01-02,A,1,1/0\n",
        "prices.csv:2: split 1/0: expected new shares for an old one, such as 2",
    ),
    (
        "raw",
        "date,symbol,close,spinoff\n2020-01-02,A,1,x\n",
        "prices.csv:2: spinoff x: expected a price above zero (an empty cell for no price)",
    ),
    (
        "total",
        "date,symbol,close,spinoff\n2020-01-02,A,1,1\n",
        "prices.csv:2: spinoff 1 beside basis = \"total\": it would count twice",
    ),
    (
        "raw",
        "date,symbol,close\n1999-01-04,A,1\n",
        "prices.csv: no price from 2017-11-22 to 2021-12-30, the run and the sessions before it for the risk model: expected some",
    ),
];

#[test]
fn faults_of_prices_name_the_line() {
    let mut wrong = Vec::new();
    for (basis, text, message) in PRICES {
        let config = CONFIG.replace("\"total\"", &format!("\"{basis}\""));
        refuse(&mut wrong, text, &config, &[("prices.csv", text.as_bytes())], message);
    }
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(b"date,symbol,close\n").unwrap();
    bomb.write_all(&vec![b'0'; 65 << 20]).unwrap();
    let bomb = bomb.finish().unwrap();
    let files: [(&str, &[u8], &str); 5] = [
        ("not UTF-8", b"date,symbol,close\n2020-01-02,\xff,1\n", "prices.csv:2: expected text in UTF-8"),
        ("no gzip", b"\x1f\x8bnot gzip", "prices.csv: damaged gzip: invalid gzip header"),
        ("a torn gzip", &bomb[..500], "prices.csv:2: can't be read further: incomplete deflate stream"),
        (
            "a bomb",
            &bomb,
            "prices.csv:2: can't be read further: it unpacks to more than 64 MB and 250 times its size: expected a table",
        ),
        (
            "no Parquet",
            b"PAR1 and no more",
            "prices.csv: Parquet error: Invalid Parquet file. Corrupt footer: expected a Parquet file",
        ),
    ];
    for (what, content, message) in files {
        refuse(&mut wrong, what, CONFIG, &[("prices.csv", content)], message);
    }
    let missing = CONFIG.replace("prices.csv", "none.csv");
    let message = "none.csv: No such file or directory (os error 2): expected a CSV file, plain or compressed with gzip, or Parquet";
    refuse(&mut wrong, "a missing file", &missing, &[], message);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Content of securities.csv, and the message.
const SECURITIES: [(&str, &str); 6] = [
    ("ticker,name\nAAA,x\n", "s.csv:1: no column `symbol`"),
    ("symbol,basis\nAAA,net\n", "s.csv:2: basis net: expected raw, split or total"),
    (
        "symbol,dividend_kind\nAAA,cash\n",
        "s.csv:2: dividend_kind cash: expected qualified, ordinary or interest",
    ),
    ("symbol,name\n,x\n", "s.csv:2: symbol is empty: expected a ticker"),
    ("symbol,name\nAAA,x\naaa,y\n", "s.csv:3: aaa stands here a second time: expected each symbol once"),
    ("symbol,name\nAAA\n", "s.csv:2: 1 fields: expected 2, as many as the header has"),
];

/// Content of an index file, and the message.
const MEMBERS: [(&str, &str); 14] = [
    ("name,weight\nAAA,1\n", "s.csv:1: no column `symbol`"),
    (
        "date,symbol\n2020-01-02,AAA\n",
        "s.csv:1: expected the columns date,symbol,weight or date,symbol,cap or symbol,start,end",
    ),
    (
        "date,symbol,weight\n2020-13-01,AAA,1\n",
        "s.csv:2: date 2020-13-01: expected a date such as 2018-02-07",
    ),
    ("date,symbol,weight\n2020-01-02,AAA,\n", "s.csv:2: weight : expected a number of zero or more"),
    ("date,symbol,weight\n2020-01-02,AAA,-1\n", "s.csv:2: weight -1: expected a number of zero or more"),
    ("date,symbol,weight\n2020-01-02,AAA,inf\n", "s.csv:2: weight inf: expected a number of zero or more"),
    ("date,symbol,cap\n2020-01-02,AAA,much\n", "s.csv:2: cap much: expected a number of zero or more"),
    ("symbol,start,end\nAAA,2019-13-01,\n", "s.csv:2: start 2019-13-01: expected a date such as 2018-02-07"),
    ("symbol,start,end\nAAA,2019-01-01,x\n", "s.csv:2: end x: expected a date or nothing"),
    (
        "symbol,start,end\nAAA,2019-01-01,2018-01-01\n",
        "s.csv:2: end 2018-01-01: expected a date after the start, 2019-01-01",
    ),
    // Weights that add up to zero or to infinity, and members that all lack a price or leave.
    (
        "date,symbol,weight\n2020-01-02,AAA,0\n",
        "run.toml: data.indices: index i: no member has a weight above zero and a price on 2020-01-02",
    ),
    (
        "date,symbol,weight\n2020-01-02,AAA,1e308\n2020-01-02,BBB,1e308\n",
        "run.toml: data.indices: index i: no member has a weight above zero and a price on 2020-01-02",
    ),
    (
        "symbol,start,end\nNOPE,2019-01-01,\n",
        "run.toml: data.indices: index i: no member has a weight above zero and a price on 2020-01-02",
    ),
    (
        "symbol,start,end\nAAA,2019-01-01,2020-03-02\n",
        "run.toml: data.indices: index i: no member has a weight above zero and a price on 2020-03-02",
    ),
];

#[test]
fn faults_of_securities_and_members_name_the_line() {
    let mut wrong = Vec::new();
    let securities = CONFIG.replace("[data]\n", "[data]\nsecurities = \"s.csv\"\n");
    for (text, message) in SECURITIES {
        refuse(&mut wrong, text, &securities, &[("s.csv", text.as_bytes())], message);
    }
    let index = CONFIG.replace("[data]\n", "[data]\nindices = [{ name = \"i\", files = [\"s.csv\"] }]\n");
    for (text, message) in MEMBERS {
        refuse(&mut wrong, text, &index, &[("s.csv", text.as_bytes())], message);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
