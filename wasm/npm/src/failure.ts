// Errors and cancellation.

/** The core's error: a sentence, or one line for each fault of the settings (`key: what is wrong`). */
export class Failure extends Error {
  /** Whether the worker crashed. Another worker replaces it at the next call. */
  readonly broken: boolean;

  constructor(sentence: string, broken = false) {
    super(sentence);
    this.name = 'Failure';
    this.broken = broken;
  }
}

export function stopped(): DOMException {
  return new DOMException('Stopped.', 'AbortError');
}

/**
 * Waits for all promises, then throws the first error by position, so that the result does not depend on
 * timing.
 */
export async function all<T>(promises: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
