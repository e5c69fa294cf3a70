// Finds where two runs differ.

/** Path of the first key whose values differ, or null. */
export function difference(a, b, path = '') {
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = difference(a[key], b[key], path === '' ? key : `${path}.${key}`);
      if (found) {
        return found;
      }
    }
    return null;
  }
  return Object.is(a, b)
    ? null
    : `${path}: natively ${JSON.stringify(a)}, in WebAssembly ${JSON.stringify(b)}`;
}

/** Path of the first value without a JSON form (undefined, NaN, BigInt, Map, ...), or null. */
export function notJson(value, path = '') {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
    return null;
  }
  if (Array.isArray(value) || Object.getPrototypeOf(Object(value)) === Object.prototype) {
    for (const [key, inner] of Object.entries(value)) {
      const found = notJson(inner, path === '' ? key : `${path}.${key}`);
      if (found) {
        return found;
      }
    }
    return null;
  }
  return `${path}: ${typeof value} ${String(value)}`;
}

/** An event is `arm date what figures`. Within an arm, events are compared by date. */
function byArmAndDate(events) {
  const arms = new Map();
  for (const event of events) {
    const [arm, date] = event.split(' ', 2);
    if (!arms.has(arm)) {
      arms.set(arm, []);
    }
    arms.get(arm).push({ date, event });
  }
  for (const list of arms.values()) {
    list.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  }
  return arms;
}

/** Describes the first event that differs. */
export function firstEvent(natively, inWasm) {
  const [ours, theirs] = [byArmAndDate(natively), byArmAndDate(inWasm)];
  let first = null;
  for (const [arm, list] of ours) {
    const other = theirs.get(arm) ?? [];
    const at = list.findIndex(({ event }, i) => event !== other[i]?.event);
    if (at >= 0 && (!first || list[at].date < first.date)) {
      first = { arm, date: list[at].date, a: list[at].event, b: other[at]?.event ?? 'nothing' };
    }
  }
  return first
    ? `first differing event: ${first.arm}, ${first.date}\n  natively: ${first.a}\n  in WebAssembly: ${first.b}`
    : 'every event of the journals is the same';
}
