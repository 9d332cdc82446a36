import type { EndKind, Link, LinkSink } from '../session/link.ts';

/** Open links from which on what leaves is gathered: below it nothing else would be ready meanwhile. */
const FEWEST = 4;
/** Calls that wait at most. */
const MOST = 64;

let links = 0;
let waiting: (() => void)[] = [];
/** Calls that waited when the loop came round last. */
let before = 0;
let looking = false;

/**
 * Opens a link whose calls are gathered with those of all others, in their order, as long as more are
 * still becoming ready, and then let go together. A target that is faster than we are goes to rest after
 * each message: to wake it costs both sides more than the message does.
 */
export async function gathered(open: (sink: LinkSink) => Promise<Link>, sink: LinkSink): Promise<Link> {
  if (isGathering()) await new Promise<void>((resolve) => leave(resolve));
  const gate = new Gate(sink);
  const link = await open(gate);
  links += 1;
  return new GatheredLink(link, gate);
}

/** Lets through what comes, until this side has closed: the link below may be told of that later. */
class Gate implements LinkSink {
  #sink: LinkSink | undefined;

  constructor(sink: LinkSink) {
    this.#sink = sink;
  }

  data(chunk: Uint8Array): void {
    this.#sink?.data(chunk);
  }

  ended(kind: EndKind, detail?: string): void {
    this.#sink?.ended(kind, detail);
  }

  shut(): void {
    if (this.#sink) links -= 1;
    this.#sink = undefined;
  }
}

class GatheredLink implements Link {
  readonly #link: Link;
  readonly #gate: Gate;
  #waiting = 0;

  constructor(link: Link, gate: Gate) {
    this.#link = link;
    this.#gate = gate;
  }

  get queued(): number {
    return this.#waiting + this.#link.queued;
  }

  write(bytes: Uint8Array): void {
    this.#waiting += bytes.length;
    leave(() => {
      this.#waiting -= bytes.length;
      this.#link.write(bytes);
    });
  }

  end(): void {
    leave(() => this.#link.end());
  }

  close(): void {
    this.#gate.shut();
    leave(() => this.#link.close());
  }

  reset(): void {
    this.#gate.shut();
    flush();
    this.#link.reset();
  }

  pause(): void {
    this.#link.pause();
  }

  resume(): void {
    this.#link.resume();
  }
}

function isGathering(): boolean {
  return links >= FEWEST || waiting.length > 0;
}

function leave(act: () => void): void {
  if (!isGathering()) {
    act();
    return;
  }
  waiting.push(act);
  if (waiting.length >= MOST) flush();
  if (looking) return;
  looking = true;
  setImmediate(look);
}

function look(): void {
  if (waiting.length > before) {
    before = waiting.length;
    setImmediate(look);
    return;
  }
  looking = false;
  flush();
}

function flush(): void {
  const acts = waiting;
  waiting = [];
  before = 0;
  for (const act of acts) act();
}
