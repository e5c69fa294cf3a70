//! What the user says because a file does not.

/// Account name for files that name none.
pub(super) const DEFAULT_ACCOUNT: &str = "taxable";

/// What the user must say because the file does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOptions {
    /// Account name for files that name none. Default `taxable`. If the name says IRA, Roth, HSA or 401(k),
    /// the account is of that kind.
    pub account: String,
    /// Whether the basis of every lot is what was paid for it, without disallowed losses. Default false: then
    /// a lot whose basis may include a loss that the ledger would add again is a fault.
    pub basis_unadjusted: bool,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { account: DEFAULT_ACCOUNT.to_owned(), basis_unadjusted: false }
    }
}
