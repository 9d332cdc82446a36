import type { Outgoing } from '../client.ts';
import { decodeIncoming, type Incoming } from '../incoming.ts';
import { type ChatClientDefect, sends } from './change.ts';

const text = new TextDecoder();
const STRINGS = /"(?:[^"\\]|\\.)*"/g;

/** Defects of every object, whichever it is. */
export const everyObjectDefects: readonly ChatClientDefect[] = [
  {
    name: 'cli-request-without-type',
    breaks: ['CN-008'],
    what: 'leaves the type out of protocol.standard',
    change: sends('protocol.standard', () => ({ type: undefined })),
  },
  {
    name: 'cli-trailing-comma',
    breaks: ['CN-009'],
    what: 'writes a comma before the brace that ends an object',
    change: (Plain) =>
      class extends Plain {
        override encode(object: Outgoing): string {
          return super.encode(object).replace(/}$/, ',}');
        }
      },
  },
  {
    name: 'cli-no-whitespace',
    breaks: ['CN-010'],
    what: 'does not understand blanks between tokens',
    change: (Plain) =>
      class extends Plain {
        override decode(payload: Uint8Array): Incoming | undefined {
          const tokens = text.decode(payload).replace(STRINGS, '');
          return /\s/.test(tokens) ? undefined : super.decode(payload);
        }
      },
  },
  {
    name: 'cli-type-first',
    breaks: ['CN-011'],
    what: 'takes the first member for the type',
    change: (Plain) =>
      class extends Plain {
        override decode(payload: Uint8Array): Incoming | undefined {
          const object = decodeIncoming(payload);
          return object && { ...object, type: String(Object.values(object)[0]) };
        }
      },
  },
];
