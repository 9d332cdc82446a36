import { ansi, plain } from '../report/paint.ts';

/** Colours where a terminal shows them and nobody has asked for none. */
export function paint(): typeof plain {
  return process.stdout.isTTY && !process.env['NO_COLOR'] ? ansi : plain;
}
