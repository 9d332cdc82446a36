import { fits, type Pattern } from '../match/pattern.ts';
import type { Barrier } from '../protocol/definition.ts';
import type { Message } from '../protocol/message.ts';
import { viewOf } from '../protocol/rules.ts';
import type { EndWish, Option, Step } from '../suite/step.ts';
import { printable } from '../wire/printable.ts';
import { aboutOthers } from './about-others.ts';
import { readBarrier } from './barrier.ts';
import type { Course, Frame } from './course.ts';
import { StepFailure } from './failure.ts';
import type { Arrival, Peer } from './peer.ts';
import type { Speaking } from './speaking.ts';
import { cannotBeRead, endedInstead, mismatch, sentence, silent } from './told.ts';
import type { World } from './world.ts';

/** What spar hears, or does not hear, in one try of a case. */
export class Hearing {
  readonly #course: Course;
  readonly #world: World;
  readonly #speaking: Speaking;

  constructor(course: Course, speaking: Speaking) {
    this.#course = course;
    this.#world = course.world;
    this.#speaking = speaking;
  }

  /** The next message, so many milliseconds after `since`: a target that pushes other things gains no time. */
  async #next(peer: Peer, limit: number, wanted: () => string, since: number): Promise<Arrival> {
    let due = since + limit;
    let unsent = Number.POSITIVE_INFINITY;
    let late = false;
    for (;;) {
      this.#course.check();
      const arrival = peer.inbox.shift();
      if (arrival) return arrival;
      if (peer.broken) throw cannotBeRead(peer, peer.broken, wanted());
      if (peer.endKind) throw endedInstead(peer, wanted());
      const left = due - this.#world.clock.now();
      if (left > 0 && (await peer.waitForMore(left))) continue;
      const queued = peer.link?.queued ?? 0;
      if (queued > 0 && queued < unsent) {
        // The target cannot answer what is still on its way out.
        unsent = queued;
        due = this.#world.clock.now() + limit;
        continue;
      }
      if (late) {
        peer.tellUnfinished();
        throw silent(peer, limit, wanted());
      }
      // Where spar itself was busy, what came in time may still lie in the socket's buffer.
      late = true;
      await peer.waitForMore(1);
    }
  }

  #fromAside(peer: Peer, pattern: Pattern, frame: Frame): Message | undefined {
    const index = peer.aside.findIndex((arrival) => this.#concerns(pattern, arrival, frame));
    return index < 0 ? undefined : peer.aside.splice(index, 1)[0]?.message;
  }

  /** True for what fits a pattern; of what speaks of others, only where the pattern says of whom. */
  #concerns(pattern: Pattern, arrival: Arrival, frame: Frame): boolean {
    const { message, passing } = arrival;
    if (!fits(pattern, message, frame.scope, this.#course.wall)) return false;
    if (passing && fits(pattern, aboutOthers(message), frame.scope, this.#course.wall)) return false;
    return this.#course.matches(pattern, message, frame).length === 0;
  }

  async expect(peer: Peer, pattern: Pattern, frame: Frame, limit: number, maybe: boolean): Promise<void> {
    const wanted = (): string => pattern.print(frame.scope);
    if (maybe) return this.#perhaps(peer, pattern, frame);
    if (this.#fromAside(peer, pattern, frame)) return;
    const since = this.#world.clock.now();
    for (;;) {
      const arrival = await this.#next(peer, limit, wanted, since);
      const found = this.#course.matches(pattern, arrival.message, frame);
      if (found.length === 0) {
        this.#world.answered(this.#world.clock.now() - peer.sentAt);
        return;
      }
      if (!arrival.aside) throw mismatch(peer, wanted(), arrival.message, found);
      peer.aside.push(arrival);
    }
  }

  /** Takes a message that may or may not come before the answer of a barrier. */
  async #perhaps(peer: Peer, pattern: Pattern, frame: Frame): Promise<void> {
    if (this.#fromAside(peer, pattern, frame)) return this.#course.took(frame, 'a message');
    const heard = await this.#barrier(peer, frame);
    const index = heard.findIndex(
      (arrival) => this.#course.matches(pattern, arrival.message, frame).length === 0,
    );
    if (index >= 0) heard.splice(index, 1);
    this.#course.took(frame, index >= 0 ? 'a message' : 'nothing');
    peer.inbox.unshift(...heard);
  }

  /** The first of several ways that the target takes. */
  async either(peer: Peer, options: readonly Option[], frame: Frame, limit: number): Promise<Option> {
    const wanted = (): string =>
      options.map((one) => one.pattern?.print(frame.scope) ?? 'the end of the connection').join(' or ');
    const take = (option: Option): Option => {
      this.#course.took(frame, option.text);
      if (option.note !== undefined) this.#course.notes.add(option.note);
      return option;
    };
    for (const option of options) {
      if (option.pattern && this.#fromAside(peer, option.pattern, frame)) return take(option);
    }
    const since = this.#world.clock.now();
    for (;;) {
      let arrival: Arrival;
      try {
        arrival = await this.#next(peer, limit, wanted, since);
      } catch (error) {
        const closed = options.find((one) => one.closed !== undefined && endFits(peer, one.closed));
        if (!(error instanceof StepFailure) || !peer.endKind || !closed) throw error;
        peer.done = true;
        return take(closed);
      }
      const { message } = arrival;
      const option = options.find(
        ({ pattern }) => pattern && fits(pattern, message, frame.scope, this.#course.wall),
      );
      if (option?.pattern) {
        this.#course.matches(option.pattern, message, frame);
        this.#world.answered(this.#world.clock.now() - peer.sentAt);
        return take(option);
      }
      if (!arrival.aside) {
        const details = options.flatMap(({ pattern }) => {
          const found = pattern ? this.#course.matches(pattern, message, frame) : [];
          return pattern ? [`not ${pattern.print(frame.scope)}: ${sentence(found)}`] : [];
        });
        throw mismatch(peer, wanted(), message, [], details);
      }
      peer.aside.push(arrival);
    }
  }

  async anyOrder(peer: Peer, patterns: readonly Pattern[], frame: Frame, limit: number): Promise<void> {
    const left = patterns.filter((pattern) => !this.#fromAside(peer, pattern, frame));
    const since = this.#world.clock.now();
    while (left.length > 0) {
      const wanted = (): string => left.map((pattern) => pattern.print(frame.scope)).join(' and ');
      const arrival = await this.#next(peer, limit, wanted, since);
      const index = left.findIndex(
        (pattern) => this.#course.matches(pattern, arrival.message, frame).length === 0,
      );
      if (index >= 0) left.splice(index, 1);
      else if (arrival.aside) peer.aside.push(arrival);
      else throw mismatch(peer, wanted(), arrival.message, []);
    }
  }

  async collect(
    peer: Peer,
    step: Extract<Step, { do: 'collect' }>,
    frame: Frame,
    limit: number,
  ): Promise<void> {
    const items: unknown[] = [];
    const wanted = (): string => `${step.each.print(frame.scope)} … ${step.until.print(frame.scope)}`;
    let since = this.#world.clock.now();
    for (;;) {
      const arrival = await this.#next(peer, limit, wanted, since);
      if (this.#course.matches(step.until, arrival.message, frame).length === 0) break;
      const found = this.#course.matches(step.each, arrival.message, frame);
      if (found.length === 0) {
        items.push(viewOf(arrival.message));
        since = this.#world.clock.now();
      } else if (arrival.aside || arrival.message.definition?.push) peer.aside.push(arrival);
      else throw mismatch(peer, wanted(), arrival.message, found);
    }
    this.#world.answered(this.#world.clock.now() - peer.sentAt);
    if (step.as !== undefined) frame.scope.capture(step.as, items);
  }

  // Nothing

  /** What came before the answer of something that must be answered; or within a quiet time. */
  async #barrier(peer: Peer, frame: Frame): Promise<Arrival[]> {
    const { protocol } = this.#world;
    if (peer.endKind) return peer.inbox.splice(0);
    const barrier = this.#barrierOf(peer);
    if (!barrier) return this.#quiet(peer);
    const { send, until, needs, view } = readBarrier(protocol, barrier);
    const scope = frame.scope.within(
      [['self', peer.name]],
      needs.map((name) => [
        name,
        name === 'nonce' ? this.#course.names.nonce() : this.#course.names.nowhere(),
      ]),
    );
    this.#speaking.send(peer, send(scope), barrier.wrong);
    const heard: Arrival[] = [];
    const limit = this.#world.deadline();
    let since = this.#world.clock.now();
    for (;;) {
      let arrival: Arrival;
      try {
        arrival = await this.#next(peer, limit, () => until.print(scope), since);
      } catch (error) {
        if (peer.endKind && error instanceof StepFailure) return heard;
        if (error instanceof StepFailure && error.failure.cause === 'silent') {
          const message = `${peer.name} gets no answer any more: ${error.message}`;
          throw new StepFailure('hung', message, { peer: peer.name }, barrier.proves);
        }
        throw error;
      }
      if (fits(until, view(arrival.message), scope, this.#course.wall)) {
        this.#world.answered(this.#world.clock.now() - peer.sentAt);
        return heard;
      }
      const push = arrival.message.definition?.push === true;
      heard.push(push ? { ...arrival, aside: true } : arrival);
      if (!push) since = this.#world.clock.now();
    }
  }

  #barrierOf(peer: Peer): Barrier | undefined {
    const { protocol, role } = this.#world;
    const barriers = protocol.barriers[role];
    return barriers.get(peer.tracker.state) ?? barriers.get('any');
  }

  async #quiet(peer: Peer): Promise<Arrival[]> {
    this.#course.notes.add(
      `silence of ${peer.name} was waited for, ${this.#world.quiet} ms: there is no barrier in state ${peer.tracker.state}`,
    );
    return this.#listen(peer, this.#world.quiet);
  }

  /** What comes within so many milliseconds. */
  async #listen(peer: Peer, ms: number): Promise<Arrival[]> {
    const due = this.#world.clock.now() + ms;
    for (let left = ms; left > 0 && !peer.endKind; left = due - this.#world.clock.now()) {
      await peer.waitForMore(left);
      this.#course.check();
    }
    return peer.inbox.splice(0);
  }

  async silence(peer: Peer, frame: Frame, step: Step): Promise<void> {
    const heard = step.within
      ? await this.#listen(peer, this.#course.limit(step, frame.scope))
      : await this.#barrier(peer, frame);
    for (const arrival of heard) {
      if (arrival.aside) {
        peer.aside.push(arrival);
        continue;
      }
      throw new StepFailure('unexpected', `${peer.name} must hear nothing here`, {
        peer: peer.name,
        expected: 'nothing',
        actual: printable(arrival.message.frame.payload),
      });
    }
    if (peer.endKind && !peer.done && !peer.tracker.mayClose) throw endedInstead(peer, 'nothing');
  }

  async hearsNo(peer: Peer, patterns: readonly Pattern[], frame: Frame): Promise<void> {
    const heard = await this.#barrier(peer, frame);
    for (const arrival of [...peer.aside, ...heard]) {
      const pattern = patterns.find((one) => this.#concerns(one, arrival, frame));
      if (!pattern) continue;
      throw new StepFailure('unexpected', `${peer.name} must not hear ${pattern.print(frame.scope)}`, {
        peer: peer.name,
        expected: `nothing like ${pattern.print(frame.scope)}`,
        actual: printable(arrival.message.frame.payload),
      });
    }
    peer.aside.push(...heard.filter((arrival) => arrival.aside));
    peer.inbox.unshift(...heard.filter((arrival) => !arrival.aside));
  }

  async connected(peer: Peer, frame: Frame): Promise<void> {
    const heard = await this.#barrier(peer, frame);
    peer.inbox.unshift(...heard);
    if (peer.endKind) throw endedInstead(peer, 'an open connection');
  }

  /** Until the requests of a peer are answered, or nothing has come for a quiet time. */
  async rest(peer: Peer): Promise<void> {
    const answered = (): boolean =>
      peer.endKind !== undefined || peer.broken !== undefined || peer.tracker.waiting === 0;
    while (peer.tracker.isUnclear || !answered()) {
      if (peer.endKind || !(await peer.waitForMore(this.#world.quiet))) break;
      this.#course.check();
    }
    peer.inbox.splice(0);
    if (peer.endKind) peer.done = true;
  }

  async closed(peer: Peer, how: EndWish, limit: number): Promise<void> {
    const wanted = how === 'any' ? 'the end of the connection' : how === 'fin' ? 'an orderly end' : 'a reset';
    const since = this.#world.clock.now();
    for (;;) {
      let arrival: Arrival;
      try {
        arrival = await this.#next(peer, limit, () => wanted, since);
      } catch (error) {
        if (!(error instanceof StepFailure) || !peer.endKind) {
          if (error instanceof StepFailure && error.failure.cause === 'silent') {
            throw new StepFailure(
              'not-closed',
              `the target keeps the connection of ${peer.name} open for ${Math.round(limit)} ms`,
              {
                peer: peer.name,
                expected: wanted,
                actual: 'an open connection',
              },
            );
          }
          throw error;
        }
        if (!endFits(peer, how)) throw endedInstead(peer, wanted);
        peer.done = true;
        return;
      }
      if (!arrival.aside) throw mismatch(peer, wanted, arrival.message, []);
      peer.aside.push(arrival);
    }
  }

  /** After the last step nothing more may come to a peer, and it was not hung up on. */
  async settle(peer: Peer, frame: Frame): Promise<void> {
    if (!peer.link || peer.done || peer.broken) return;
    const barrier = this.#barrierOf(peer);
    const heard = barrier || peer.endKind ? await this.#barrier(peer, frame) : peer.inbox.splice(0);
    const stray = heard.find((arrival) => !arrival.aside);
    if (stray && this.#course.failures.length === 0) {
      throw new StepFailure('unexpected', `${peer.name} hears more than the case knows of`, {
        peer: peer.name,
        expected: 'nothing',
        actual: printable(stray.message.frame.payload),
      });
    }
    if (peer.endKind && !peer.done && !peer.tracker.mayClose) throw endedInstead(peer, 'an open connection');
  }
}

function endFits(peer: Peer, how: EndWish): boolean {
  if (!peer.endKind) return false;
  if (how === 'any') return true;
  return how === 'fin' ? peer.endKind === 'fin' : peer.endKind !== 'fin';
}
