import type { Connection } from '../connection.ts';
import { HASHES } from '../credentials.ts';
import type { Request } from '../request.ts';
import type { Reply } from '../server.ts';
import { type Change, type ChatDefect, reads, replies } from './change.ts';

/** Lists the ciphers or the hashes otherwise, where it lists them. */
function lists(what: 'ciphers' | 'hashes', other: (names: readonly string[]) => unknown): Change {
  return replies('protocol.standard', (reply) => {
    const names = reply[what];
    return names === undefined ? reply : { ...reply, [what]: other(names as readonly string[]) };
  });
}

/** Defects of protocol.standard. */
export const standardsDefects: readonly ChatDefect[] = [
  {
    name: 'srv-std-ciphers-only',
    breaks: ['CN-032'],
    what: 'answers the first word only',
    change: reads('protocol.standard', ({ standards }) => ({ standards: standards.replace(/,.*/s, '') })),
  },
  {
    name: 'srv-std-always-both',
    breaks: ['CN-033'],
    what: 'lists both, whatever it is asked for',
    change: reads('protocol.standard', () => ({ standards: 'ciphers,hashes' })),
  },
  {
    name: 'srv-std-hashes-need-ciphers',
    breaks: ['CN-034'],
    what: 'lists hashes only when it is asked for ciphers too',
    change: reads('protocol.standard', ({ standards }) => ({
      standards: standards === 'hashes' ? '' : standards,
    })),
  },
  {
    name: 'srv-ciphers-string',
    breaks: ['CN-035'],
    what: 'lists ciphers in one string',
    change: lists('ciphers', (names) => names.join(',')),
  },
  {
    name: 'srv-hashes-objects',
    breaks: ['CN-036'],
    what: 'lists hashes as objects',
    change: lists('hashes', (names) => names.map((name) => ({ name }))),
  },
  {
    name: 'srv-ciphers-decorative',
    breaks: ['CN-037'],
    what: 'lists a cipher that it cannot use',
    change: lists('ciphers', (names) => [...names, 'one-time-pad']),
  },
  {
    name: 'srv-hashes-random',
    breaks: ['CN-038'],
    what: 'lists another hash each time that a connection asks',
    change: (Plain) =>
      class extends Plain {
        readonly #asked = new WeakMap<Connection, number>();

        override reply(connection: Connection, request: Request, reply: Reply): void {
          const asked = this.#asked.get(connection) ?? 0;
          if ('hashes' in reply) this.#asked.set(connection, asked + 1);
          const hashes = [HASHES[asked % HASHES.length]];
          super.reply(connection, request, 'hashes' in reply ? { ...reply, hashes } : reply);
        }
      },
  },
];
