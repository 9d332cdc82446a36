import { decodeText } from '../../../wire/text.ts';
import { BAD_TOKEN, CIPHER_NOT_AVAILABLE, HASH_NOT_AVAILABLE, SUCCESS, USER_IN_USE } from '../codes.ts';
import type { Connection } from '../connection.ts';
import type { Request } from '../request.ts';
import type { Reply } from '../server.ts';
import { type Change, type ChatDefect, codes, late, replies } from './change.ts';

/** Takes only objects that are spelled as `accepts` wishes. */
function spelled(accepts: (text: string) => boolean): Change {
  return (Plain) =>
    class extends Plain {
      override decode(payload: Uint8Array): Request | undefined {
        const decoded = decodeText(payload);
        const request = super.decode(payload);
        return decoded.ok && request && accepts(decoded.text) ? request : undefined;
      }
    };
}

/** Defects of the status codes and of the form of every object. */
export const everyObjectDefects: readonly ChatDefect[] = [
  {
    name: 'srv-success-1',
    breaks: ['CN-001'],
    what: 'uses 1 for success',
    change: codes('any', (code) => (code === SUCCESS ? 1 : code)),
  },
  {
    name: 'srv-bad-token-code',
    breaks: ['CN-002'],
    what: 'reports a wrong token by 3',
    change: codes('any', (code) => (code === BAD_TOKEN ? HASH_NOT_AVAILABLE : code)),
  },
  {
    name: 'srv-user-in-use-generic',
    breaks: ['CN-003'],
    what: 'refuses every signup by 2',
    change: codes('signup', (code) => (code === SUCCESS ? code : USER_IN_USE)),
  },
  {
    name: 'srv-hash-generic',
    breaks: ['CN-004'],
    what: 'refuses every signup by 3',
    change: codes('signup', (code) => (code === SUCCESS ? code : HASH_NOT_AVAILABLE)),
  },
  {
    name: 'srv-code-4-misused',
    breaks: ['CN-005'],
    what: 'answers an unknown hash by 4',
    change: codes('signup', (code) => (code === HASH_NOT_AVAILABLE ? CIPHER_NOT_AVAILABLE : code)),
  },
  {
    name: 'srv-code-string',
    breaks: ['CN-006'],
    what: 'sends codes as strings',
    change: codes('any', String),
  },
  {
    name: 'srv-code-omitted-ok',
    breaks: ['CN-007'],
    what: 'leaves the code out on success',
    change: codes('any', (code) => (code === SUCCESS ? undefined : code)),
  },
  {
    name: 'srv-reply-without-type',
    breaks: ['CN-008'],
    what: 'leaves the type out of replies',
    change: replies('any', (reply) => ({ ...reply, type: undefined })),
  },
  {
    name: 'srv-trailing-comma',
    breaks: ['CN-009'],
    what: 'puts a comma behind the last member',
    change: (Plain) =>
      class extends Plain {
        override encode(object: object): string {
          return `${super.encode(object).slice(0, -1)},}`;
        }
      },
  },
  {
    name: 'srv-no-whitespace',
    breaks: ['CN-010'],
    what: 'understands compact objects only',
    change: spelled((text) => JSON.stringify(JSON.parse(text)) === text),
  },
  {
    name: 'srv-type-first',
    breaks: ['CN-011'],
    what: 'expects the type as the first member',
    change: spelled((text) => /^\s*\{\s*"type"/.test(text)),
  },
  {
    name: 'srv-type-response',
    breaks: ['CN-012'],
    what: 'answers with the type response',
    change: replies('any', (reply) => ({ ...reply, type: 'response' })),
  },
  {
    name: 'srv-double-reply',
    breaks: ['CN-013'],
    what: 'sends every reply twice',
    change: (Plain) =>
      class extends Plain {
        override reply(connection: Connection, request: Request, reply: Reply): void {
          super.reply(connection, request, reply);
          super.reply(connection, request, reply);
        }
      },
  },
  {
    name: 'srv-reorders',
    breaks: ['CN-014'],
    what: 'answers fast requests before a signin that came earlier',
    change: late('signin', 50),
  },
];
