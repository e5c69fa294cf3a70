// Parses numbers and dates that people type.

/**
 * Parses a number with or without `$`, `%`, commas and a trailing `k` or `m`. Returns null for anything else.
 */
export function numberOf(text: string): number | null {
  const bare = text
    .trim()
    .replace(/[\s,$%_]/g, '')
    .replace('\u2212', '-')
    .toLowerCase();
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))([km]?)$/.exec(bare);
  if (!match) {
    return null;
  }
  return Number(match[1]) * (match[2] === 'k' ? 1e3 : match[2] === 'm' ? 1e6 : 1);
}

/**
 * Parses an ISO date or an American one (3/2/2015) and returns it as ISO. Returns null when there is no such
 * day.
 */
export function dateOf(text: string): string | null {
  const bare = text.trim();
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(bare);
  const iso = american
    ? `${american[3]}-${(american[1] ?? '').padStart(2, '0')}-${(american[2] ?? '').padStart(2, '0')}`
    : bare;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) {
    return null;
  }
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}

/** Formats a number for a text field: `-12,500.5`. */
export const typedNumber = (x: number, decimals: number): string =>
  x.toLocaleString('en-US', { maximumFractionDigits: decimals });

/** Shortens typed text for a message. */
export const quoted = (text: string): string => {
  const bare = text.trim();
  return bare === ''
    ? 'Nothing entered'
    : `\u201c${bare.length > 24 ? `${bare.slice(0, 24)}\u2026` : bare}\u201d`;
};
