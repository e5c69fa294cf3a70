// What goes wrong, and what was asked to end.

/** What the core answered instead of figures: a sentence, or a line for each fault of the settings (`key: what is wrong`). */
export class Failure extends Error {
  /** Whether the worker broke off. Another one takes over at the next call. */
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

/** Waits for all, then throws the first error in their order: which one is first in time depends on the workers. */
export async function all<T>(promises: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
