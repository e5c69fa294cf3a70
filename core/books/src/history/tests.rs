//! Corporate actions and lot rules with published figures.

use super::{DividendKind, Fault, Settings, book, parse_trades};
use unisleeve_tax::{FilingStatus, LotMethod, PriorPurchases, TaxRates};
use unisleeve_units::Money;

const HEADER: &str = "date,account,action,symbol,quantity,amount,lot,acquired,symbol2,ratio,price,kind,cash_in_lieu,\
                      basis_percent,boot_symbol,boot_value\n";

fn settings() -> Settings {
    Settings {
        method: LotMethod::Fifo,
        rates: TaxRates { short: 0.408, long: 0.238 },
        status: FilingStatus::Single,
        prior: PriorPurchases::Count,
        accounts: None,
        identical: Vec::new(),
        dividend_kinds: vec![("CHILD".to_owned(), DividendKind::Qualified)],
        exempt: Vec::new(),
        averaged: None,
    }
}

/// What a file comes to: `(gain, recognized)` of all sales, open lots as `symbol quantity basis`, and the years as
/// `year short long qualified ordinary`.
struct Found {
    gain: Money,
    recognized: Money,
    open: Vec<String>,
    years: Vec<String>,
}

fn run(rows: &[&str], settings: &Settings, one_order: bool) -> Result<Found, Vec<Fault>> {
    let file = format!("{HEADER}{}\n", rows.join("\n"));
    let (mut history, faults) = parse_trades(file.as_bytes(), None);
    if one_order {
        history.merge_orders();
    }
    let statement = book(&history, settings, faults)?;
    Ok(Found {
        gain: statement.sales().map(|s| s.gain).sum(),
        recognized: statement.sales().map(|s| s.recognized).sum(),
        open: statement
            .open_lots
            .iter()
            .map(|l| format!("{} {} {}", l.symbol, l.quantity, l.basis))
            .collect(),
        years: statement
            .years
            .iter()
            .filter(|y| {
                [y.net_short, y.net_long, y.dividends_qualified, y.dividends_ordinary]
                    .iter()
                    .any(|m| !m.is_zero())
            })
            .map(|y| {
                format!(
                    "{} {} {} {} {}",
                    y.year, y.net_short, y.net_long, y.dividends_qualified, y.dividends_ordinary
                )
            })
            .collect(),
    })
}

fn found(rows: &[&str]) -> Found {
    run(rows, &settings(), false).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn fault(rows: &[&str]) -> String {
    let faults = run(rows, &settings(), false).err().unwrap_or_default();
    faults.iter().map(|f| format!("{}: {}", f.line, f.kind)).collect::<Vec<_>>().join("; ")
}

/// Forms 8937: 3M kept 84.48% of the basis when it spun off Solventum (2024-04-01), GE 79.74% with GE Vernova
/// (2024-04-02), Danaher 88.340% with Veralto (2023-09-30).
#[test]
fn percentages_of_forms_8937() {
    for (parent, child, date, ratio, percent, kept, spun) in [
        ("MMM", "SOLV", "2024-04-01", "0.25", "84.48", "8448.0000", "1552.0000"),
        ("GE", "GEV", "2024-04-02", "0.25", "79.74%", "7974.0000", "2026.0000"),
        ("DHR", "VLTO", "2023-09-30", "1:3", "88.340", "8834.0000", "1166.0000"),
    ] {
        let buy = format!("2020-01-02,t,buy,{parent},100,10000");
        let spin = format!("{date},t,spinoff,{parent},,,,,{child},{ratio},,,,{percent}");
        let open = found(&[&buy, &spin]).open;
        assert_eq!(open.len(), 2, "{open:?}");
        assert!(open.iter().any(|l| l.starts_with(parent) && l.ends_with(kept)), "{open:?}");
        assert!(open.iter().any(|l| l.starts_with(child) && l.ends_with(spun)), "{open:?}");
    }
}

#[test]
fn a_percentage_that_contradicts_the_prices_is_refused() {
    let buy = "2020-01-02,t,buy,MMM,100,10000";
    // 0.25 shares at 62.08 beside a price of 84.48: 15.52 of 100.
    assert_eq!(fault(&[buy, "2024-04-01,t,spinoff,MMM,,62.08,,,SOLV,0.25,84.48,,,84.48"]), "");
    let bad = fault(&[buy, "2024-04-01,t,spinoff,MMM,,62.08,,,SOLV,0.25,84.48,,,80"]);
    assert!(bad.starts_with("3: basis_percent 80: the prices on the row leave 84.480%"), "{bad}");
    for text in ["0", "100", "-5", "x", "184.48"] {
        let row = format!("2024-04-01,t,spinoff,MMM,,,,,SOLV,0.25,,,,{text}");
        let bad = fault(&[buy, &row]);
        assert!(bad.starts_with("3: basis_percent") && bad.contains("between 0 and 100"), "{text}: {bad}");
    }
}

/// VMW to AVGO, 2023-11-22: holders who asked for shares received 47.9% of 142.50 in cash and 52.1% of 0.252
/// shares of AVGO at 979.50 for each share (Form 8937). 100 shares: 6,825.75 and 13.1292 shares worth 12,860.05.
#[test]
fn boot_is_taxed_as_far_as_there_is_a_gain() {
    let merger = "2023-11-22,t,merger,VMW,,68.2575,,,AVGO,0.131292,979.5";
    // A gain of 9,685.80 above the boot: all of the boot is taxed, and the basis goes on.
    let f = found(&["2020-01-02,t,buy,VMW,100,10000", merger]);
    assert_eq!(
        (f.open, f.years),
        (
            vec!["AVGO 13.129200 10000.0000".to_owned()],
            vec!["2023 0.0000 6825.7500 0.0000 0.0000".to_owned()]
        )
    );
    // A gain of 1,685.80 below the boot: the rest of the cash reduces the basis.
    let f = found(&["2020-01-02,t,buy,VMW,100,18000", merger]);
    assert_eq!(
        (f.open, f.years),
        (
            vec!["AVGO 13.129200 12860.0514".to_owned()],
            vec!["2023 0.0000 1685.8014 0.0000 0.0000".to_owned()]
        )
    );
    // A loss is not recognized (356(c)).
    let f = found(&["2020-01-02,t,buy,VMW,100,25000", merger]);
    assert_eq!((f.open, f.years), (vec!["AVGO 13.129200 18174.2500".to_owned()], Vec::<String>::new()));
}

/// Celgene to Bristol-Myers Squibb, 2019-11-20: a taxable merger (Form S-4, "U.S. Federal Income Tax Consequences"):
/// for each share 50.00, a share of BMY and a contingent value right. With the opening prices of 2019-11-21, 56.16 and
/// 1.95 (iclub.com, article 655), 108.11 for each share.
#[test]
fn a_taxable_merger_sells_and_buys() {
    let merger = "2019-11-20,t,merger,CELG,,50,,,BMY,1,56.16,taxable,,,BMYRT,1.95";
    let f = found(&["2015-03-02,t,buy,CELG,320,4117.85", merger]);
    assert_eq!(f.gain, Money::parse("30477.35").unwrap().value);
    assert_eq!(f.open, ["BMY 320.000000 17971.2000", "BMYRT 320.000000 624.0000"]);
    // A loss counts, too: bought at 120 in 2018, short-term after 2019-01-02.
    let f = found(&["2019-01-03,t,buy,CELG,100,12000", merger]);
    assert_eq!(f.recognized, Money::parse("-1189").unwrap().value);
    // As a reorganization, the right would be boot like the cash.
    let boot = "2019-11-20,t,merger,CELG,,50,,,BMY,1,56.16,,,,BMYRT,1.95";
    let f = found(&["2015-03-02,t,buy,CELG,320,4117.85", boot]);
    assert_eq!(f.years, ["2019 0.0000 16624.0000 0.0000 0.0000"]);
    assert_eq!(f.open, ["BMY 320.000000 4117.8500", "BMYRT 320.000000 624.0000"]);
    let bad = fault(&["2015-03-02,t,buy,CELG,320,4117.85", "2019-11-20,t,merger,CELG,,50,,,BMY,1,,taxable"]);
    assert!(bad.starts_with("3: merger: no price of BMY"), "{bad}");
    let bad =
        fault(&["2015-03-02,t,buy,CELG,320,4117.85", "2019-11-20,t,merger,CELG,,50,,,BMY,1,56,,,,,1.95"]);
    assert!(bad.contains("boot_symbol"), "{bad}");
}

/// IRC 301: 25 shares of the child at 40 are a dividend of 1,000, whose basis they take; the parent's stays.
#[test]
fn a_taxable_spin_off_is_a_dividend_in_shares() {
    let rows = ["2020-01-02,t,buy,P,100,5000", "2024-06-03,t,spinoff,P,,40,,,CHILD,0.25,,ordinary"];
    let f = found(&rows);
    assert_eq!(f.years, ["2024 0.0000 0.0000 0.0000 1000.0000"]);
    assert_eq!(f.open, ["CHILD 25.000000 1000.0000", "P 100.000000 5000.0000"]);
    // Contradictions.
    let bad = fault(&[rows[0], "2024-06-03,t,spinoff,P,,40,,,CHILD,0.25,,ordinary,,80"]);
    assert!(bad.starts_with("3: basis_percent \"80\": expected nothing beside a kind"), "{bad}");
    let bad = fault(&[rows[0], "2024-06-03,t,spinoff,P,,,,,CHILD,0.25,,ordinary"]);
    assert!(bad.starts_with("3: spinoff") && bad.contains("amount"), "{bad}");
    let bad = fault(&[rows[0], "2024-06-03,t,spinoff,P,,40,,,CHILD,0.25,,interest"]);
    assert!(bad.starts_with("3: kind \"interest\": expected qualified or ordinary"), "{bad}");
    // The child's holding period begins with the distribution.
    let sold = found(&[rows[0], rows[1], "2025-06-03,t,sell,CHILD,25,1500"]);
    assert_eq!(sold.years[1], "2025 500.0000 0.0000 0.0000 0.0000");
    let held = found(&[rows[0], rows[1], "2025-06-04,t,sell,CHILD,25,1500"]);
    assert_eq!(held.years[1], "2025 0.0000 500.0000 0.0000 0.0000");
}

/// Reg. 1.1012-1(e)(7)(i): the basis of a share is the average over all shares of the fund in the account. 200 + 100 +
/// 100 shares for 2,000 + 1,500 + 900, 250 sold: 11 a share, the oldest first.
#[test]
fn funds_are_averaged_if_the_method_says_so() {
    let rows = [
        "2022-01-03,t,buy,FUND,200,2000",
        "2023-02-01,t,buy,FUND,100,1500",
        "2024-03-01,t,buy,FUND,100,900",
        "2024-06-03,t,sell,FUND,250,3000",
        "2024-07-01,t,buy,FUND,50,850",
    ];
    let averaged = Settings { averaged: Some(vec!["FUND".to_owned()]), ..settings() };
    let f = run(&rows, &averaged, false).unwrap();
    assert_eq!(f.gain, Money::whole(250));
    assert_eq!(f.years, ["2024 0.0000 250.0000 0.0000 0.0000"]);
    // 150 shares at 11 and 50 at 17: 12.50 each.
    assert_eq!(f.open, ["FUND 50.000000 625.0000", "FUND 100.000000 1250.0000", "FUND 50.000000 625.0000"]);
    // A gift takes the average along, too.
    let given = [rows[0], rows[1], "2024-06-03,t,gift_out,FUND,100,", "2024-06-04,t,sell,FUND,200,3000"];
    let f = run(&given, &averaged, false).unwrap();
    assert_eq!(f.gain, Money::from_raw(6_666_666));
    let cheaper = [rows[0], "2023-02-01,t,buy,FUND,100,3000", rows[2], rows[3]];
    assert_eq!(run(&cheaper, &averaged, false).unwrap().gain, Money::parse("-687.5").unwrap().value);
    // Without the method, the oldest lots at their own cost: 200 for 2,000 and 50 for 1,500.
    assert_eq!(found(&cheaper).gain, Money::whole(-500));
    // 100 shares sold at 8 lose 3 each; 40 bought back wash 120 of it into their basis, which is averaged: 100 at 11
    // and 40 at 8 + 3.
    let washed =
        ["2024-01-03,t,buy,FUND,200,2200", "2024-06-03,t,sell,FUND,100,800", "2024-06-10,t,buy,FUND,40,320"];
    let f = run(&washed, &averaged, false).unwrap();
    assert_eq!((f.gain, f.recognized), (Money::whole(-300), Money::whole(-180)));
    assert_eq!(f.open, ["FUND 100.000000 1100.0000", "FUND 40.000000 440.0000"]);
}

/// A loss on what is no stock or security is allowed however soon it is bought back.
#[test]
fn exempt_symbols_have_no_wash_sales() {
    let rows =
        ["2024-01-02,t,buy,BTC,10,5000", "2024-03-01,t,sell,BTC,10,4000", "2024-03-04,t,buy,BTC,10,4100"];
    assert_eq!(found(&rows).recognized, Money::ZERO);
    let exempt = Settings { exempt: vec!["btc".to_owned()], ..settings() };
    assert_eq!(run(&rows, &exempt, false).unwrap().recognized, Money::whole(-1_000));
}

/// Two executions of one order on one day are one lot at the average price if asked for; a sale in between, another
/// account or a lot's name keeps them apart.
#[test]
fn executions_of_one_order() {
    let rows = ["2024-01-02,t,buy,X,60,600", "2024-01-02,t,buy,Y,5,50", "2024-01-02,t,buy,X,40,500"];
    let f = run(&rows, &settings(), true).unwrap();
    assert_eq!(f.open, ["X 100.000000 1100.0000", "Y 5.000000 50.0000"]);
    assert_eq!(found(&rows).open.len(), 3);
    for between in ["2024-01-02,t,sell,X,10,90", "2024-01-02,t,buy,X,1,10,NAMED"] {
        let f = run(&[rows[0], between, rows[2]], &settings(), true).unwrap();
        assert!(f.open.len() >= 2, "{between}: {:?}", f.open);
    }
    // A purchase in another account does not come between them.
    let f = run(&[rows[0], "2024-01-02,u,buy,X,1,10", rows[2]], &settings(), true).unwrap();
    assert_eq!(f.open, ["X 100.000000 1100.0000", "X 1.000000 10.0000"]);
}
