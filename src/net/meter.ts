import type { EndKind, Link, LinkSink } from '../session/link.ts';

/** What has crossed one end of some links. */
export interface Crossed {
  readonly links: number;
  /** Octets that were written, and that came. */
  readonly written: number;
  readonly read: number;
  /** The last link is gone: what was on its way may be lost. */
  readonly over: boolean;
}

/** Counts what crosses one end of some links, from when they are given to it. */
export class Meter {
  links = 0;
  /** Octets that were written. */
  written = 0;
  /** Octets that came. */
  read = 0;
  /** Links whose end was heard. */
  ends = 0;

  /** The link, which counts from now on. */
  link(link: Link): Link {
    this.links += 1;
    return new MeteredLink(link, this);
  }

  /** What has crossed until now. */
  crossed(over: boolean): Crossed {
    return { links: this.links, written: this.written, read: this.read, over };
  }

  /** The sink, which counts from now on. */
  sink(sink: LinkSink): LinkSink {
    return {
      data: (chunk: Uint8Array): void => {
        this.read += chunk.length;
        sink.data(chunk);
      },
      ended: (kind: EndKind, detail?: string): void => {
        this.ends += 1;
        sink.ended(kind, detail);
      },
    };
  }
}

class MeteredLink implements Link {
  readonly #link: Link;
  readonly #meter: Meter;

  constructor(link: Link, meter: Meter) {
    this.#link = link;
    this.#meter = meter;
  }

  get queued(): number {
    return this.#link.queued;
  }

  write(bytes: Uint8Array): void {
    this.#meter.written += bytes.length;
    this.#link.write(bytes);
  }

  end(): void {
    this.#link.end();
  }

  close(): void {
    this.#link.close();
  }

  reset(): void {
    this.#link.reset();
  }

  pause(): void {
    this.#link.pause();
  }

  resume(): void {
    this.#link.resume();
  }
}
