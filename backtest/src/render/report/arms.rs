//! Colors and explanations of the arms.

/// How an arm is drawn and explained.
pub(super) struct ArmWords {
    /// Name in a chart. The report says once which habits `SMA` has.
    pub(super) short: &'static str,
    /// CSS class of its color and dashes.
    pub(super) class: &'static str,
    /// Explanation in one sentence.
    pub(super) meaning: &'static str,
}

/// The words of an arm, by its name in files. An unknown arm keeps that name.
pub(super) fn words(name: &'static str) -> ArmWords {
    match name {
        "uma" => ArmWords {
            short: "UMA",
            class: "uma",
            meaning: "Unified managed account: one manager for the whole portfolio.",
        },
        "sma" => ArmWords {
            short: "SMA",
            class: "sma",
            meaning: "Separately managed account: a specialist runs the direct index, an advisor the funds beside it, with \
                      the habits of [sma].",
        },
        "sma_best" => ArmWords {
            short: "SMA, best",
            class: "best",
            meaning: "The best that separate managers can do: the advisor sees every lot, and money moves at once.",
        },
        "sma_typical" => ArmWords {
            short: "SMA, typical",
            class: "typical",
            meaning: "The advisor sees the direct index as one line, rebalances by the calendar without regard to tax, and \
                      sells the oldest lots first.",
        },
        "funds" => ArmWords {
            short: "Funds only",
            class: "funds",
            meaning: "The same policy with a fund in place of the direct index, traded by the same optimizer.",
        },
        "shadow" => ArmWords {
            short: "Shadow",
            class: "shadow",
            meaning: "The policy in funds, which are brought back to their weights whatever the tax; stocks transferred in \
                      stay and are sold only for cash and restrictions. Tax alpha is measured against it.",
        },
        "uma_equal_te" => ArmWords {
            short: "UMA, SMA's risk",
            class: "equal",
            meaning: "UMA at the risk aversion γ that gives it the realized tracking error of SMA. All others run at the \
                      household's own.",
        },
        other => ArmWords { short: other, class: "shadow", meaning: "" },
    }
}
