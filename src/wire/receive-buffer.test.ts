import { describe, expect, it } from 'vitest';
import { ReceiveBuffer } from './receive-buffer.ts';

const bytes = (...octets: number[]): Uint8Array => Uint8Array.from(octets);

describe('ReceiveBuffer', () => {
  it('finds an octet over chunks without looking at an octet twice', () => {
    const buffer = new ReceiveBuffer();
    buffer.push(bytes(1, 2));
    expect(buffer.find(9)).toBe(-1);
    buffer.push(bytes(3, 9, 4));
    expect(buffer.find(9)).toBe(3);
    expect(buffer.examined).toBe(4);
    expect([...buffer.take(4)]).toEqual([1, 2, 3, 9]);
    expect([...buffer.unsearched()]).toEqual([4]);
  });

  it('goes on behind what it found until that is taken', () => {
    const buffer = new ReceiveBuffer();
    buffer.push(bytes(9, 1, 9));
    expect([buffer.find(9), buffer.find(9), buffer.find(9)]).toEqual([0, 2, -1]);
    buffer.take(1);
    expect(buffer.find(9)).toBe(-1);
    expect(buffer.passed).toBe(2);
  });

  it('does not find what lies beyond its end', () => {
    const buffer = new ReceiveBuffer();
    buffer.push(bytes(1));
    buffer.push(bytes(2));
    expect(buffer.find(0)).toBe(-1);
  });

  it('leaves alone what it gave away', () => {
    const buffer = new ReceiveBuffer();
    const taken: Uint8Array[] = [];
    for (let octet = 0; octet < 2000; octet++) {
      buffer.push(bytes(octet % 256));
      if (octet % 3 === 2) taken.push(buffer.take(3));
    }
    const all = taken.flatMap((part) => [...part]);
    expect(all).toEqual(all.map((_, at) => at % 256));
  });

  it('copies no chunk that finds it empty', () => {
    const buffer = new ReceiveBuffer();
    buffer.push(bytes(1, 2, 3));
    buffer.take(3);
    buffer.push(bytes(4, 5));
    expect([...buffer.take(2)]).toEqual([4, 5]);
    expect(buffer.copied).toBe(0);
  });

  it('moves each octet of a drip a bounded number of times', () => {
    const buffer = new ReceiveBuffer();
    for (let count = 0; count < 100_000; count++) buffer.push(bytes(1));
    expect(buffer.length).toBe(100_000);
    expect(buffer.copied).toBeLessThan(3 * 100_000);
  });

  it('never gives a Buffer, whose slice would share memory', () => {
    const buffer = new ReceiveBuffer();
    buffer.push(Buffer.from('ab'));
    expect(buffer.take(2).constructor).toBe(Uint8Array);
  });
});
