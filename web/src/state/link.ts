// Stores the state in a link's fragment: a version, then the differences from the opening case, deflated and
// base64url-encoded. The fragment never reaches a server.

import { count } from '../format/number';
import { AGE, openingCase } from './case';
import type { Config } from './config';
import type { State } from './fields';
import { FORBIDDEN, type Json, set } from './path';
import { configOf, jsonOf, told } from './read';
import { STATES } from './states';

const VERSION = 'v1.';
export const LONGEST = 2_000;
const MOST_INFLATED = 60_000;

/** Keys that are compared as a whole: their parts are names or rows. */
const WHOLE = new Set(['lists', 'columns', 'household.lots', 'household.flows', 'household.gifts']);

const isGroup = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `[path, value]` for each difference. A removed key has the value null. */
export function differences(now: Json | undefined, then: Json | undefined, path = ''): [string, Json][] {
  if (JSON.stringify(now) === JSON.stringify(then)) {
    return [];
  }
  const sameLists = Array.isArray(now) && Array.isArray(then) && now.length === then.length;
  if ((sameLists || (isGroup(now) && isGroup(then))) && !WHOLE.has(path)) {
    const [a, b] = [now as Record<string, Json>, then as Record<string, Json>];
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key));
  }
  return [[path, now ?? null]];
}

async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const reader = new Blob([bytes as BlobPart])
    .stream()
    .pipeThrough(stream as ReadableWritablePair<Uint8Array, BufferSource>)
    .getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new Error('it holds too much');
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/**
 * The fragment of a state, without `#`. Holdings other than the opening case's are left out unless asked for.
 */
export async function fragmentOf(state: State, withHoldings: boolean): Promise<string> {
  const base = openingCase();
  let config: Config = state.config;
  if (!withHoldings && JSON.stringify(config.household.lots) !== JSON.stringify(base.household.lots)) {
    config = { ...set(config, 'household.lots', []), lists: {} };
  }
  const changes = differences(config as unknown as Json, base as unknown as Json);
  if (state.age !== AGE) {
    changes.push(['#age', state.age]);
  }
  if (changes.length === 0) {
    return '';
  }
  const bytes = await through(
    new TextEncoder().encode(JSON.stringify(changes)),
    new CompressionStream('deflate-raw'),
    10 * MOST_INFLATED,
  );
  const letters = btoa(String.fromCharCode(...bytes.subarray(0, 4 * LONGEST)));
  const fragment = VERSION + letters.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  if (fragment.length > LONGEST) {
    throw new Error(
      `The link would have ${count(fragment.length)} characters: expected at most 2,000. Save a file instead.`,
    );
  }
  return fragment;
}

/**
 * The state of a fragment, or null for a fragment without a version. Throws the reason, without a full stop,
 * when it can't be read.
 */
export async function stateOf(fragment: string): Promise<State | null> {
  const bare = fragment.replace(/^#/, '');
  if (bare === '' || !/^v\d/.test(bare)) {
    return null;
  }
  try {
    if (!bare.startsWith(VERSION)) {
      throw new Error('it is of another version of the page');
    }
    if (bare.length > LONGEST) {
      throw new Error('it is longer than 2,000 characters');
    }
    const letters = bare.slice(VERSION.length).replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(letters), (c) => c.charCodeAt(0));
    const text = new TextDecoder().decode(
      await through(bytes, new DecompressionStream('deflate-raw'), MOST_INFLATED),
    );
    return applied(jsonOf(text));
  } catch (error) {
    const why =
      error instanceof DOMException || error instanceof TypeError
        ? 'it is cut off or damaged'
        : error instanceof Error
          ? error.message
          : '';
    throw new Error(why.replace(/\.$/, ''));
  }
}

function applied(changes: Json): State {
  let config = openingCase() as unknown as Json;
  let age = AGE;
  const keys = new Set<string>();
  let residence = '';
  if (!Array.isArray(changes)) {
    throw new Error('expected a list of changes');
  }
  for (const change of changes) {
    if (!Array.isArray(change) || typeof change[0] !== 'string' || change[0] === '') {
      throw new Error('expected changes as pairs of a key and a value');
    }
    const [path, value] = change as [string, Json];
    if (path === '#age') {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 18 || value > 90) {
        throw new Error(`age: ${told(value)}: expected a whole number from 18 to 90`);
      }
      age = value;
    } else if (path === '#state') {
      if (value !== '' && !STATES.some(([code]) => code === value)) {
        throw new Error(`state: ${told(value)}: expected the two letters of a state`);
      }
      residence = value as string;
    } else if (path.split('.').some((key) => FORBIDDEN.has(key)) || path.split('.').length > 8) {
      throw new Error(`${path.slice(0, 40)}: expected another key`);
    } else {
      keys.add(path);
      config = set(config, path, value ?? undefined);
    }
  }
  return { config: configOf(ofFlatRates(config, keys, residence)), age };
}

/**
 * Converts links made when the page had a flat rate for each state: a rate without a state stands for itself,
 * and `#state` alone is the state whose rate was the opening case's.
 */
function ofFlatRates(config: Json, keys: ReadonlySet<string>, residence: string): Json {
  if (keys.has('tax.outside.state')) {
    return config;
  }
  if (keys.has('tax.outside.state_rate')) {
    return set(config, 'tax.outside.state', undefined);
  }
  return residence === '' ? config : set(config, 'tax.outside.state', residence);
}
