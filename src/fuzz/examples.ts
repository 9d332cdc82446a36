import fc from 'fast-check';
import type { MessageDefinition, Protocol } from '../protocol/definition.ts';
import type { TemplatePart } from '../wire/line-template.ts';
import { schemaArbitrary } from './schema-arbitrary.ts';
import { isValid } from './valid-fields.ts';

/** Fields of valid packets of a message that no conversation of the suite sends: its own example, or what is plainest. */
export function examplesOf(protocol: Protocol, definition: MessageDefinition): readonly unknown[] {
  const { example, lines } = definition;
  if (example !== undefined) return Array.isArray(example) ? example : [example];
  if (protocol.payload === 'json') return [plainest(protocol, definition)];
  const [template = []] = lines;
  return [
    Object.fromEntries(
      template.flatMap((part) => (part.kind === 'place' ? [[part.name, placeSample(protocol, part)]] : [])),
    ),
  ];
}

function placeSample(
  protocol: Protocol,
  { name, span }: Extract<TemplatePart, { kind: 'place' }>,
): string | string[] {
  const own = ownName(protocol, name);
  if (own !== undefined) return own;
  return span === 'tokens' || span === 'some-tokens' ? ['1'] : '1';
}

/** The reference to what a peer, or a case, is called by. */
function ownName(protocol: Protocol, name: string): string | undefined {
  const identity = protocol.identity.get(name);
  return identity && (identity.per === 'peer' ? `\${self.${name}}` : `\${${name}}`);
}

/** Values that a schema is asked for, of which the shortest that is valid is taken. */
const drawn = 100;

/** The shortest valid value: what the message is told by, and what its schema requires. */
function plainest(protocol: Protocol, definition: MessageDefinition): unknown {
  const told = toldBy(protocol, definition);
  const made = fc.sample(schemaArbitrary(definition.schema ?? {}), { seed: 1, numRuns: drawn });
  const valid = [{}, ...made]
    .filter((one): one is object => one !== null && typeof one === 'object' && !Array.isArray(one))
    .map((one): Record<string, unknown> => ({ ...one, ...told }))
    .filter((one) => isValid(protocol, definition, one))
    .sort((a, b) => JSON.stringify(a).length - JSON.stringify(b).length);
  const [shortest = told] = valid;
  const named = Object.fromEntries(
    Object.entries(shortest).map(([key, value]) => [
      key,
      typeof value === 'string' && !(key in told) ? (ownName(protocol, key) ?? value) : value,
    ]),
  );
  return isValid(protocol, definition, named) ? named : shortest;
}

/** The members that a message is told by, where its pattern has them as they are. */
function toldBy(protocol: Protocol, { name }: MessageDefinition): Readonly<Record<string, unknown>> {
  const { messages } = protocol.source.value as { messages: Record<string, { match?: unknown } | undefined> };
  const match = messages[name]?.match;
  if (match === null || typeof match !== 'object') return {};
  return Object.fromEntries(
    Object.entries(match).filter(([, value]) => value !== null && typeof value !== 'object'),
  );
}
