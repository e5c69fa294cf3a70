//! The actions that a row of a history can have.

/// An action, named by its word in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Purchase.
    Buy,
    /// Sale.
    Sell,
    /// Shares transferred in from outside, with their basis and date of purchase.
    TransferIn,
    /// Dividend paid in cash.
    Dividend,
    /// Dividend reinvested in new shares.
    Reinvest,
    /// Distribution that returns capital and is not a dividend.
    ReturnOfCapital,
    /// Split: new shares for old ones.
    Split,
    /// Spin-off: shares of another company in addition.
    Spinoff,
    /// Merger: shares of another company in exchange.
    Merger,
    /// Merger for cash.
    CashMerger,
    /// Change of symbol.
    Rename,
    /// Delisting: trading ends.
    Delist,
    /// Shares received by gift.
    GiftIn,
    /// Shares given away.
    GiftOut,
    /// Shares moved between accounts of the household.
    Transfer,
    /// Shares inherited.
    Inherit,
    /// A fund's distribution of capital gain.
    CapitalGain,
}

impl Action {
    /// All actions with their words.
    pub const ALL: [(&'static str, Self); 17] = [
        ("buy", Self::Buy),
        ("sell", Self::Sell),
        ("transfer_in", Self::TransferIn),
        ("dividend", Self::Dividend),
        ("reinvest", Self::Reinvest),
        ("return_of_capital", Self::ReturnOfCapital),
        ("split", Self::Split),
        ("spinoff", Self::Spinoff),
        ("merger", Self::Merger),
        ("cash_merger", Self::CashMerger),
        ("rename", Self::Rename),
        ("delist", Self::Delist),
        ("gift_in", Self::GiftIn),
        ("gift_out", Self::GiftOut),
        ("transfer", Self::Transfer),
        ("inherit", Self::Inherit),
        ("capital_gain", Self::CapitalGain),
    ];

    /// Finds an action by its word; case does not matter.
    pub fn parse(word: &[u8]) -> Option<Self> {
        Self::ALL.iter().find(|(w, _)| w.as_bytes().eq_ignore_ascii_case(word)).map(|(_, a)| *a)
    }

    /// Its word in files.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, a)| *a == self).map_or("", |(w, _)| w)
    }

    /// Whether the row must state a number of shares.
    pub fn needs_quantity(self) -> bool {
        matches!(
            self,
            Self::Buy
                | Self::Sell
                | Self::TransferIn
                | Self::Reinvest
                | Self::GiftIn
                | Self::GiftOut
                | Self::Inherit
        )
    }

    /// Whether the row must state dollars.
    pub fn needs_amount(self) -> bool {
        !matches!(self, Self::Split | Self::Merger | Self::Rename | Self::GiftOut | Self::Transfer)
    }

    /// Whether shares come in as a new lot.
    pub fn comes_in(self) -> bool {
        matches!(self, Self::Buy | Self::TransferIn | Self::Reinvest | Self::GiftIn | Self::Inherit)
    }

    /// Whether the action concerns all holders of the security.
    pub fn is_corporate(self) -> bool {
        matches!(
            self,
            Self::Split | Self::Spinoff | Self::Merger | Self::CashMerger | Self::Rename | Self::Delist
        )
    }
}
