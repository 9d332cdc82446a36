import type { Role } from '../events/verdict.ts';
import type { Protocol } from '../protocol/definition.ts';
import { identifyLine, identifyObject, type Message } from '../protocol/message.ts';

/** A blank at the end of a line, which some targets take for a part of it. */
export const trailingBlank = 'trailing-blank';
/** JSON that is deeper than spar reads, which is JSON nevertheless. */
const tooDeep = 'too-deep';

/** True if a message that is not valid may be so to a target that is well. */
export function mayBeTaken(protocol: Protocol, from: Role, message: Message): boolean {
  return (
    message.oddities.some((one) => one === trailingBlank || one === tooDeep) ||
    mayBeToken(protocol, from, message) ||
    hasOddId(protocol, from, message)
  );
}

/** What a template takes for white space beside the blank, and a target that parts words at blanks for letters. */
const oddBlanks = /[\t\v\f]/g;

/** True if a line is only no message of the definition for what it has within its words. */
function mayBeToken(protocol: Protocol, from: Role, { payload }: Message): boolean {
  if (typeof payload !== 'string') return false;
  const plain = payload.replace(oddBlanks, '_');
  return plain !== payload && identifyLine(protocol, from, plain, () => true) !== undefined;
}

/** True if nothing is odd of a message but its id, which is the asker's own and only handed back. */
function hasOddId(protocol: Protocol, from: Role, { payload }: Message): boolean {
  const { correlate } = protocol;
  if (correlate === undefined || payload === null || typeof payload !== 'object') return false;
  if (!Object.hasOwn(payload, correlate)) return false;
  const mended = { ...payload, [correlate]: 1 };
  const definition = identifyObject(protocol, from, mended, () => true);
  return definition !== undefined && protocol.checkSchema(definition.name, mended).length === 0;
}

/** True if a message is one of the definition, and nothing of it is odd that the definition rules out. */
export function isValid({ definition, oddities }: Message): boolean {
  const isFault = (one: string): boolean =>
    one.startsWith('schema') ||
    one.startsWith('bad-') ||
    one.startsWith('duplicate') ||
    one === trailingBlank;
  return definition !== undefined && !oddities.some(isFault);
}
