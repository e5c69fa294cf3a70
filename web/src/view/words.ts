// The headline in sentences.

import type { Study } from 'unisleeve';

import { yearsBetween } from '../format/date';
import { about, signedAbout } from '../format/money';
import { count, signedPercent } from '../format/number';
import type { Summed } from '../run/summed';
import { worthOf } from './figures';

/** A sentence that never breaks between a sign and its dollars. */
const unbroken = (sentence: string): string => sentence.replace(/[+\u2212](?=\$)/g, '$&\u2060');

export interface Headline {
  /** Which setup ends ahead: in most futures, or in the single one. */
  winner: 'uma' | 'sma' | 'none';
  /** The text without the winner's name. */
  claim: string;
  figure: string;
  spread: string;
  caveat: string;
  /** How much of the difference is tax, and where the rest comes from. */
  source: string;
}

/** `all` is the number of futures asked for. */
export function headlineOf(summary: Summed, all: number): Headline {
  const { gain, paths } = summary;
  const median = gain.percentiles[3];
  const span = `${yearsBetween(summary.start, summary.end)} years`;
  const isChance = gain.interval === null || (gain.interval[0] <= 0 && gain.interval[1] >= 0);
  const behind = summary.gains.filter((x) => x < 0).length / Math.max(1, summary.gains.length);
  const winner = gain.ahead > behind ? 'uma' : gain.ahead < behind ? 'sma' : 'none';
  const share = winner === 'sma' ? behind : gain.ahead;
  const futures = `${count(paths)} futures${paths < all ? ' so far' : ''}`;
  const claim =
    winner === 'none'
      ? `Neither ends ahead more often in ${futures}`
      : `ends ahead in ${Math.round(share * 100)}% of ${futures}`;
  const tail =
    gain.worst_tenth < 0
      ? `In the worst tenth of futures UMA trails by ${about(-gain.worst_tenth)} on average.`
      : `Even in the worst tenth of futures UMA is ahead, by ${about(gain.worst_tenth)} on average.`;
  const mean = gain.interval
    ? `The mean is ${signedAbout(gain.mean)} (95% confidence: ${signedAbout(gain.interval[0])} to ${signedAbout(gain.interval[1])})${isChance ? ', which may be chance: no clear winner' : ''}.`
    : '';
  return {
    winner,
    claim,
    figure: signedAbout(median),
    spread: unbroken(
      `is UMA\u2019s median difference after tax over ${span}. Nine of ten futures lie between ${signedAbout(gain.percentiles[0])} and ${signedAbout(gain.percentiles[6])}.`,
    ),
    caveat: unbroken([tail, mean].filter(Boolean).join(' ')),
    source: unbroken(sourceOf(summary)),
  };
}

/**
 * How much of the mean difference is tax (tax alpha with everything sold at the end, times the value it was
 * earned on) and how much is fees. The rest is the return for holding different assets.
 */
export function sourceOf({
  gain,
  tax_alpha_after_liquidation: alpha,
  fans,
  averages,
  start,
  end,
}: Summed): string {
  if (!alpha) {
    return '';
  }
  const medians = fans.find(({ arm }) => arm === 'sma')?.by_year.map((values) => values[3]) ?? [];
  const value = medians.reduce((sum, x) => sum + x, 0) / Math.max(1, medians.length);
  const tax = alpha.mean * value * yearsBetween(start, end);
  const cost = (arm: string): number => averages.find((one) => one.arm === arm)?.fees_at_end ?? 0;
  const [uma, sma] = [cost('uma'), cost('sma')];
  const charged =
    uma === 0 && sma === 0
      ? ''
      : ` Management fees are ${signedAbout(sma - uma)} of it, with what they would have earned.`;
  const range = alpha.interval
    ? `; 95% confidence ${signedPercent(alpha.interval[0])} to ${signedPercent(alpha.interval[1])}`
    : '';
  return `Of the mean, tax is about ${signedAbout(tax)} (${signedPercent(alpha.mean)} a year${range}).${charged} The other ${signedAbout(gain.mean - tax - (sma - uma))} is what the two hold within the policy\u2019s bands, such as more or fewer stocks: pay for risk in these futures, not a gain of either setup.`;
}

/** The result of one future, while the others are pending. */
export function oneFuture(study: Study): Headline {
  const { arms, start, end } = study.summary;
  const gain = worthOf(arms.uma) - worthOf(arms.sma);
  const winner = gain > 0.5 ? 'uma' : gain < -0.5 ? 'sma' : 'none';
  return {
    winner,
    claim:
      winner === 'none' ? 'Both end equal in one future' : 'ends ahead in the one future computed so far',
    figure: signedAbout(gain),
    spread: `is UMA\u2019s difference after tax over ${yearsBetween(start, end)} years, in this future alone.`,
    caveat: 'One future says little: the others follow, and with them how far luck goes.',
    source: '',
  };
}

export const fullHeadline = (h: Headline): string =>
  `${h.winner === 'none' ? '' : `${h.winner.toUpperCase()} `}${h.claim}; median ${h.figure}. ${h.caveat} ${h.source}`.trim();
