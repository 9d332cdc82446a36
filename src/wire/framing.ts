import type { Problem } from '../problem/problem.ts';

/** One message as it lay on the wire. */
export interface Frame {
  /** What the framing carries, without terminator, length or header. */
  readonly payload: Uint8Array;
  /** All octets of the frame as they came. */
  readonly raw: Uint8Array;
  /** What was odd but understood, e.g. `bare-lf`: the names of rules' `on:` subjects. */
  readonly notes: readonly string[];
}

/** The three outcomes of a reader: a frame, more octets needed, or the peer broke the framing. */
export type Read =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'need' }
  | { readonly kind: 'breach'; readonly problem: Problem };

/** Reads frames out of a stream of octets. A breach is final: every later read gives it again. */
export interface FrameReader {
  /** Adds octets as they came from the link. The chunk is not modified and may be kept. */
  push(chunk: Uint8Array): void;
  /** The next outcome. Call until it is not a frame. */
  next(): Read;
  /** Octets of an unfinished frame (at the end of the stream they are what was cut off). */
  pending(): number;
}

/** What a reader accepts at the most. */
export interface FrameLimits {
  /** Octets of one frame. */
  readonly frame: number;
}

/** How messages are told apart on a stream. Pure: no IO. */
export interface Framing {
  readonly name: string;
  /** Octets that carry one payload. */
  encode(payload: Uint8Array): Uint8Array;
  reader(limits: FrameLimits): FrameReader;
}
