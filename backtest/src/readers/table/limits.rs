//! How large a table may be. What goes beyond is refused with its file and line before it takes the memory.

/// Longest row in bytes, line breaks within quotes included. A wide file of [`MOST_COLUMNS`] prices has 2 MB; more than
/// [`ALWAYS_UNPACKED`], so that a compressed file which unpacks without end is called what it is.
pub(super) const LONGEST_ROW: u64 = 128 << 20;

/// Most columns: ten times the stocks of the world's largest index.
pub(super) const MOST_COLUMNS: usize = 100_000;

/// Most rows: fifty thousand securities over forty years of days.
pub(super) const MOST_ROWS: u64 = 500_000_000;

/// Most bytes of a file that is read row by row, after decompression.
pub(super) const MOST_BYTES: u64 = 64 << 30;

/// Most bytes of a file that is held in memory as a whole, after decompression.
pub(crate) const MOST_HELD: u64 = 2 << 30;

/// Bytes that every compressed file may unpack to.
pub(super) const ALWAYS_UNPACKED: u64 = 64 << 20;

/// Beyond [`ALWAYS_UNPACKED`], how many times its size a compressed file may unpack to. Price files unpack to some 5 times
/// theirs; deflate can do a thousand.
pub(super) const TIMES_UNPACKED: u64 = 250;
