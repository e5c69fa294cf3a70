// Rows computed one by one on request, until the visitor stops them or the settings change.

import { useEffect, useRef, useState } from 'preact/hooks';

import type { Config } from '../state/config';

export interface Asked<Row> {
  rows: readonly Row[];
  isRunning: boolean;
  fault: string;
  start: () => void;
  stop: () => void;
}

/** `work` passes its rows to `add`, and stops early when the signal is aborted. */
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
    // New settings clear the rows. Work still running for the old settings must not add any.
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
