//! Size limits of a table. A file beyond a limit is refused, with its file name and line, before it uses the
//! memory.

/// Longest row in bytes, including line breaks within quotes. A wide row of [`MOST_COLUMNS`] prices takes 2
/// MB. The limit exceeds [`ALWAYS_UNPACKED`], so that a compressed file that expands without end is reported
/// as such.
pub(super) const LONGEST_ROW: u64 = 128 << 20;

/// Most columns: ten times the number of stocks in the world's largest index.
pub(super) const MOST_COLUMNS: usize = 100_000;

/// Most rows: 50,000 securities over forty years of daily prices.
pub(super) const MOST_ROWS: u64 = 500_000_000;

/// Most bytes of a file read row by row, after decompression.
pub(super) const MOST_BYTES: u64 = 64 << 30;

/// Most bytes of a file held in memory, after decompression.
pub(crate) const MOST_HELD: u64 = 2 << 30;

/// Bytes to which any compressed file may expand.
pub(super) const ALWAYS_UNPACKED: u64 = 64 << 20;

/// Largest ratio of expanded to compressed size beyond [`ALWAYS_UNPACKED`]. Price files expand about 5 times;
/// deflate can reach a thousand.
pub(super) const TIMES_UNPACKED: u64 = 250;
