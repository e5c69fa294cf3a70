// Rows of text with cells separated by commas, semicolons or tabs, as spreadsheets paste them.

import { count } from '../format/number';

export interface Row {
  /** Line number, from 1. */
  line: number;
  cells: string[];
}

const MOST_ROWS = 500;

/**
 * Splits text into rows. Quoting follows CSV. Skips empty lines and lines that begin with `#`. Throws a
 * sentence.
 */
export function rowsOf(text: string): Row[] {
  if (text.length > 200_000) {
    throw new Error('The text is too long: expected at most 200,000 characters.');
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const rows = lines.flatMap((line, i) =>
    line.trim() === '' || line.trimStart().startsWith('#') ? [] : [{ line: i + 1, cells: cellsOf(line) }],
  );
  if (rows.length > MOST_ROWS) {
    throw new Error(`${count(rows.length)} rows: expected at most ${MOST_ROWS}.`);
  }
  return rows;
}

function cellsOf(line: string): string[] {
  const separator = line.includes('\t') ? '\t' : line.includes(';') ? ';' : ',';
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === '"') {
      if (isQuoted && line[i + 1] === '"') {
        cell += '"';
        i++;
      } else {
        isQuoted = !isQuoted;
      }
    } else if (c === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else {
      cell += c;
    }
  }
  return [...cells, cell.trim()];
}
