import type { Meter } from '../net/meter.ts';
import type { Stimuli } from '../session/world.ts';

/**
 * A stimulus that clients in spar's own process have beside those of the protocol: it is rejected unless the
 * client has heard all that it was sent, has nothing left to do but to listen, and all that it said has come.
 */
export const rest = 'rest';

/** What has crossed the end of spar. */
export interface Crossed extends Readonly<Pick<Meter, 'links' | 'written' | 'read'>> {
  /** The connection is gone: of a client that has ended too, nothing is waited for. */
  readonly over: boolean;
}

/** True if a client will say no more by itself; `over` where its connection is gone. */
export async function isAtRest(
  stimuli: Stimuli,
  peer: string,
  meter: Meter,
  over: boolean,
): Promise<boolean> {
  const { links, written, read } = meter;
  try {
    await stimuli.run(peer, rest, { links, written, read, over } satisfies Crossed);
    return true;
  } catch {
    return false;
  }
}
