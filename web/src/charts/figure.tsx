// The frame of every chart: title, caption, drawing, and the numbers as a table and a file.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { type Cell, cell, type Unit } from '../format/unit';
import { csv, download } from './csv';
import { type Size, useSize } from './size';

export interface Table {
  columns: readonly { name: string; unit: Unit }[];
  rows: readonly (readonly (Cell | undefined)[])[];
  /** Shows only every n-th row of a long table. The file has all rows. */
  every?: number;
}

/** Options that the page may set for every chart. */
export interface FigureOptions {
  title?: string | undefined;
  caption?: string | undefined;
  /** Heading level of the title. */
  level?: 2 | 3 | 4 | undefined;
}

interface FigureProps {
  title: string;
  caption: string;
  level?: 2 | 3 | 4 | undefined;
  /** Name of the file, without its extension. */
  file: string;
  table: () => Table;
  /** Text shown instead of a drawing. */
  empty?: string | false | undefined;
  /** Shown beside the title. */
  controls?: ComponentChildren;
  children: ComponentChildren;
}

export function Figure({ title, caption, level = 3, file, table, empty, controls, children }: FigureProps) {
  const Heading = `h${level}` as const;
  return (
    <figure class="c-figure">
      <figcaption class="c-head">
        <Heading class="c-title">{title}</Heading>
        <p class="c-caption">{caption}</p>
      </figcaption>
      {empty ? (
        <p class="c-empty">{empty}</p>
      ) : (
        <>
          {controls && <div class="c-controls">{controls}</div>}
          {children}
          <Numbers title={title} file={file} table={table} />
        </>
      )}
    </figure>
  );
}

function Numbers({ title, file, table }: Pick<FigureProps, 'title' | 'file' | 'table'>) {
  // A long table has many cells and few visitors open it, so it is built on request.
  const [open, setOpen] = useState(false);
  const save = (): void => {
    const { columns, rows } = table();
    download(`${file}.csv`, csv([columns.map(({ name }) => name), ...rows]));
  };
  return (
    <div class="c-numbers">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary aria-label={`Table: ${title}`}>Table</summary>
        {open && <Rows title={title} {...table()} />}
      </details>
      <button type="button" class="c-save" aria-label={`CSV: ${title}`} onClick={save}>
        CSV
      </button>
    </div>
  );
}

function Rows({ title, columns, rows, every = 1 }: Table & { title: string }) {
  const shown = rows.filter((_, i) => i % every === 0 || i === rows.length - 1);
  return (
    <div class="c-scroll" tabIndex={0} role="group" aria-label={`Numbers: ${title}`}>
      <table class="c-table">
        <thead>
          <tr>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, r) => (
            <tr key={r}>
              {columns.map(({ unit }, i) =>
                i === 0 ? (
                  <th key={i} scope="row">
                    {cell(unit, row[i] ?? null)}
                  </th>
                ) : (
                  <td key={i} class={unit === 'text' ? 'c-words' : undefined}>
                    {cell(unit, row[i] ?? null)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A box as wide as its column. `draw` receives its size. */
export function Plot({ draw }: { draw: (size: Size) => ComponentChildren }) {
  const [ref, size] = useSize();
  return (
    <div class="c-plot" ref={ref}>
      {size && draw(size)}
    </div>
  );
}

interface PictureProps {
  width: number;
  height: number;
  /** The key figures as text, for screen readers. */
  label: string;
  children: ComponentChildren;
}

export function Picture({ width, height, label, children }: PictureProps) {
  return (
    <svg
      class="c-svg"
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      {children}
    </svg>
  );
}
