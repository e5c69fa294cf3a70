// The core's faults for settings, one per line, as `key: what is wrong`.

export interface Faults {
  /** By key, as the core formats it: `household.lots[0].basis`. */
  byKey: Map<string, string>;
  /** Faults that belong to no key. */
  others: string[];
}

export const NONE: Faults = { byKey: new Map(), others: [] };

export function faultsOf(message: string): Faults {
  const byKey = new Map<string, string>();
  const others: string[] = [];
  for (const line of message.split('\n').filter((text) => text.trim() !== '')) {
    const match = /^([a-z_]+(?:[.[][\w\].[]*)*): (.+)$/.exec(line);
    if (match?.[1] && match[2]) {
      byKey.set(match[1], match[2]);
    } else {
      others.push(line);
    }
  }
  return { byKey, others };
}

/** The core's faults for settings, in one sentence. */
export const sentence = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n').filter(Boolean);
  return lines.map((line) => line.replace(/\.$/, '')).join('; ');
};

/** The fault of a field: at its key or below it. */
export function faultAt(faults: Faults, key: string): string | undefined {
  const wanted = key.replace(/\.(\d+)/g, '[$1]');
  for (const [at, message] of faults.byKey) {
    if (at === wanted || at.startsWith(`${wanted}.`) || at.startsWith(`${wanted}[`)) {
      return message;
    }
  }
  return undefined;
}
