import { defined } from '../format/number';
import type { Cell } from '../format/unit';

export function csv(rows: readonly (readonly (Cell | undefined)[])[]): string {
  const text = (x: Cell | undefined): string => {
    const plain = typeof x === 'string' ? x : defined(x) ? String(x) : '';
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return rows.map((row) => `${row.map(text).join(',')}\r\n`).join('');
}

/** Saves a file on the visitor's computer. Nothing leaves the browser. */
export function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  // Some browsers read the blob after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
