import type { Filled } from '../match/interpolate.ts';
import type { Pattern } from '../match/pattern.ts';

/** What every step knows of itself. */
interface StepBase {
  /** As its author wrote it, on one line. */
  readonly text: string;
  readonly line: number;
  readonly file: string;
  /** The requirements blamed when it does not hold, where they are not those of the case. */
  readonly proves?: readonly string[];
  /** Milliseconds that it may take, where not the usual deadline. */
  readonly within?: Filled;
}

/** How the target may end a connection. */
export type EndWish = 'any' | 'fin' | 'reset';

/** Octets that are written as they are. */
export interface Bytes {
  readonly pieces: readonly Piece[];
  /** Offsets at which the octets are cut into writes of their own. */
  readonly cuts: readonly number[];
}

export type Piece =
  | { readonly kind: 'raw'; readonly text: Filled }
  | { readonly kind: 'hex'; readonly bytes: Uint8Array }
  | { readonly kind: 'message'; readonly payload: Filled }
  | { readonly kind: 'payload'; readonly text: Filled };

/** One way on: a message, or the end of the connection, and what follows. */
export interface Option {
  /** As its author wrote it. */
  readonly text: string;
  readonly pattern?: Pattern;
  readonly closed?: EndWish;
  readonly steps: readonly Step[];
  /** Written into the report when this way was taken. */
  readonly note?: string;
}

/** What happens in a step. Names of peers may be aliases of a preamble. */
export type Action =
  | {
      readonly do: 'connect';
      readonly peer: string;
      readonly options: Readonly<Record<string, unknown>>;
      /** There need not be a connection; if there is, these follow. */
      readonly steps?: readonly Step[];
    }
  | { readonly do: 'send'; readonly peer: string; readonly payload: Filled; readonly wrong: boolean }
  | { readonly do: 'send-bytes'; readonly peer: string; readonly bytes: Bytes }
  | { readonly do: 'expect'; readonly peer: string; readonly pattern: Pattern; readonly maybe: boolean }
  | { readonly do: 'either'; readonly peer: string; readonly options: readonly Option[] }
  | { readonly do: 'any-order'; readonly peer: string; readonly patterns: readonly Pattern[] }
  | {
      readonly do: 'collect';
      readonly peer: string;
      readonly each: Pattern;
      readonly until: Pattern;
      readonly as?: string;
    }
  | { readonly do: 'silence'; readonly peer: string }
  | { readonly do: 'hears-no'; readonly peer: string; readonly patterns: readonly Pattern[] }
  | { readonly do: 'never'; readonly peer: string; readonly patterns: readonly Pattern[] }
  | { readonly do: 'connected'; readonly peer: string }
  /** Until its requests are answered, whatever the answers; or a quiet time. Nothing fails. */
  | { readonly do: 'rest'; readonly peer: string }
  | { readonly do: 'closed'; readonly peer: string; readonly how: EndWish }
  | { readonly do: 'close' | 'half-close' | 'reset' | 'deaf'; readonly peer: string }
  | { readonly do: 'not-automatic'; readonly peer: string; readonly messages: readonly string[] }
  | {
      readonly do: 'given';
      readonly peer: string;
      readonly preamble: string;
      readonly with: Readonly<Record<string, Filled>>;
    }
  | { readonly do: 'crowd'; readonly peers: readonly string[]; readonly steps: readonly Step[] }
  | { readonly do: 'together'; readonly steps: readonly Step[] }
  | { readonly do: 'repeat'; readonly times: Filled; readonly as: string; readonly steps: readonly Step[] }
  | { readonly do: 'each'; readonly in: Filled; readonly as: string; readonly steps: readonly Step[] }
  | {
      readonly do: 'until';
      readonly that: Filled;
      readonly is: Pattern;
      readonly steps: readonly Step[];
      readonly pause: number;
    }
  | { readonly do: 'that'; readonly that: Filled; readonly is: Pattern }
  | { readonly do: 'set'; readonly values: readonly (readonly [string, Filled])[] }
  | { readonly do: 'wait'; readonly ms: Filled }
  | { readonly do: 'note'; readonly note: Filled }
  | { readonly do: 'stimulate'; readonly peer: string; readonly stimulus: string; readonly with: Filled }
  | {
      readonly do: 'shows';
      readonly peer: string;
      readonly pattern: Pattern;
      readonly never: boolean;
      /** What is to be read from the output: the pattern is for its parts, not for all that is shown. */
      readonly kind?: string;
    };

export type Step = StepBase & Action;
