import { identifyLine, identifyObject, payloadBytes, readMessage } from '../protocol/message.ts';
import type { Bytes } from '../suite/step.ts';
import { concatBytes } from '../wire/bytes.ts';
import type { Course, Frame } from './course.ts';
import { StepFailure } from './failure.ts';
import { oppositeRole, type Peer } from './peer.ts';
import { show } from './told.ts';
import type { World } from './world.ts';

const encoder = new TextEncoder();
/** Milliseconds between the pieces of a message that is cut: enough to arrive apart on a busy machine. */
const betweenCuts = 5;
const always = (): boolean => true;

/** What spar says in one try of a case. */
export class Speaking {
  readonly #course: Course;
  readonly #world: World;

  constructor(course: Course) {
    this.#course = course;
    this.#world = course.world;
  }

  send(peer: Peer, payload: unknown, wrong: boolean): void {
    const { protocol } = this.#world;
    const definition = this.#definitionOf(peer, payload);
    if (!wrong && !definition && protocol.messages.size > 0) {
      throw new StepFailure(
        'harness',
        `"${show(payload)}" is no message of ${protocol.name}: a step that is wrong on purpose is written ">!"`,
      );
    }
    if (!wrong && definition?.schema) {
      const [fault] = protocol.checkSchema(definition.name, payload);
      if (fault !== undefined) {
        throw new StepFailure(
          'harness',
          `spar's own ${definition.name} breaks its schema: ${fault}; write ">!" if that is meant`,
        );
      }
    }
    this.#ask(peer, definition?.name, payload);
    this.#write(peer, payloadBytes(protocol, payload), definition?.name);
    peer.sending(false);
  }

  /** Says what the target asked for by itself, as the definition tells. */
  automatic(peer: Peer, payload: unknown): void {
    const definition = this.#definitionOf(peer, payload);
    if (this.#world.role === 'client') this.#ask(peer, definition?.name, payload);
    this.#write(peer, payloadBytes(this.#world.protocol, payload), definition?.name);
  }

  #definitionOf(
    peer: Peer,
    payload: unknown,
  ): { readonly name: string; readonly schema?: object } | undefined {
    const { protocol, role } = this.#world;
    const from = oppositeRole(role);
    const awaits = this.#awaits(peer);
    if (protocol.payload === 'text') return identifyLine(protocol, from, String(payload), awaits)?.definition;
    return identifyObject(protocol, from, payload, awaits);
  }

  /** What is recognised only where it is awaited: of what spar sends, that holds for a server's messages. */
  #awaits(peer: Peer): (message: string) => boolean {
    return this.#world.role === 'client' ? (message) => peer.tracker.awaits(message) : always;
  }

  #ask(peer: Peer, name: string | undefined, payload: unknown): void {
    const { correlate } = this.#world.protocol;
    const id = correlate === undefined ? undefined : (payload as Record<string, unknown> | null)?.[correlate];
    if (this.#world.role === 'client') peer.tracker.heard(name, id, true);
    else peer.tracker.asked(name ?? 'unknown', id);
  }

  #write(peer: Peer, payload: Uint8Array, message: string | undefined): void {
    this.#writeRaw(peer, this.#world.protocol.framing.encode(payload), message);
  }

  #writeRaw(peer: Peer, bytes: Uint8Array, message?: string): void {
    peer.sentAt = this.#world.clock.now();
    this.#course.transcript.add({
      at: this.#course.at(),
      peer: peer.name,
      what: 'send',
      bytes,
      step: this.#course.stepIndex,
      ...(message === undefined ? {} : { message }),
    });
    peer.link?.write(bytes);
  }

  async sendBytes(peer: Peer, bytes: Bytes, frame: Frame): Promise<void> {
    const { protocol, role } = this.#world;
    const all = concatBytes(bytes.pieces.map((piece) => this.#pieceBytes(piece, frame)));
    const reader = protocol.framing.reader({ frame: Number.MAX_SAFE_INTEGER });
    reader.push(all);
    for (let read = reader.next(); read.kind === 'frame'; read = reader.next()) {
      const message = readMessage(protocol, oppositeRole(role), read.frame, this.#awaits(peer));
      this.#ask(peer, message.definition?.name, message.payload);
    }
    if (reader.pending() > 0) peer.tracker.loosen();
    peer.sending(true);
    let from = 0;
    for (const cut of [...bytes.cuts, all.length]) {
      const to = cut < 0 ? all.length + cut : cut;
      if (to <= from) continue;
      this.#writeRaw(peer, all.subarray(from, to));
      from = to;
      if (from < all.length) await this.#course.wait(betweenCuts);
    }
    peer.sending(reader.pending() > 0);
  }

  #pieceBytes(piece: Bytes['pieces'][number], frame: Frame): Uint8Array {
    const { protocol } = this.#world;
    if (piece.kind === 'hex') return piece.bytes;
    if (piece.kind === 'raw') return encoder.encode(String(piece.text(frame.scope)));
    if (piece.kind === 'payload')
      return protocol.framing.encode(encoder.encode(String(piece.text(frame.scope))));
    return protocol.framing.encode(payloadBytes(protocol, piece.payload(frame.scope)));
  }
}
