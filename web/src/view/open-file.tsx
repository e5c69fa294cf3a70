import { useRef } from 'preact/hooks';

import { count } from '../format/number';

const MOST_BYTES = 1_000_000;

interface ChooseFileProps {
  label: string;
  accept: string;
  choose: (file: File) => Promise<void>;
}

/** A button that lets the visitor choose a file. The file stays in the browser. */
export function ChooseFile({ label, accept, choose }: ChooseFileProps) {
  const input = useRef<HTMLInputElement>(null);
  const take = async (element: HTMLInputElement): Promise<void> => {
    const file = element.files?.[0];
    if (file) {
      await choose(file);
    }
    // Lets the visitor choose the same file again.
    element.value = '';
  };
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        tabIndex={-1}
        accept={accept}
        aria-label={label}
        onChange={(event) => void take(event.currentTarget)}
      />
    </>
  );
}

interface OpenFileProps {
  label: string;
  accept: string;
  open: (text: string, name: string) => void;
  fail: (sentence: string) => void;
}

/** A button that reads one of the visitor's text files. */
export function OpenFile({ label, accept, open, fail }: OpenFileProps) {
  const read = async (file: File): Promise<void> => {
    if (file.size > MOST_BYTES) {
      fail(`The file has ${count(file.size)} bytes: expected at most 1,000,000.`);
      return;
    }
    try {
      open(await file.text(), file.name);
    } catch {
      fail('The file could not be read.');
    }
  };
  return <ChooseFile label={label} accept={accept} choose={read} />;
}
