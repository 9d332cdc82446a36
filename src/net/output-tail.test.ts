import { expect, it } from 'vitest';
import { OutputTail } from './output-tail.ts';

it('keeps the last octets of many chunks, and of one that is too big', () => {
  const tail = new OutputTail(10);
  let all = '';
  for (let index = 0; index < 3000; index += 1) {
    tail.push(Buffer.from(`${index},`));
    all += `${index},`;
  }
  expect(tail.text()).toBe(all.slice(-10));
  tail.push(Buffer.from('a'.repeat(50) + 'b'.repeat(10)));
  expect(tail.text()).toBe('b'.repeat(10));
});

it('gives the last lines that are not blank', () => {
  const tail = new OutputTail(100);
  expect(tail.lines(2)).toEqual([]);
  tail.push(Buffer.from('one\ntwo\r\n\n  \nthr'));
  tail.push(Buffer.from('ee'));
  expect(tail.lines(2)).toEqual(['two', 'three']);
});
