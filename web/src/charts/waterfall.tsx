// Attribution of the difference: one step for each mechanism, from SMA's final value to UMA's.

import type { ComponentChildren } from 'preact';

import { dollars, money, signedMoney } from '../format/money';
import { defined, type Value } from '../format/number';
import { Figure, type FigureOptions, type Table } from './figure';

export interface WaterfallStep {
  name: string;
  /** An explanation in one line. */
  explanation?: string | undefined;
  dollars: Value;
}

export interface WaterfallProps extends FigureOptions {
  steps: readonly WaterfallStep[];
  /** The arms' final values; undefined where only the difference is known. */
  sma?: Value | undefined;
  uma?: Value | undefined;
}

interface Row {
  step: WaterfallStep;
  from: number;
  to: number;
}

export function Waterfall({
  steps,
  sma,
  uma,
  title = 'Where the difference comes from',
  caption,
  level,
}: WaterfallProps) {
  let sum = 0;
  const rows = steps.map((step): Row => {
    const from = sum;
    sum += step.dollars ?? 0;
    return { step, from, to: sum };
  });
  const places = [0, ...rows.map(({ to }) => to)];
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const span = high - low || 1;
  // Percentages of the row's width, because a row's height follows its text. Leaves room for hairlines at the
  // ends.
  const at = (x: number): string => `${(2 + ((x - low) / span) * 96).toFixed(3)}%`;

  const table = (): Table => ({
    columns: [
      { name: 'Step', unit: 'text' },
      { name: 'Dollars', unit: 'money' },
      { name: 'Sum', unit: 'money' },
      { name: 'What it is', unit: 'text' },
    ],
    rows: [
      ['SMA', null, sma, ''],
      ...rows.map(({ step, to }) => [
        step.name,
        step.dollars,
        defined(sma) ? sma + to : to,
        step.explanation ?? '',
      ]),
      ['UMA', null, uma, ''],
    ],
  });
  const label = `From SMA${defined(sma) ? ` ${money(sma)}` : ''} to UMA${defined(uma) ? ` ${money(uma)}` : ''}, ${signedMoney(sum)}: ${steps
    .map(({ name, dollars }) => `${name} ${signedMoney(dollars)}`)
    .join(', ')}.`;
  return (
    <Figure
      title={title}
      caption={
        caption ??
        'Each bar is what one thing adds or takes, after tax, when the others are in place before it.'
      }
      level={level}
      file="where-the-difference-comes-from"
      table={table}
      empty={
        !steps.some(({ dollars }) => defined(dollars)) &&
        'The steps from SMA to UMA have not been computed yet.'
      }
    >
      {/* Words and amounts are text that anyone can read: only the bars are a drawing. */}
      <ol class="c-falls" aria-label={label}>
        <Total name="SMA" arm="sma" value={sma} place={at(0)} />
        {rows.map(({ step, from, to }, i) => {
          const drawn = defined(step.dollars) && Math.abs(step.dollars) >= 0.5;
          return (
            <li key={step.name + i} class="c-fall">
              <div class="c-fall-words">
                <div class="c-fall-name">{step.name}</div>
                {step.explanation && <div class="c-note">{step.explanation}</div>}
              </div>
              <Bar>
                <line class="c-join" x1={at(from)} x2={at(from)} y1="0" y2={drawn ? '22%' : '50%'} />
                <line class="c-join" x1={at(to)} x2={at(to)} y1={drawn ? '78%' : '50%'} y2="100%" />
                {drawn && (
                  <rect
                    class={`c-fill ${to < from ? 'bad' : 'good'}`}
                    x={at(Math.min(from, to))}
                    width={`${Math.max((Math.abs(to - from) / span) * 96, 0.25).toFixed(3)}%`}
                    y="22%"
                    height="56%"
                  />
                )}
              </Bar>
              <div class={`c-fall-value ${!drawn ? '' : to < from ? 'bad' : 'good'}`}>
                {signedMoney(step.dollars)}
              </div>
            </li>
          );
        })}
        <Total name="UMA" arm="uma" value={uma} place={at(sum)} gain={sum} />
      </ol>
    </Figure>
  );
}

/** Fills the height of its row, because it lies over a box without a height of its own. */
function Bar({ children }: { children: ComponentChildren }) {
  return (
    <div class="c-fall-bar">
      <svg width="100%" height="100%" aria-hidden="true">
        {children}
      </svg>
    </div>
  );
}

/** Totals are drawn on the scale of the differences. A bar from zero dollars would hide every step. */
function Total({
  name,
  arm,
  value,
  place,
  gain,
}: {
  name: string;
  arm: string;
  value: Value | undefined;
  place: string;
  gain?: number;
}) {
  return (
    <li class="c-fall c-fall-total">
      <div class={`c-fall-words c-fall-name ${arm}`}>
        {name} {defined(value) && dollars(value)}
      </div>
      <Bar>
        <line
          class="c-join"
          x1={place}
          x2={place}
          y1={gain === undefined ? '50%' : '0'}
          y2={gain === undefined ? '100%' : '50%'}
        />
        <circle class={`c-dot ${arm}`} cx={place} cy="50%" r="6" />
      </Bar>
      <div class={`c-fall-value ${arm}`}>{gain === undefined ? '' : signedMoney(gain)}</div>
    </li>
  );
}
