// Rows that are computed one by one when they are asked for, until they are stopped or the settings change.

import { useEffect, useRef, useState } from 'preact/hooks';

import type { Config } from '../state/config';

export interface Asked<Row> {
  rows: readonly Row[];
  isRunning: boolean;
  fault: string;
  start: () => void;
  stop: () => void;
}

/** `work` hands its rows to `add`, and ends early when the signal says so. */
export function useAsked<Row>(
  config: Config,
  work: (signal: AbortSignal, add: (row: Row) => void) => Promise<void>,
): Asked<Row> {
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [isRunning, setRunning] = useState(false);
  const [fault, setFault] = useState('');
  const current = useRef<AbortController | null>(null);
  const stop = (): void => current.current?.abort();

  useEffect(() => {
    // Other settings, other rows; what still runs for the old ones has no say any more.
    setRows([]);
    setRunning(false);
    setFault('');
    return () => {
      stop();
      current.current = null;
    };
  }, [config]);

  const start = async (): Promise<void> => {
    const control = new AbortController();
    current.current = control;
    const isMine = (): boolean => current.current === control;
    setRows([]);
    setFault('');
    setRunning(true);
    try {
      await work(control.signal, (row) => isMine() && setRows((old) => [...old, row]));
    } catch (error) {
      if (isMine() && !control.signal.aborted) {
        setFault((error as Error).message);
      }
    }
    if (isMine()) {
      setRunning(false);
    }
  };
  return { rows, isRunning, fault, start: () => void start(), stop };
}
