import type { Failure } from '../events/event.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { Message } from '../protocol/message.ts';
import type { Peer } from '../session/peer.ts';
import { printable } from '../wire/printable.ts';
import type { ExecutionRules } from './execution.ts';
import type { Symptom } from './finding.ts';
import type { SendMove } from './plan.ts';
import { isRefusal, saysRefused } from './refusal.ts';
import { acceptedSymptom } from './symptom.ts';
import { Traces } from './traces.ts';

/** What is wrong, and what is new, with what a target did in one execution. */
export class Judge {
  readonly symptoms: Symptom[] = [];
  /** What the target did, without names and values. */
  readonly shapes: Set<string> = new Set();
  /** Nothing hostile was sent. */
  clean = true;
  readonly #protocol: Protocol;
  readonly #rules: ExecutionRules;
  readonly #traces: Traces;

  constructor(protocol: Protocol, rules: ExecutionRules) {
    this.#protocol = protocol;
    this.#rules = rules;
    this.#traces = rules.traces ?? new Traces();
  }

  /** How long answers usually take, in words. */
  get usually(): string {
    return this.#rules.latency?.inWords() ?? '';
  }

  /** Takes note of what spar says, which it may hear again. */
  said(octets: Uint8Array): void {
    this.#traces.said(octets);
  }

  shape(state: string, move: SendMove, heard: string): void {
    const kinds = move.mutations.map(({ kind }) => kind).join('+');
    this.shapes.add(`${state} ${move.message} ${kinds} → ${heard}`);
  }

  breach(failure: Failure): void {
    if (failure.cause === 'rule' && !this.#judges(failure.rule ?? '')) return;
    this.symptom('breach', this.#bucketOf(failure), failure.message);
  }

  /** Which of two replies is the one too many depends on when they come: they are alike. */
  #bucketOf({ cause, rule: id }: Failure): string {
    const rule = this.#protocol.rules.find((one) => one.id === id);
    if (rule?.on.includes('unasked')) return 'a reply to nobody';
    return cause === 'rule' ? `rule ${id ?? ''}` : cause;
  }

  /**
   * Rules about the form of what a target sends hold whatever it was sent. Those about contents are
   * made for well-formed conversations: a hostile name may look like anything, an id may come twice.
   */
  #judges(id: string): boolean {
    if (this.#rules.warnings.has(id)) return false;
    const rule = this.#protocol.rules.find((one) => one.id === id);
    return (
      rule !== undefined &&
      rule.distinct === undefined &&
      (rule.must === undefined || (this.clean && this.#rules.alone === true))
    );
  }

  /** Something that is no message of the definition was answered as the valid message would be. */
  accepted(move: SendMove, state: string, heard: Message, faults: readonly string[]): void {
    const answers = this.#protocol.states.get(state)?.get(move.message) ?? [];
    const success = answers[0]?.items[0]?.message;
    if (answers.length < 2 || success === undefined || heard.definition?.name !== success) return;
    if (isRefusal(this.#protocol, success) || saysRefused(this.#protocol, heard.payload)) return;
    this.symptoms.push(acceptedSymptom(move.message, state, success, faults));
  }

  deaf(peer: Peer, move: SendMove, state: string): void {
    if (peer.done) return;
    this.symptom(
      'deaf',
      `${state} ${move.message}`,
      `after ${move.message} in state ${state} the connection stays open and nothing is answered on it for ${this.#rules.hang} ms${this.usually}`,
    );
  }

  leaks(message: Message): void {
    const text = textOf(message);
    const trace = this.#traces.foundIn(text);
    if (trace !== undefined)
      this.symptom(
        'leak',
        `reply ${message.definition?.name ?? 'unknown'}`,
        `a reply shows the inside of the target: ${trace}`,
      );
    const secret = this.#rules.secrets?.foundIn(text);
    if (secret !== undefined)
      this.symptom(
        'leak',
        `password in ${message.definition?.name ?? 'unknown'}`,
        `a message of the target holds a password that it was sent: ${printable(text)}`,
      );
  }

  symptom(oracle: Symptom['oracle'], bucket: string, message: string): void {
    this.symptoms.push({ oracle, bucket: `${oracle}: ${bucket}`, message });
  }
}

function textOf({ payload }: Message): string {
  if (typeof payload === 'string') return payload;
  return payload === undefined ? '' : JSON.stringify(payload);
}
