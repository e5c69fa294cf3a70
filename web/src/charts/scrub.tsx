// Reads a chart year by year, by pointer, touch or arrow keys.

import type { ComponentChildren } from 'preact';

import { nearest } from './scale';

interface ScrubProps {
  /** Horizontal pixels of the points, ascending. */
  xs: readonly number[];
  top: number;
  height: number;
  index: number;
  onIndex: (index: number | null) => void;
  /** The label of the position, such as `Year`. */
  name: string;
  /** The readout as text. */
  text: string;
}

/**
 * An invisible slider over the plotting area. The browser's own control supports keyboard, touch and screen
 * readers; a pointer only has to hover.
 */
export function Scrub({ xs, top, height, index, onIndex, name, text }: ScrubProps) {
  const [first, last] = [xs[0] ?? 0, xs.at(-1) ?? 0];
  const width = Math.max(last - first, 24);
  const left = (first + last - width) / 2;
  const follow = (event: PointerEvent & { currentTarget: HTMLInputElement }): void =>
    onIndex(nearest(xs, left + event.clientX - event.currentTarget.getBoundingClientRect().left));
  return (
    <input
      class="c-scrub"
      type="range"
      min={0}
      max={Math.max(xs.length - 1, 0)}
      step={1}
      value={index}
      aria-label={name}
      aria-valuetext={text}
      style={{ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` }}
      onInput={(event) => onIndex(event.currentTarget.valueAsNumber)}
      onPointerMove={follow}
      onPointerDown={follow}
      onPointerLeave={() => onIndex(null)}
      onBlur={() => onIndex(null)}
    />
  );
}

export interface Reading {
  name: ComponentChildren;
  value: string;
  note?: string | undefined;
  /** Color of the mark: the name of an arm or a line. */
  mark?: string | undefined;
}

/** One line above the chart with the values at the pointer, or of the last year without a pointer. */
export function Readout({ head, readings }: { head: string; readings: readonly Reading[] }) {
  return (
    <p class="c-readout">
      <span class="c-reading-head">{head}</span>
      {readings.map(({ name, value, note, mark }, i) => (
        <span key={i} class="c-reading">
          {mark && <span class={`c-mark ${mark}`} />}
          {name} <b>{value}</b> {note && <span class="c-note">{note}</span>}
        </span>
      ))}
    </p>
  );
}
