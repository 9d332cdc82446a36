import { encodeJson } from '../../../../wire/json.ts';
import type { Outgoing } from '../outgoing.ts';
import { type GurgleClientDefect, reads, sends } from './change.ts';

const utf8 = new TextEncoder();

/** Defects of every packet, whichever it is. */
export const packetDefects: readonly GurgleClientDefect[] = [
  {
    name: 'cli-batch-array',
    breaks: ['GUR-140'],
    what: 'puts its packets into arrays',
    change: (Plain) =>
      class extends Plain {
        override render(packet: Outgoing): Uint8Array {
          return encodeJson([packet]);
        }
      },
  },
  {
    name: 'cli-json5',
    breaks: ['GUR-141'],
    what: 'writes a comma before the brace that ends a packet',
    change: (Plain) =>
      class extends Plain {
        override render(packet: Outgoing): Uint8Array {
          return utf8.encode(JSON.stringify(packet).replace(/}$/, ',}'));
        }
      },
  },
  {
    name: 'cli-id-missing',
    breaks: ['GUR-142'],
    what: 'shows its presence without an id',
    change: sends('presence', () => ({ id: undefined })),
  },
  {
    name: 'cli-id-null',
    breaks: ['GUR-144'],
    what: 'shows its presence with the id null',
    change: sends('presence', () => ({ id: null })),
  },
  {
    name: 'cli-id-constant',
    breaks: ['GUR-145'],
    what: 'gives every request the same id',
    change: (Plain) =>
      class extends Plain {
        override newId(): number {
          return 1;
        }
      },
  },
  {
    name: 'cli-order-sensitive',
    breaks: ['GUR-147'],
    what: 'passes over packets that do not begin with their id',
    change: reads((packet) => (Object.keys(packet)[0] === 'id' ? packet : undefined)),
  },
  {
    name: 'cli-naive-parser',
    breaks: ['GUR-148'],
    what: 'finds members only where they are spelled as it would spell them',
    change: reads((packet, text) => {
      const isPlain = ([name, value]: [string, unknown]) =>
        text.includes(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
      return Object.fromEntries(Object.entries(packet).filter(isPlain));
    }),
  },
];
