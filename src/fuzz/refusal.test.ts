import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { isRefusal, saysRefused } from './refusal.ts';

const gurgle = (await readSuite(await protocolFolder('gurgle'))).protocol;
const cpt = (await readSuite(await protocolFolder('cpt'))).protocol;

test('what answers the unknown is a refusal', () => {
  expect(isRefusal(cpt, 'DECLINE')).toBe(true);
  expect(isRefusal(cpt, 'ACK')).toBe(false);
  expect(isRefusal(gurgle, 'refusal')).toBe(true);
});

test.each<[unknown, boolean]>([
  [{ id: 1, cmd: 'sent', success: ['m'], failure: [], error: null }, false],
  [{ id: 1, cmd: 'sent', success: [], failure: ['m'], error: 'undeliverable' }, true],
  [{ id: 1, cmd: 'presence', presences: [{ status: 'away', error: null }] }, false],
  [{ id: 1, cmd: 'presence', presences: [{ status: 'away', error: 'malformed' }] }, true],
])('an answer that tells of a fault accepts nothing: %j', (payload, refused) => {
  expect(saysRefused(gurgle, payload)).toBe(refused);
});
