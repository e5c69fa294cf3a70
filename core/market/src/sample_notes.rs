//! Caveats of the embedded sample, as sentences for every report made from it.

/// The caveats that a reader of a figure needs. `backtest/sample/MANIFEST.md` has the full account.
pub const SAMPLE_NOTES: [&str; 10] = [
    "The 20 stocks were picked in hindsight, as large companies still listed in 2022: none went bankrupt, was bought or \
     left the index. Compare the arms with each other, not with the market.",
    "Stock prices are adjusted for total return: stock dividends go untaxed until a sale, which overstates what \
     deferring tax is worth, most of all for the direct index.",
    "The fund of the same 20 stocks (IDX20) has the same flaws, so the arms can be compared; the S&P 500 and the \
     Treasury fund pay taxed distributions, so stocks set beside them look better than they were.",
    "Twenty names are not an index: harvesting looks richer and tracking error wider than with 500 names.",
    "Splits and dividends are folded back into prices, and there is no record of volume or spreads: trading costs are \
     an assumption.",
    "The S&P 500 fund's dividends are smoothed within a year, and each quarter's amount uses the year's total, known \
     only in December; all of them count as qualified. The dividend of 2016 rests on a published yield.",
    "The Treasury fund is computed from 10-year yields: no fees, no trading costs, no capital gains handed out; its \
     interest is taxed by the state, which a real Treasury's is not.",
    "IDX20 has no fee and is never rebalanced; its weights of 1998 and 1999, which early estimates of risk rest on, are \
     taken from 2000.",
    "Stock prices before 2013 were not checked against a second record; between 2013 and 2016 six single closes look \
     stray.",
    "This is one history, with two crashes and a long fall in rates: other years will turn out differently.",
];
