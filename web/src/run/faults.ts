// What the core says is wrong with settings, line by line, as `key: what is wrong`.

export interface Faults {
  /** By key, as the core writes it: `household.lots[0].basis`. */
  byKey: Map<string, string>;
  /** What belongs to no key. */
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

/** What the core said of settings, in one sentence. */
export const sentence = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n').filter(Boolean);
  return lines.map((line) => line.replace(/\.$/, '')).join('; ');
};

/** The fault of a field: of its key or of a part of it. */
export function faultAt(faults: Faults, key: string): string | undefined {
  const wanted = key.replace(/\.(\d+)/g, '[$1]');
  for (const [at, message] of faults.byKey) {
    if (at === wanted || at.startsWith(`${wanted}.`) || at.startsWith(`${wanted}[`)) {
      return message;
    }
  }
  return undefined;
}
