import { readJson } from '../../../wire/json.ts';
import { SUCCESS } from '../codes.ts';

/** An object of the server: only its type is sure. */
export interface Incoming {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** Reads an object of the server; undefined if the octets are none, or it has no type. */
export function decodeIncoming(payload: Uint8Array): Incoming | undefined {
  const read = readJson(payload);
  return read.ok && isIncoming(read.value) ? read.value : undefined;
}

function isIncoming(value: unknown): value is Incoming {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Whether a reply says yes; any code but 0, and none at all, says no. */
export function isGranted(reply: Incoming): boolean {
  return reply['resp_code'] === SUCCESS;
}

const MEANINGS: ReadonlyMap<unknown, string> = new Map([
  [1, 'wrong token'],
  [2, 'the user name is taken'],
  [3, 'the hash is not available'],
  [4, 'the cipher is not available'],
  [5, 'there is no such user'],
  [6, 'wrong password'],
]);

/** How the user is told of a reply that says no. */
export function refusalOf({ type, resp_code: code }: Incoming): string {
  return `${type} refused: ${MEANINGS.get(code) ?? 'no reason known'} (${JSON.stringify(code)})`;
}
