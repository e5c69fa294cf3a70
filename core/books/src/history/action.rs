//! What a row of a history does.

/// An action, by the word that stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Purchase.
    Buy,
    /// Sale.
    Sell,
    /// Shares that come from elsewhere with basis and date.
    TransferIn,
    /// Dividend in cash.
    Dividend,
    /// Dividend that buys shares.
    Reinvest,
    /// Distribution that is no dividend.
    ReturnOfCapital,
    /// New shares for old.
    Split,
    /// Shares of another company on top.
    Spinoff,
    /// Shares of another company instead.
    Merger,
    /// Cash instead.
    CashMerger,
    /// Another symbol.
    Rename,
    /// The end of trading.
    Delist,
    /// Shares received by gift.
    GiftIn,
    /// Shares given away.
    GiftOut,
    /// Shares that move from one of the household's accounts to another.
    Transfer,
    /// Shares inherited.
    Inherit,
    /// A fund's distribution of capital gain.
    CapitalGain,
}

impl Action {
    /// All, with their words.
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

    /// By its word, in any case.
    pub fn parse(word: &[u8]) -> Option<Self> {
        Self::ALL.iter().find(|(w, _)| w.as_bytes().eq_ignore_ascii_case(word)).map(|(_, a)| *a)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, a)| *a == self).map_or("", |(w, _)| w)
    }

    /// Whether it needs a number of shares.
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

    /// Whether it needs dollars.
    pub fn needs_amount(self) -> bool {
        !matches!(self, Self::Split | Self::Merger | Self::Rename | Self::GiftOut | Self::Transfer)
    }

    /// Whether shares come in as a new lot.
    pub fn comes_in(self) -> bool {
        matches!(self, Self::Buy | Self::TransferIn | Self::Reinvest | Self::GiftIn | Self::Inherit)
    }

    /// Whether it happens to a security, whoever holds it.
    pub fn is_corporate(self) -> bool {
        matches!(
            self,
            Self::Split | Self::Spinoff | Self::Merger | Self::CashMerger | Self::Rename | Self::Delist
        )
    }
}
