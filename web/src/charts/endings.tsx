// Four ways the portfolio can end, and what each setup leaves in each.

import { money, signedMoney } from '../format/money';
import { defined, type Value } from '../format/number';
import { axisFormat } from '../format/unit';
import { crisp } from './axes';
import { Figure, type FigureOptions, Picture, Plot, type Table } from './figure';
import { axis, linear } from './scale';
import { type Size, textWidth, widest } from './size';

export interface Spread {
  p5: Value;
  p50: Value;
  p95: Value;
}

export interface Ending {
  /** Such as `Sell everything`. */
  name: string;
  /** An explanation in one line. */
  explanation?: string | undefined;
  uma: Spread;
  sma: Spread;
  /** Median over the paths of UMA minus SMA. Without it, the difference of the medians is shown. */
  difference?: Value | undefined;
}

export interface EndingsProps extends FigureOptions {
  endings: readonly Ending[];
}

const ARMS = ['uma', 'sma'] as const;
const NAMES = { uma: 'UMA', sma: 'SMA' } as const;

const gapOf = ({ uma, sma, difference }: Ending): Value =>
  difference !== undefined ? difference : defined(uma.p50) && defined(sma.p50) ? uma.p50 - sma.p50 : null;

function apart(ending: Ending): string {
  const gap = gapOf(ending);
  if (!defined(gap)) {
    return '';
  }
  return Math.abs(gap) < 0.5 ? 'equal' : `UMA less SMA ${signedMoney(gap)}`;
}

export function Endings({ endings, title = 'Four endings', caption, level }: EndingsProps) {
  const table = (): Table => ({
    columns: [
      { name: 'Ending', unit: 'text' },
      ...ARMS.flatMap((arm) =>
        (['5th', 'median', '95th'] as const).map((p) => ({
          name: `${NAMES[arm]}, ${p}`,
          unit: 'money' as const,
        })),
      ),
      { name: 'UMA less SMA', unit: 'money' },
    ],
    rows: endings.map((one) => [
      one.name,
      ...ARMS.flatMap((arm) => [one[arm].p5, one[arm].p50, one[arm].p95]),
      gapOf(one),
    ]),
  });
  return (
    <Figure
      title={title}
      caption={
        caption ??
        'The mark is the median future; nine of ten end on the line. Other holdings and luck are in the differences.'
      }
      level={level}
      file="endings"
      table={table}
      empty={
        !endings.some(({ uma, sma }) => defined(uma.p50) || defined(sma.p50)) &&
        'The endings have not been computed yet.'
      }
    >
      <Plot draw={(size) => <Drawing endings={endings} size={size} />} />
    </Figure>
  );
}

function Drawing({ endings, size }: { endings: readonly Ending[]; size: Size }) {
  const { width, em } = size;
  const medians = endings.flatMap(({ uma, sma }) => [money(uma.p50), money(sma.p50)]);
  const left = Math.ceil(textWidth('UMA', em, true) + widest(medians, em, true) + em * 1.6);
  const values = axis(
    endings.flatMap(({ uma, sma }) => [uma.p5, uma.p50, uma.p95, sma.p5, sma.p50, sma.p95]),
    { count: (width - left - 2 * em) / (6.5 * em), zero: true, least: 100 },
  );
  const show = axisFormat('money', values.step, Math.max(...values.domain.map(Math.abs)));
  const right = width - em * 2;
  const x = linear(values.domain, [left, right]);

  // Each ending has a name, a line of text and two arms.
  let y = em * 0.4;
  const rows = endings.map((ending) => {
    const head = y + em * 1.1;
    const words = ending.explanation && width > 24 * em ? head + em * 1.35 : null;
    const first = (words ?? head) + em * 1.6;
    y = first + em * 3.1;
    return { ending, head, words, arms: [first, first + em * 1.7] as const };
  });
  const bottom = y - em * 0.6;
  const height = bottom + em * 1.9;
  const label = endings
    .map((one) => `${one.name}: UMA ${money(one.uma.p50)}, SMA ${money(one.sma.p50)}, ${apart(one)}`)
    .join('; ');
  return (
    <Picture width={width} height={height} label={`Median after tax. ${label}.`}>
      {values.ticks.map((tick) => (
        <g key={tick}>
          {rows.map(({ arms }, i) => (
            <line
              key={i}
              class={tick === 0 ? 'c-zero' : 'c-grid'}
              x1={crisp(x(tick))}
              x2={crisp(x(tick))}
              y1={arms[0] - em * 0.9}
              y2={i === rows.length - 1 ? bottom : arms[1] + em * 0.9}
            />
          ))}
          <text class="c-tick c-middle" x={x(tick)} y={bottom + em * 1.4}>
            {show(tick)}
          </text>
        </g>
      ))}
      {rows.map(({ ending, head, words, arms }) => (
        <g key={ending.name}>
          <text class="c-name" x={0} y={head}>
            {ending.name}
          </text>
          <text class="c-label c-end" x={width} y={head}>
            {apart(ending)}
          </text>
          {words !== null && (
            <text class="c-tick" x={0} y={words}>
              {ending.explanation}
            </text>
          )}
          {ARMS.map((arm, i) => {
            const { p5, p50, p95 } = ending[arm];
            const at = arms[i] ?? 0;
            return (
              <g key={arm}>
                <text class={`c-label ${arm}`} x={0} y={at} dy="0.35em">
                  {NAMES[arm]}
                </text>
                {defined(p5) && defined(p95) && (
                  <line class={`c-whisker ${arm}`} x1={x(p5)} x2={x(p95)} y1={at} y2={at} />
                )}
                <text class="c-strong c-end" x={left - em * 0.8} y={at} dy="0.35em">
                  {money(p50)}
                </text>
                {defined(p50) &&
                  (arm === 'uma' ? (
                    <circle class={`c-dot ${arm}`} cx={x(p50)} cy={at} r={em * 0.45} />
                  ) : (
                    <rect
                      class={`c-dot ${arm}`}
                      x={x(p50) - em * 0.4}
                      y={at - em * 0.4}
                      width={em * 0.8}
                      height={em * 0.8}
                    />
                  ))}
              </g>
            );
          })}
        </g>
      ))}
    </Picture>
  );
}
