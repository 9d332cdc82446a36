import { encodeJson } from '../../../wire/json.ts';
import type { Answer, Packet, PacketId, PacketRead, Request } from '../packet.ts';
import type { Session } from '../session.ts';
import { answering, type GurgleDefect, pushing, without } from './change.ts';

/** Defects of ping, quit and kill, and of the form of any packet. */
export const packetDefects: readonly GurgleDefect[] = [
  {
    name: 'srv-ping-cmd-echo',
    breaks: ['GUR-070'],
    what: 'answers ping by ping',
    change: answering('ping', (answer) => ({ ...answer, cmd: 'ping' })),
  },
  {
    name: 'srv-pong-constant',
    breaks: ['GUR-071'],
    what: 'answers every ping of a session with the data of the first',
    change: (Plain) =>
      class extends Plain {
        readonly #first = new WeakMap<Session, unknown>();

        override reply(session: Session, request: Request, answer: Answer): void {
          const isPing = request.cmd === 'ping';
          if (isPing && !this.#first.has(session)) this.#first.set(session, request.data);
          super.reply(session, request, isPing ? { ...answer, data: this.#first.get(session) } : answer);
        }
      },
  },
  {
    name: 'srv-quit-closes',
    breaks: ['GUR-135'],
    what: 'closes at quit without bye',
    change: answering('quit', () => undefined),
  },
  {
    name: 'srv-zombie',
    breaks: ['GUR-136'],
    what: 'goes on after bye',
    change: (Plain) =>
      class extends Plain {
        override follow(session: Session, request: Request): void {
          if (request.cmd !== 'quit') super.follow(session, request);
        }
      },
  },
  {
    name: 'srv-kill-bye',
    breaks: ['GUR-138'],
    what: 'answers kill by bye',
    change: (Plain) =>
      class extends Plain {
        override answer(session: Session, request: Request): Answer | undefined {
          return request.cmd === 'kill' ? { cmd: 'bye' } : super.answer(session, request);
        }
      },
  },
  {
    name: 'srv-kill-ignored',
    breaks: ['GUR-139'],
    what: 'takes no notice of kill',
    change: (Plain) =>
      class extends Plain {
        override follow(session: Session, request: Request): void {
          if (request.cmd !== 'kill') super.follow(session, request);
        }
      },
  },
  {
    name: 'srv-batch-array',
    breaks: ['GUR-140'],
    what: 'pushes presences in an array of packets',
    change: (Plain) =>
      class extends Plain {
        override render(packet: Packet): Uint8Array {
          const isPush = packet.id === null && packet['cmd'] === 'presence';
          return isPush ? encodeJson([packet]) : super.render(packet);
        }
      },
  },
  {
    name: 'srv-json5',
    breaks: ['GUR-141'],
    what: 'ends the members of a pong with a comma',
    change: (Plain) =>
      class extends Plain {
        override render(packet: Packet): Uint8Array {
          if (packet['cmd'] !== 'pong') return super.render(packet);
          return new TextEncoder().encode(JSON.stringify(packet).replace(/\}$/, ',}'));
        }
      },
  },
  {
    name: 'srv-id-missing',
    breaks: ['GUR-142'],
    what: 'pushes messages without an id',
    change: pushing('message', (packet) => without(packet, 'id')),
  },
  {
    name: 'srv-id-counter',
    breaks: ['GUR-143'],
    what: 'numbers its answers by itself',
    change: (Plain) =>
      class extends Plain {
        readonly #answers = new WeakMap<Session, number>();

        override reply(session: Session, request: Request, answer: Answer): void {
          const id: PacketId = (this.#answers.get(session) ?? 1000) + 1;
          this.#answers.set(session, id);
          super.reply(session, { ...request, id }, answer);
        }
      },
  },
  {
    name: 'srv-double-reply',
    breaks: ['GUR-146'],
    what: 'acknowledges each request besides answering it',
    change: (Plain) =>
      class extends Plain {
        override reply(session: Session, request: Request, answer: Answer): void {
          super.reply(session, request, answer);
          super.reply(session, request, { cmd: 'ack' });
        }
      },
  },
  {
    name: 'srv-order-sensitive',
    breaks: ['GUR-147'],
    what: 'sees no cmd in a packet that does not begin with its id',
    change: (Plain) =>
      class extends Plain {
        override read(payload: Uint8Array): PacketRead {
          const read = super.read(payload);
          if (!read.ok || Object.keys(read.packet)[0] === 'id') return read;
          return { ok: true, packet: without({ ...read.packet }, 'cmd') };
        }
      },
  },
  {
    name: 'srv-naive-parser',
    breaks: ['GUR-148'],
    what: 'looks for cmd in the text',
    change: (Plain) =>
      class extends Plain {
        override read(payload: Uint8Array): PacketRead {
          const read = super.read(payload);
          const text = new TextDecoder().decode(payload);
          if (!read.ok || /"cmd":"[a-z_]+"/.test(text)) return read;
          return { ok: true, packet: without({ ...read.packet }, 'cmd') };
        }
      },
  },
];
