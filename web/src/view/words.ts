// The answer in sentences: what one manager is worth, and what may be said of it.

import { yearsBetween } from '../format/date';
import { signedAbout } from '../format/money';
import { count } from '../format/number';
import type { Answer } from '../run/runner';
import { between, FEWEST, isEnough, middleRow, type Side, sideOf } from './difference';
import { setupName } from './setups';

/** A sentence that never breaks between a sign and its dollars. */
const unbroken = (sentence: string): string => sentence.replace(/[+\u2212](?=\$)/g, '$&\u2060');

export interface Headline {
  /** The side that the verdict is on. */
  side: Side;
  /** The verdict. */
  claim: string;
  /** The setup effect, or empty while there are too few futures. */
  figure: string;
  /** What the figure is, with its interval. */
  spread: string;
  /** Its parts, and the worst futures. */
  caveat: string;
}

/** The answer against the separate managers of the settings. */
export function headlineFor({ summary, config }: Answer): Headline {
  const all = config.simulation.paths;
  const row = summary && isEnough(summary, all) ? middleRow(summary) : undefined;
  if (!summary || !row) {
    return computing(summary?.paths ?? 0, all);
  }
  const futures = `${count(summary.paths)} futures${summary.paths < all ? ' so far' : ''}`;
  const years = yearsBetween(summary.start, summary.end);
  const interval = row.setup_interval ? `; 95% interval ${between(row.setup_interval)}` : '';
  return {
    side: sideOf(row.verdict_code),
    claim: unbroken(row.verdict.replaceAll('-$', '\u2212$')),
    figure: signedAbout(row.setup.mean),
    spread: unbroken(
      `is the setup effect against ${setupName(row.against, config)}: tax, fees and trading costs over ${years} years, mean of ${futures}${interval}.`,
    ),
    caveat: unbroken(
      `Of it, tax is ${signedAbout(row.tax.mean)}, fees are ${signedAbout(row.fees.mean)} and trading costs are ${signedAbout(row.costs.mean)}. In the worst tenth of futures the setup effect is ${signedAbout(row.setup.worst_tenth)} on average.`,
    ),
  };
}

function computing(done: number, all: number): Headline {
  return {
    side: 'open',
    claim: 'Computing',
    figure: '',
    spread: `${count(done)} of ${count(all)} futures. An answer needs ${Math.min(FEWEST, all)} of them: one future says little.`,
    caveat: '',
  };
}

export const fullHeadline = (h: Headline): string =>
  [h.claim, h.figure && `${h.figure} ${h.spread}`, h.caveat].filter(Boolean).join(' ').trim();
