import { KittiwakeError } from '../../src/core/errors.ts';
import type { Format, Intent, Stamp } from '../../src/swap/swap.ts';

/** A list of words: the plainest value whose history can be looked into. */
export interface List {
  stamp: Stamp;
  words: readonly string[];
}

export const listFormat: Format<List> = {
  decode: bytes => JSON.parse(bytes.toString()) as List,
  encode: (value, stamp) => [Buffer.from(JSON.stringify({ ...value, stamp }))],
  stampOf: value => value.stamp,
  stamped: (value, stamp) => ({ ...value, stamp }),
};

export function emptyList(uuid = 'one'): List {
  return { stamp: { uuid, seq: 0, nonce: '' }, words: [] };
}

/** Appends a word that nobody else appends; its result is the word's place. */
export function append(word: string, deadlineMs?: number): Intent<List, number> {
  return {
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    apply: async current => {
      const words = [...current.words, word];
      return { kind: 'change', value: { ...current, words }, result: current.words.length };
    },
    settle: async current => {
      const place = current.words.indexOf(word);
      return place < 0 ? undefined : place;
    },
  };
}

/** Appends a word, unless `other` is there: then it is refused with `taken`. */
export function appendUnless(other: string, word: string, deadlineMs?: number): Intent<List, number> {
  const intent = append(word, deadlineMs);
  return {
    ...intent,
    apply: async current => {
      if (current.words.includes(other)) throw new KittiwakeError('taken', `Appending: "${other}" is there`);
      return intent.apply(current);
    },
  };
}

/** Changes nothing; its result is the number of words. */
export function count(): Intent<List, number> {
  return {
    apply: async current => ({ kind: 'keep', result: current.words.length }),
    settle: async () => undefined,
  };
}
