// Reads and sets configuration values by key path, such as `tax.outside.state_rate` or `policy.0.weight`. The
// original is never changed.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Keys that could reach an object's prototype. */
export const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function get(from: unknown, path: string): unknown {
  let at = from;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || FORBIDDEN.has(key) || !Object.hasOwn(at, key)) {
      return undefined;
    }
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/**
 * Returns a copy with `value` at `path`. Undefined removes the key. Only objects on the path are copied.
 * Throws a sentence for a key that can't be set: a list accepts only its existing indices and the next one.
 */
export function set<T>(from: T, path: string, value: unknown): T {
  const [key, ...rest] = path.split('.') as [string, ...string[]];
  if (FORBIDDEN.has(key)) {
    throw new Error(`${key}: expected another key`);
  }
  if (Array.isArray(from) && !(/^\d{1,6}$/.test(key) && Number(key) <= from.length)) {
    throw new Error(`${key.slice(0, 40)}: expected a place in the list, 0 to ${from.length}`);
  }
  const copy: Record<string, unknown> | unknown[] = Array.isArray(from)
    ? [...from]
    : { ...(from as object | undefined) };
  const slot = copy as Record<string, unknown>;
  const below = rest.length > 0 ? set(slot[key], rest.join('.'), value) : value;
  if (below !== undefined) {
    slot[key] = below;
  } else if (Array.isArray(copy)) {
    copy.splice(Number(key), 1);
  } else {
    delete slot[key];
  }
  return copy as T;
}
