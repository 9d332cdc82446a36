import { contentLength } from './content-length.ts';
import type { Framing } from './framing.ts';
import { jsonStream } from './json-stream.ts';
import { lengthPrefix } from './length-prefix.ts';
import type { LineAccept, LineEnding } from './lines.ts';
import { lines } from './lines.ts';
import { message } from './message.ts';
import { nul } from './nul.ts';

/** The names of all framings. */
export const FRAMING_NAMES = [
  'lf',
  'crlf',
  'cr',
  'nul',
  'len16be',
  'len16le',
  'len32be',
  'len32le',
  'json-stream',
  'message',
  'content-length',
] as const;

/** A framing that needs no more than its name. */
type FramingName = (typeof FRAMING_NAMES)[number];

const FRAMINGS: Readonly<Record<FramingName, Framing>> = {
  lf: lines('lf'),
  crlf: lines('crlf'),
  cr: lines('cr'),
  nul,
  len16be: lengthPrefix('len16be'),
  len16le: lengthPrefix('len16le'),
  len32be: lengthPrefix('len32be'),
  len32le: lengthPrefix('len32le'),
  'json-stream': jsonStream,
  message,
  'content-length': contentLength,
};

/** Lines: the end that we write, and which ends we read (see `LineAccept` for what stands if absent). */
interface LineFraming {
  readonly lines: LineEnding;
  readonly accept?: LineAccept;
}

/** The framing as a protocol file says it. */
export type FramingSpec = FramingName | LineFraming;

/** The framing that a protocol file asks for. */
export function framingOf(spec: FramingSpec): Framing {
  return typeof spec === 'string' ? FRAMINGS[spec] : lines(spec.lines, spec.accept);
}
