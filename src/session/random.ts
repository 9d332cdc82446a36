/**
 * A generator of pseudo-random numbers in [0, 1): xoshiro128** (Blackman and Vigna, 2018), its state
 * filled from the seed by splitmix32. The same seed gives the same numbers on every machine. Not for
 * secrets.
 */
export function randomFrom(seed: number | string): () => number {
  const fill = splitmix32(typeof seed === 'string' ? hash(seed) : foldNumber(seed));
  let a = fill();
  let b = fill();
  let c = fill();
  let d = fill();
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result / TWO_TO_32;
  };
}

const TWO_TO_32 = 2 ** 32;

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function splitmix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  };
}

function foldNumber(seed: number): number {
  return Number.isInteger(seed) ? (seed | 0) ^ Math.trunc(seed / TWO_TO_32) : hash(String(seed));
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let word = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    word = Math.imul(word ^ text.charCodeAt(index), 0x01000193);
  }
  return word;
}
