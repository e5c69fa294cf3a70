//! The headline figures of the default study over the embedded sample. They change with almost any change in
//! the core. Read the difference and check that it is right. To accept it, run
//! `INSTA_UPDATE=always cargo test -p unisleeve-tests --test suite sample_golden`.
//!
//! Why the figures are plausible. A million dollars over 17 years at 8.5% grows to 4.0 million. Nine
//! contributions of 20,000 add about 0.6 and seven withdrawals of 60,000 remove about 0.6. Taxes near 0.3
//! million also cost their growth. The result is 3.3 to 3.6.
//! - return: the direct index earned 11.0% a year, the S&P 500 4.6% and the Treasury about 5%. At 45/15/40
//!   this is 7.6%, and rebalancing between assets that move against each other added almost a percent in
//!   these years. All arms are within 0.2%.
//! - tracking error: harvesting leaves the stock weights some percent off, under 1% of the whole. The
//!   shadow's is close to zero, because only idle cash and small orders separate it from the mix.
//! - tax alpha before liquidation, 0.1 to 0.5% a year: the household has no outside gains, so beyond 3,000 a
//!   year losses only defer the portfolio's own gains. After liquidation it is less, because the deferred tax
//!   is paid. The shadow's is zero by definition.
//! - taxes: 4.5% coupons on 40% of 2 million at 40.8% are about 15,000 a year, 250,000 in total, before
//!   losses and gains.
//! - endings: unrealized gains are about 55% of the value, so a sale at 23.8% leaves 85% of what is kept. The
//!   household is at the top of the brackets, so the brackets leave the same except for the last year's small
//!   losses. Few lots are at a loss, so a gift to a person leaves little less. A tenth given to charity is
//!   slightly above 30% of an income of a million: about 300,000 are deducted, and 35% of the part above the
//!   start of the top bracket saves near 107,000.
//! - harvested: twenty stocks and two bear markets give a third of the money paid in.
//! - turnover: monthly rebalancing of a 60/40 mix turns over 5 to 10% a year, and harvests add a few percent.

use std::fmt::Write;

use unisleeve_core::mandates::sample_config;
use unisleeve_core::study::{Scope, study};
use unisleeve_tests::markets::sample;

#[test]
fn the_default_study() {
    let config = sample_config();
    let study = study(&config, &sample(), Scope::Full, &mut |_| {}).expect("the default study runs");
    let mut text = String::new();
    for arm in &study.arms {
        let m = &arm.measures;
        let alpha = arm.tax_alpha.expect("the shadow ran");
        let percent = |x: Option<f64>| format!("{:.3}%", 100.0 * x.expect("a figure that is defined"));
        writeln!(
            text,
            "{}: before {} after {} return {} te {} alpha {} / {} taxes {} harvested {} washed {} turnover {} orders {}",
            arm.name,
            m.wealth_before_liquidation,
            m.wealth_after_liquidation,
            percent(m.pre_tax_return),
            percent(m.tracking_error_ex_post),
            percent(alpha.before_liquidation),
            percent(alpha.after_liquidation),
            m.taxes_paid,
            m.losses_harvested,
            m.losses_washed,
            percent(m.turnover),
            m.orders,
        )
        .unwrap();
    }
    writeln!(text, "equal tracking error: {:?}", study.matched).unwrap();
    for arm in &study.arms {
        let e = &arm.measures.endings;
        writeln!(
            text,
            "{} ends: brackets {} step-up {} gift {} charity {} given {} untaxed {} saved {} carried {}",
            arm.name,
            e.liquidate_bracketed.wealth,
            e.step_up.wealth,
            e.gift.wealth,
            e.charity.wealth,
            e.charity.given,
            e.charity.gain_never_taxed,
            e.charity.tax_saved_by_deduction + e.charity.tax_saved_by_losses,
            e.charity.carried_deduction,
        )
        .unwrap();
    }
    // Properties that hold whatever the last digits are.
    let arm = |name: &str| study.arm(name).expect("an arm");
    let shadow = arm("shadow").tax_alpha.expect("the shadow ran");
    assert_eq!(
        (shadow.before_liquidation, shadow.after_liquidation),
        (Some(0.0), Some(0.0)),
        "against itself"
    );
    for a in &study.arms {
        assert!(a.result.ruin.is_none(), "{}: ruin", a.name);
        // 45% at 11.0, 15% at 4.6 and 40% at about 5% a year, rebalanced, give about 8.
        let r = a.measures.pre_tax_return.expect("a return");
        assert!((0.06..0.10).contains(&r), "{}: return {r}", a.name);
        let te = a.measures.tracking_error_ex_post.expect("a tracking error");
        assert!(te < 0.03, "{}: tracking error {te}", a.name);
        let alpha = a.tax_alpha.and_then(|t| t.after_liquidation).expect("an alpha");
        assert!((-0.005..0.01).contains(&alpha), "{}: tax alpha {alpha}", a.name);
    }
    insta::assert_snapshot!(text);
}
