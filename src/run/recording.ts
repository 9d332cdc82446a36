import type { EndKind, Link, LinkSink } from '../session/link.ts';
import type { Stimuli } from '../session/world.ts';
import type { Stage, Target } from './target.ts';

/** What a recording says of the run that it was made of: the same run is held again with it. */
export interface RecordingHead {
  readonly recording: 1;
  readonly protocol: string;
  readonly role: 'server' | 'client';
  readonly seed: number;
  readonly stamp: string;
  readonly dialects: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly label: string;
  /** How what a client shows was read. */
  readonly shows?: Readonly<Record<string, string>>;
}

/** One thing that happened on the connections of one try, in the order in which it happened. */
type Happening =
  | { readonly open: string }
  | { readonly refused: string; readonly why: string }
  /** Octets that came, base64. */
  | { readonly in: number; readonly data: string }
  /** So many octets were sent. */
  | { readonly out: number; readonly octets: number }
  /** A client was made to do something. */
  | { readonly does: string }
  | { readonly end: number; readonly kind: EndKind; readonly detail?: string };

/** One try of a case: a line of the recording. */
export interface RecordedTry {
  readonly id: string;
  readonly attempt: number;
  readonly happenings: readonly Happening[];
  /** What the clients of its peers showed. */
  readonly shown: Readonly<Record<string, string>>;
  readonly crash?: string;
}

/** A target that writes down all that crosses its connections. */
export function recordingOf(target: Target, write: (one: RecordedTry) => void): Target {
  return {
    ...target,
    get deaths() {
      return target.deaths;
    },
    get lastDeath() {
      return target.lastDeath ?? 'ended';
    },
    stage: (id, attempt) => {
      const inner = target.stage?.(id, attempt);
      const happenings: Happening[] = [];
      const peers = new Set<string>();
      let connections = 0;
      return {
        ...(inner?.stimuli
          ? { stimuli: notingStimuli(inner.stimuli, (name) => happenings.push({ does: name })) }
          : {}),
        open: async (peer, options, sink) => {
          peers.add(peer);
          const number = connections;
          connections += 1;
          const early: Happening[] = [];
          let opened = false;
          const note = (one: Happening): void => {
            (opened ? happenings : early).push(one);
          };
          const noted: LinkSink = {
            data: (chunk) => {
              note({ in: number, data: Buffer.from(chunk).toString('base64') });
              sink.data(chunk);
            },
            ended: (kind, detail) => {
              note({ end: number, kind, ...(detail === undefined ? {} : { detail }) });
              sink.ended(kind, detail);
            },
          };
          try {
            const link = await (inner ?? target).open(peer, options, noted);
            happenings.push({ open: peer }, ...early);
            opened = true;
            return noting(link, (octets) => happenings.push({ out: number, octets }));
          } catch (error) {
            happenings.push({ refused: peer, why: (error as Error).message });
            throw error;
          }
        },
        end: async () => {
          const shown = Object.fromEntries(
            [...peers].map((peer) => [peer, inner?.stimuli?.shown(peer) ?? '']),
          );
          const crash = await inner?.end();
          write({ id, attempt, happenings, shown, ...(crash === undefined ? {} : { crash }) });
          return crash;
        },
      };
    },
  };
}

function notingStimuli(stimuli: Stimuli, does: (name: string) => void): Stimuli {
  return {
    run: (peer, name, values) => {
      does(name);
      return stimuli.run(peer, name, values);
    },
    shown: (peer) => stimuli.shown(peer),
  };
}

function noting(link: Link, sent: (octets: number) => void): Link {
  return {
    write: (bytes) => {
      sent(bytes.length);
      link.write(bytes);
    },
    end: () => link.end(),
    close: () => link.close(),
    reset: () => link.reset(),
    pause: () => link.pause(),
    resume: () => link.resume(),
    get queued() {
      return link.queued;
    },
  };
}

/** A target that says again what was recorded, when what was sent then has been sent now. */
export function recordedTarget(
  head: RecordingHead,
  tries: readonly RecordedTry[],
  stimuli: ReadonlySet<string>,
): Target {
  const known = new Map(tries.map((one) => [`${one.id}#${one.attempt}`, one]));
  return {
    kind: 'address',
    label: `a recording of ${head.label}`,
    deaths: 0,
    stimuli,
    shows: head.shows ?? {},
    revive: async () => true,
    open: () => Promise.reject(new RecordingError('a recording is opened on a stage')),
    stage: (id, attempt) => new RecordedStage(known.get(`${id}#${attempt}`)),
  };
}

/** What was not recorded cannot be had. The conversation takes it for a connection that cannot be had. */
class RecordingError extends Error {
  override readonly name = 'ConnectError';
}

class RecordedStage implements Stage {
  readonly #try: RecordedTry | undefined;
  readonly #sinks: LinkSink[] = [];
  readonly #sent: number[] = [];
  #next = 0;
  #running = false;

  constructor(recorded: RecordedTry | undefined) {
    this.#try = recorded;
  }

  readonly stimuli = {
    run: async (): Promise<void> => {
      this.#done += 1;
      this.#later();
    },
    shown: (peer: string): string => this.#try?.shown[peer] ?? '',
  };

  async open(peer: string, _options: Readonly<Record<string, unknown>>, sink: LinkSink): Promise<Link> {
    const happening = this.#try?.happenings[this.#next];
    if (happening && 'refused' in happening) {
      this.#next += 1;
      throw new RecordingError(happening.why);
    }
    const open =
      this.#try?.happenings.findIndex(
        (one, index) => index >= this.#next && 'open' in one && one.open === peer,
      ) ?? -1;
    if (open < 0) throw new RecordingError(`the recording has no such connection of ${peer}`);
    const number = this.#sinks.push(sink) - 1;
    this.#sent[number] = 0;
    queueMicrotask(() => this.#goOn());
    return {
      write: (bytes) => {
        this.#sent[number] = (this.#sent[number] ?? 0) + bytes.length;
        this.#later();
      },
      end: () => undefined,
      close: () => undefined,
      reset: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      queued: 0,
    };
  }

  #later(): void {
    queueMicrotask(() => this.#goOn());
  }

  /** Says what came after what has been sent so far. */
  #goOn(): void {
    if (this.#running) return;
    this.#running = true;
    for (let one = this.#try?.happenings[this.#next]; one; one = this.#try?.happenings[this.#next]) {
      if ('out' in one) {
        const sent = this.#sent[one.out] ?? 0;
        if (sent < one.octets) break;
        this.#sent[one.out] = sent - one.octets;
      } else if ('open' in one) {
        if (this.#opened >= this.#sinks.length) break;
        this.#opened += 1;
      } else if ('does' in one) {
        if (this.#done === 0) break;
        this.#done -= 1;
      } else if ('in' in one) this.#sinks[one.in]?.data(Buffer.from(one.data, 'base64'));
      else if ('end' in one) this.#sinks[one.end]?.ended(one.kind, one.detail);
      else break;
      this.#next += 1;
    }
    this.#running = false;
  }

  #opened = 0;
  #done = 0;

  async end(): Promise<string | undefined> {
    return this.#try?.crash;
  }
}
