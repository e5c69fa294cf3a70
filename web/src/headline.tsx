// Who is ahead, by how much, how sure that is.

import { dollars, month, percent, points, signedDollars } from './format';
import type { Answer } from './messages';
import type { Difference, Summary } from './summary';

const THOUSAND = 1000;

function ahead(x: number): string {
  return x < 0 ? 'SMA' : 'UMA';
}

/** `UMA ahead by $59,000 to $117,000`, whichever side of zero the range lies on. */
function range({ low, high }: Difference, show: (x: number) => string): string {
  if (low < 0 && high > 0) {
    return `from SMA ahead by ${show(-low)} to UMA ahead by ${show(high)}: no clear winner`;
  }
  const [least, most] = [Math.min(Math.abs(low), Math.abs(high)), Math.max(Math.abs(low), Math.abs(high))];
  return `${ahead(low + high)} ahead by ${show(least)} to ${show(most)}`;
}

const inThousands = (x: number): string => dollars(x, THOUSAND);
const signedThousands = (x: number): string => signedDollars(x, THOUSAND);

/** The headline as a sentence, for readers who cannot see it change. */
export function sentence(summary: Summary): string {
  const wealth = summary.headline?.wealth_before_liquidation;
  if (!wealth) {
    return 'The two arms cannot be compared.';
  }
  const size = inThousands(Math.abs(wealth.value));
  return Math.round(wealth.value / THOUSAND) === 0
    ? 'UMA and SMA end level.'
    : `${ahead(wealth.value)} ends ${size} ahead.`;
}

function basis({ full, summary }: Answer): string {
  const [uma, sma] = summary.headline?.tracking_error ?? [null, null];
  const errors = uma === null || sma === null ? '' : `: UMA ${percent(uma)}, SMA ${percent(sma)}`;
  if (full && summary.equal_tracking_error) {
    return `Equal tracking error${errors}`;
  }
  const same = full ? 'Equal risk aversion' : 'Preview at equal risk aversion';
  const basis = full && summary.equal_tracking_error === false ? 'Tracking errors could not be made equal' : `${same}; tracking error`;
  return basis + errors;
}

interface TileProps {
  name: string;
  difference: Difference | null;
  show: (x: number) => string;
  full: boolean;
  help: string;
}

function Tile({ name, difference, show, full, help }: TileProps) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd class="figure">{difference ? show(difference.value) : 'not defined'}</dd>
      <dd class="small">
        {difference && full && (
          <span class="range">
            Range {show(difference.low)} to {show(difference.high)}
          </span>
        )}
        {help}
      </dd>
    </div>
  );
}

export function Headline({ answer }: { answer: Answer }) {
  const { full, summary } = answer;
  const { headline, arms } = summary;
  const wealth = headline?.wealth_before_liquidation ?? null;
  const level = wealth !== null && Math.round(wealth.value / THOUSAND) === 0;
  const other = wealth && arms[wealth.value < 0 ? 'uma' : 'sma'];
  const ruined = summary.arm_order.filter((name) => arms[name]?.ruin && (name === 'uma' || name === 'sma'));
  return (
    <section class="headline" aria-labelledby="headline">
      <p class={full ? 'badge' : 'badge preview'}>{basis(answer)}</p>
      <h2 id="headline">
        {wealth === null && 'The two arms cannot be compared'}
        {level && 'UMA and SMA end level'}
        {wealth && !level && (
          <>
            {ahead(wealth.value)} ends{' '}
            <strong class={ahead(wealth.value).toLowerCase()} id="headline-figure">
              {inThousands(Math.abs(wealth.value))}
            </strong>{' '}
            ahead
          </>
        )}
      </h2>
      {wealth && other && (
        <p class="lead">
          {!level && `of ${ahead(-wealth.value)}’s ${inThousands(other.wealth_before_liquidation)} `}
          {level ? 'In ' : 'in '}
          {month(summary.end)}, taxes paid or set aside, nothing more sold.{' '}
          {full ? (
            <span>
              The median of five runs whose risk aversion differs by up to 4%; their range: {range(wealth, inThousands)}. It shows how
              much the luck of one path weighs, and is not a confidence interval. The charts show the middle run.
            </span>
          ) : (
            <span>The range, and the comparison at equal tracking error, follow when the inputs rest.</span>
          )}
        </p>
      )}
      {ruined.map((name) => (
        <p class="warning" key={name}>
          {name.toUpperCase()} ran out of money: from {arms[name]?.ruin} on it could not pay all that was asked of it.
        </p>
      ))}
      {headline && (
        <dl class="tiles">
          <Tile
            name="If all is sold on the last day"
            difference={headline.wealth_after_liquidation}
            show={signedThousands}
            full={full}
            help="Taxed at the rates shown under income."
          />
          <Tile
            name="Tax alpha, points a year"
            difference={headline.tax_alpha_before_liquidation}
            show={points}
            full={full}
            help="What tax alone does to the return."
          />
          <Tile
            name="Return before tax, points a year"
            difference={headline.pre_tax_return}
            show={points}
            full={full}
            help="Luck and risk taken, not tax."
          />
        </dl>
      )}
      <p class="small">
        All differences are UMA less SMA. One history, 20 stocks picked in hindsight, one made-up household: not a forecast.{' '}
        <a href="#prices">What is wrong with the prices</a>
      </p>
    </section>
  );
}
