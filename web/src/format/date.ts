// Dates and years: ISO dates, and the page's own format.

/** Formats days since 1970-01-01 as `2037-03-02`. */
export const dayName = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** Formats a year as `2037`, or as `year 12` where years are counted from the start. */
export const yearName = (year: number): string => (year < 1000 ? `year ${year}` : String(year));

/** Whole years between two ISO dates, at least 1. */
export function yearsBetween(from: string, to: string): number {
  return Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / (365.25 * 864e5)));
}

/** The day `years` (and `days`) after an ISO date. */
export function later(iso: string, years: number, days = 0): string {
  const [year = 2000, month = 1, day = 1] = iso.split('-').map(Number);
  return new Date(Date.UTC(year + years, month - 1, day + days)).toISOString().slice(0, 10);
}
