import { readSource } from '../problem/source.ts';
import type { Protocol } from './definition.ts';
import { loadProtocol } from './load.ts';

/** A protocol out of plain data; what it does not say of itself is a line protocol over TCP. */
export function protocolOf(
  data: Readonly<Record<string, unknown>>,
  dialects: Readonly<Record<string, string>> = {},
): Protocol {
  const file = { protocol: 'toy', title: 'A toy', transport: 'tcp', framing: 'lf', ...data };
  return loadProtocol(readSource('protocol.yaml', JSON.stringify(file, null, 1)), dialects);
}
