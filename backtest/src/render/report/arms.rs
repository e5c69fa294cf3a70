//! Names and explanations of the arms.

/// Names of an arm for readers.
pub(super) struct ArmWords {
    /// Name in the table.
    pub(super) name: &'static str,
    /// Name in a chart.
    pub(super) short: &'static str,
    /// CSS class of its color and dashes.
    pub(super) class: &'static str,
    /// Explanation in one sentence.
    pub(super) meaning: &'static str,
}

/// The names of an arm, by its name in files. An unknown arm keeps that name.
pub(super) fn words(name: &'static str, matched: bool) -> ArmWords {
    match name {
        "uma" => ArmWords {
            name: "UMA",
            short: "UMA",
            class: "uma",
            meaning: if matched {
                "Unified managed account: one manager for the whole portfolio, at the risk aversion that gives it the \
                 realized tracking error of SMA."
            } else {
                "Unified managed account: one manager for the whole portfolio."
            },
        },
        "sma" => ArmWords {
            name: "SMA",
            short: "SMA",
            class: "sma",
            meaning: "Separately managed account: a specialist runs the direct index, an advisor the funds beside it.",
        },
        "funds" => ArmWords {
            name: "Funds only",
            short: "Funds only",
            class: "funds",
            meaning: "The same policy with a fund in place of the direct index, traded by the same optimizer.",
        },
        "shadow" => ArmWords {
            name: "Shadow portfolio",
            short: "Shadow",
            class: "shadow",
            meaning: "The policy in funds, which are brought back to their weights whatever the tax; stocks transferred in \
                      stay and are sold only for cash and restrictions. Tax alpha is measured against it.",
        },
        "uma_equal_gamma" => ArmWords {
            name: "UMA at equal risk aversion",
            short: "UMA, equal γ",
            class: "equal",
            meaning: "UMA with the risk aversion γ of SMA; its tracking error may differ from SMA's.",
        },
        other => ArmWords { name: other, short: other, class: "shadow", meaning: "" },
    }
}
