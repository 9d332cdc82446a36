import type { AddressInfo, Server } from 'node:net';
import { systemClock } from '../net/system-clock.ts';
import { addressTarget } from '../run/live-target.ts';
import { Campaign } from './campaign.ts';
import type { CampaignOptions, CampaignResult } from './campaign-options.ts';
import { oracles } from './finding.ts';
import { fuzzLimits } from './fuzz-limits.ts';
import type { FuzzTarget } from './fuzz-target.ts';

/** What every campaign of a test must be told, and what it may be told. */
export type CampaignWishes = Pick<CampaignOptions, 'suite' | 'model' | 'target' | 'until'> &
  Partial<CampaignOptions>;

/** A campaign in one process, one conversation at a time, with the limits of `spar fuzz`. */
export function campaignOf(wishes: CampaignWishes): Promise<CampaignResult> {
  return new Campaign({
    clock: systemClock,
    seed: 1,
    facts: {},
    limits: fuzzLimits,
    jobs: 1,
    fresh: false,
    oracles: new Set(oracles),
    budget: 0,
    confirm: 2,
    hang: 10_000,
    corpus: [],
    tell: () => undefined,
    ...wishes,
  }).run();
}

/** Listens on a free port while something is done with the server as a target. */
export async function whileServing<T>(made: Server, act: (target: FuzzTarget) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const { port } = made.address() as AddressInfo;
  const address = { kind: 'tcp', host: '127.0.0.1', port } as const;
  try {
    return await act({ target: addressTarget(address, { segment: 'as-is', random: Math.random }) });
  } finally {
    made.close();
  }
}
