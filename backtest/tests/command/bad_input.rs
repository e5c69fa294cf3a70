//! Households that can't be run give one sentence with the key, the value and what was expected, exit code 2,
//! and no output. A portfolio that runs out of money is a valid result that says when it happened and how
//! much was missing.

use std::fs;

use crate::world::{CONFIG, World};

/// What is wrong, the change to the configuration, and the message of both commands.
type Case = (&'static str, fn(&str) -> String, &'static str);

const CASES: [Case; 16] = [
    (
        "a stock twice in one sleeve",
        |c| c.replace("\"BBB\"]", "\"BBB\", \"AAA\"]"),
        "policy[0].stocks[2]: AAA stands in policy[0].stocks[0] too: expected each symbol once under one manager",
    ),
    (
        "two sleeves of one manager that overlap",
        |c| c.replace("fund = \"BND\"", "stocks = [\"CCC\", \"BBB\"]\nfund = \"BND\""),
        "policy[1].stocks[1]: BBB stands in policy[0].stocks[1] too: expected each symbol once under one manager",
    ),
    (
        "a fund sleeve that is a stock of the same manager's index",
        |c| c.replace("fund = \"BND\"", "fund = \"AAA\"\nmanager = \"direct-index manager\""),
        "policy[1].fund: AAA stands in policy[0].stocks[0] too: expected each symbol once under one manager",
    ),
    (
        "two sleeves of one name",
        |c| c.replace("\"bonds\"", "\"direct\""),
        "policy[1].name: `direct`: expected a name of its own",
    ),
    (
        "a mandate without a security",
        |c| c.replace("fund = \"BND\"", "manager = \"idle\""),
        "policy[1].fund: missing: expected the fund's symbol, or stocks",
    ),
    (
        "a mandate whose only account is empty",
        |c| with_ira(c, 0, "fund = \"BND\"\nmanager = \"idle\"\naccounts = [\"ira\"]"),
        "policy[1].accounts: ira: expected an account that starts with cash or lots, or a weight of 0",
    ),
    (
        "an account that no sleeve may be held in",
        |c| {
            with_ira(c, 1_000, "fund = \"BND\"\naccounts = [\"ira\"]")
                .replace("fund = \"IDX\"", "fund = \"IDX\"\naccounts = [\"ira\"]")
        },
        "policy: account taxable: expected at least one sleeve that it may hold",
    ),
    (
        "no policy",
        |c| format!("policy = []\n{}{}", part(c, "", "[[policy]]"), part(c, "[data]", "")),
        "policy: the weights add up to 0.000000: expected 1",
    ),
    (
        "a policy that adds up to less than one",
        |c| c.replace("weight = 0.4", "weight = 0.3"),
        "policy: the weights add up to 0.900000: expected 1",
    ),
    (
        "a change of policy that adds up to less than one",
        |c| {
            format!(
                "{c}\n[[changes]]\ndate = \"2021-02-01\"\n[[changes.policy]]\nname = \"bonds\"\nweight = 0.9\nfund = \"BND\""
            )
        },
        "changes[0].policy: the weights add up to 0.900000: expected 1",
    ),
    (
        "a weight that is no number",
        |c| c.replace("weight = 0.6", "weight = nan"),
        "policy[0].weight: NaN: expected a number from 0 to 1",
    ),
    (
        "stocks whose weights add up to more than one",
        |c| c.replace("fund = \"IDX\"", "weights = [0.5, 0.6]\nfund = \"IDX\""),
        "policy[0].weights: they add up to 1.100000: expected weights above zero that add up to 1",
    ),
    (
        "every stock excluded",
        |c| format!("{c}\n[restrictions]\nexclude = [\"aaa\", \"BBB\"]"),
        "restrictions: AAA, BBB excluded: expected at least one security of direct to be left",
    ),
    (
        "every stock on an excluded list",
        |c| format!("{c}\n[restrictions]\nexclude_lists = [\"all\"]\n[lists]\nall = [\"AAA\", \"BBB\"]"),
        "restrictions: AAA, BBB excluded: expected at least one security of direct to be left",
    ),
    (
        "an asset class whose only fund is excluded",
        |c| format!("{c}\n[restrictions]\nexclude = [\"BND\"]"),
        "restrictions: BND excluded: expected at least one security of bonds to be left",
    ),
    (
        "a later restriction that empties an index",
        |c| {
            format!(
                "{c}\n[[changes]]\ndate = \"2021-02-01\"\nrestrictions = {{ exclude = [\"AAA\", \"BBB\"] }}"
            )
        },
        "changes[0].restrictions: AAA, BBB excluded: expected at least one security of direct to be left",
    ),
];

/// The part of the configuration from one text up to another.
fn part<'a>(config: &'a str, from: &str, to: &str) -> &'a str {
    let start = config.find(from).unwrap();
    let end = if to.is_empty() { config.len() } else { config.find(to).unwrap() };
    &config[start..end]
}

/// Adds an IRA with some cash, and replaces the settings of the bond sleeve.
fn with_ira(config: &str, cash: u32, bonds: &str) -> String {
    let ira = format!("[household]\naccounts = [{{ name = \"ira\", kind = \"ira\", cash = {cash} }}]");
    config.replace("[household]", &ira).replace("fund = \"BND\"", bonds)
}

#[test]
fn a_household_that_cant_be_run_is_refused_in_one_sentence() {
    let mut wrong = Vec::new();
    for (what, edit, message) in CASES {
        let config = edit(CONFIG);
        assert_ne!(config, CONFIG, "{what}");
        let world = World::new(&config);
        for (command, options) in [("backtest", &[][..]), ("compare", &["--quick"][..])] {
            let run = world.run(command, options);
            let expected = format!("unisleeve: run.toml: {message}\n");
            if (run.code, run.stderr.as_str()) != (Some(2), expected.as_str()) {
                wrong.push(format!("{what}, {command}: exit {:?}, {}", run.code, run.stderr));
            }
            assert!(run.stdout.is_empty() && !world.path("result").exists(), "{what}, {command}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same household runs without the fault, so the cases fail for the stated reason.
#[test]
fn the_household_itself_runs() {
    let run = World::new(CONFIG).run("compare", &["--quick"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(!run.stdout.contains("could not pay"));
    // An index may be left with one stock, and two managers may hold the same stock.
    let one = format!("{CONFIG}\n[restrictions]\nexclude = [\"AAA\"]");
    let both =
        CONFIG.replace("fund = \"BND\"", "stocks = [\"BBB\", \"CCC\"]\nfund = \"BND\"\nmanager = \"second\"");
    for config in [one, both] {
        let run = World::new(&config).run("compare", &["--quick"]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{config}");
    }
}

#[test]
fn a_withdrawal_of_more_than_there_is_says_when_and_why() {
    let world = World::new(&CONFIG.replace("-20000", "-2000000"));
    let run = world.run("backtest", &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    // Money of the best managers moves at once, that of others days later: what has come by then is paid.
    for (arm, date) in [
        ("UMA", "2021-01-01"),
        ("SMA, best", "2021-01-01"),
        ("SMA, diligent", "2021-01-06"),
        ("SMA, typical", "2021-01-14"),
        ("Funds only", "2021-01-01"),
        ("Shadow portfolio", "2021-01-01"),
    ] {
        let sentence = format!("{arm} could not pay what was asked of it on {date}: ");
        let rest = run.stdout.split_once(&sentence).unwrap_or_else(|| panic!("{arm}: {}", run.stdout)).1;
        let (asked, rest) = rest.split_once(" was asked, ").unwrap();
        let paid = rest.split_once(" paid.").unwrap().0;
        let number = |text: &str| text.replace(',', "").parse::<f64>().unwrap();
        let short = number(asked) - number(paid);
        assert!((1_300_000.0..1_600_000.0).contains(&short), "{arm}: {short}");
    }
    let report = fs::read_to_string(world.path("result/report.html")).unwrap();
    assert!(report.contains("UMA could not pay what was asked of it on"));

    let run = world.run("compare", &["--quick"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let page = fs::read_to_string(world.path("result/report.html")).unwrap();
    for text in [&run.stdout, &page] {
        assert!(text.contains("could not pay what was asked of them, first sma on 2021-01-01"), "{text}");
    }
    let csv = fs::read_to_string(world.path("result/runs.csv")).unwrap();
    let at = csv.lines().next().unwrap().split(',').position(|c| c == "ruin").expect("a column");
    assert!(csv.lines().skip(1).all(|line| line.split(',').nth(at) == Some("2021-01-01")), "{csv}");
}

/// A withdrawal after the last session does not count as ruin.
#[test]
fn a_withdrawal_that_never_falls_due_changes_nothing() {
    let config =
        CONFIG.replace("every = \"year\", from = \"2021-01-01\"", "every = \"once\", from = \"2031-01-02\"");
    let run = World::new(&config.replace("-20000", "-2000000")).run("compare", &["--quick"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(!run.stdout.contains("could not pay"), "{}", run.stdout);
}
