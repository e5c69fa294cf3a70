import { useRef } from 'preact/hooks';

const MOST_BYTES = 1_000_000;

interface OpenFileProps {
  label: string;
  accept: string;
  open: (text: string, name: string) => void;
  fail: (sentence: string) => void;
}

/** A button that reads a text file of the visitor's. The file stays in the browser. */
export function OpenFile({ label, accept, open, fail }: OpenFileProps) {
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) {
      return;
    }
    if (file.size > MOST_BYTES) {
      fail(`The file has ${file.size.toLocaleString('en-US')} bytes: expected at most 1,000,000.`);
      return;
    }
    try {
      open(await file.text(), file.name);
    } catch {
      fail('The file could not be read.');
    }
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
        onChange={(event) => {
          const element = event.currentTarget;
          void read(element.files?.[0]).then(() => {
            // The same file may be chosen again.
            element.value = '';
          });
        }}
      />
    </>
  );
}
