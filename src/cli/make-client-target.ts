import { SparError } from '../problem/problem.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { TellTarget } from '../run/live-target.ts';
import type { LiveTarget } from './make-target.ts';
import type { RunOptions } from './run-options.ts';

/** Makes clients under test connect to spar. */
export async function clientTarget(
  protocol: Protocol,
  _options: RunOptions,
  _seed: number,
  _tell: TellTarget,
): Promise<LiveTarget> {
  throw new SparError({ fault: 'user', what: `clients of ${protocol.name} cannot be tested yet` });
}
