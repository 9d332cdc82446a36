import type { Protocol } from '../protocol/definition.ts';
import type { SendMove } from './plan.ts';

/**
 * True if a packet is one that a well-behaved peer would send: nothing is mutated, and where it says who
 * the peer is, it says so truly. What the protocol's rules say of contents is only meant for such.
 */
export function isOrdinary(protocol: Protocol, { peer, fields, mutations }: SendMove): boolean {
  if (mutations.length > 0) return false;
  if (fields === null || typeof fields !== 'object') return true;
  return [...protocol.identity].every(([name, { per }]) => {
    const value = (fields as Readonly<Record<string, unknown>>)[name];
    const own = value === undefined || value === `\${${peer}.${name}}` || value === `\${${peer}.name}`;
    return per !== 'peer' || own;
  });
}
