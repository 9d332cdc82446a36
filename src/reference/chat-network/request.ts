import { decodeText } from '../../wire/text.ts';

const MEMBERS = [
  'type',
  'version',
  'client',
  'standards',
  'username',
  'password',
  'hash',
  'session',
  'source',
  'dest',
  'nonce',
  'message',
] as const;
type Member = (typeof MEMBERS)[number];

/** What a client sent. A member that is missing or no string is the empty string. */
export type Request = Readonly<Record<Member, string>>;

// A hash or session that is missing is one that the server does not have, and has a code of its own.
const REQUIRED: ReadonlyMap<string, readonly Member[]> = new Map([
  ['identification', ['version']],
  ['protocol.standard', ['standards']],
  ['signup', ['username', 'password']],
  ['signin', ['username', 'password']],
  ['invite.request', ['source', 'dest']],
  ['invite.accept', ['source', 'dest']],
  ['invite.reject', ['source', 'dest']],
  ['message', ['source', 'dest', 'nonce', 'message']],
]);

/** Reads one JSON object; `undefined` if it is none, has no type, or lacks what its type requires. */
export function decodeRequest(payload: Uint8Array): Request | undefined {
  const value = parse(payload);
  if (typeof value !== 'object' || value === null) return undefined;
  const given = value as Partial<Record<Member, unknown>>;
  const { type } = given;
  if (typeof type !== 'string') return undefined;
  if (REQUIRED.get(type)?.some((name) => typeof given[name] !== 'string')) return undefined;
  const text = (name: Member) => (typeof given[name] === 'string' ? given[name] : '');
  return Object.fromEntries(MEMBERS.map((name) => [name, text(name)])) as Request;
}

function parse(payload: Uint8Array): unknown {
  const decoded = decodeText(payload);
  if (!decoded.ok) return undefined;
  try {
    return JSON.parse(decoded.text);
  } catch {
    return undefined;
  }
}
