//! Which account holds which sleeve, in closed form: accounts that may hold the fewest sleeves are filled
//! first, and each sleeve gets money in proportion to what it lacks.

use super::DecisionContext;

/// Dollars of each sleeve in each account, indexed by account and then by sleeve.
///
/// `shares` are the sleeves' weights, `free` the dollars of each account, and `cells` those that may be held.
/// Sleeves outside the policy get nothing.
pub(super) fn allot(
    ctx: &DecisionContext<'_>,
    cells: &[usize],
    shares: &[f64],
    free: &[f64],
) -> Vec<Vec<f64>> {
    let setup = ctx.setup;
    let mut total = 0.0;
    for f in free {
        total += f;
    }
    let allowed = |a: usize, s: usize| {
        let here = |c: &usize| setup.cells[*c].account.index() == a && setup.cells[*c].sleeve.index() == s;
        cells.iter().any(here) && ctx.sleeves[s].index.is_some()
    };
    let count = ctx.sleeves.len();
    let mut lacks: Vec<f64> = shares.iter().map(|w| w * total).collect();
    let mut order: Vec<usize> = (0..free.len()).collect();
    order.sort_by_key(|a| ((0..count).filter(|s| allowed(*a, *s)).count(), *a));
    let mut located = vec![vec![0.0; count]; free.len()];
    for a in order {
        let mine: Vec<usize> = (0..count).filter(|s| allowed(a, *s)).collect();
        let (mut lack, mut weight) = (0.0, 0.0);
        for s in &mine {
            lack += lacks[*s];
            weight += shares[*s];
        }
        for s in mine {
            // If nothing lacks money any more, by policy weight.
            let part = if lack > 0.0 {
                lacks[s] / lack
            } else if weight > 0.0 {
                shares[s] / weight
            } else {
                0.0
            };
            located[a][s] = part * free[a];
            let left = lacks[s] - located[a][s];
            lacks[s] = if left > 0.0 { left } else { 0.0 };
        }
    }
    located
}
