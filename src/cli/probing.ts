import { systemClock } from '../net/system-clock.ts';
import { SparError } from '../problem/problem.ts';
import type { Protocol } from '../protocol/definition.ts';
import { loadProtocol } from '../protocol/load.ts';
import { findCarrier, type ProbeWorld, probe, type Seen, speaks } from '../run/probe.ts';
import type { Target } from '../run/target.ts';
import { loadSuite, type Suite } from '../suite/load-suite.ts';
import { readProtocolSource, readRequirements } from './folders.ts';

/** Milliseconds for an answer to a question of a probe. */
const patience = 1000;
/** The same for the questions before a run: what follows from them is asked for again, in patience. */
const impatience = 500;

/** What a probe needs to ask a live target. */
export function worldOf(
  folder: string,
  target: Target,
  facts: Readonly<Record<string, unknown>>,
  deadline: number = patience,
): ProbeWorld {
  return { clock: systemClock, facts, deadline, load: suitesOf(folder), target: () => target };
}

/** Reads the suite of a folder, without its cases, once for the same dialects. */
function suitesOf(folder: string): ProbeWorld['load'] {
  const files = Promise.all([readProtocolSource(folder), readRequirements(folder)]);
  const loaded = new Map<string, Promise<Suite>>();
  return (dialects) => {
    const key = JSON.stringify(dialects);
    const suite =
      loaded.get(key) ??
      files.then(([source, requirements]) => loadSuite(loadProtocol(source, dialects), requirements, []));
    loaded.set(key, suite);
    return suite;
  };
}

/** Finds the dialects of a live target. */
export async function probeTarget(
  folder: string,
  target: Target,
  facts: Readonly<Record<string, unknown>>,
  chosen: Readonly<Record<string, string>>,
): Promise<Seen[]> {
  return probe(worldOf(folder, target, facts), chosen);
}

/**
 * One question before a run: does the target answer in these dialects? Raises a SparError that names
 * the dialect in which it does, where it answers in another one.
 */
export async function mustSpeak(
  folder: string,
  suite: Suite,
  target: Target,
  facts: Readonly<Record<string, unknown>>,
  chosen: Readonly<Record<string, string>>,
): Promise<void> {
  const world = worldOf(folder, target, facts);
  const hasty = { ...world, deadline: impatience };
  const first = await speaks(hasty, chosen);
  if (first.holds || !['silent', 'hung', 'garbage', 'closed', 'reset'].includes(first.cause ?? '')) return;
  const found = await findCarrier(hasty, chosen);
  if (!found || (await speaks(world, chosen)).holds) return;
  const news = Object.entries(found).filter(([name, value]) => value !== suite.protocol.dialect[name]);
  throw new SparError(
    {
      fault: 'user',
      what: `${target.label} does not answer ${nameOf(suite.protocol)} as the definition has it, but it does with ${news.map(([name, value]) => `${name}=${value}`).join(', ')}`,
      mend: `Add ${news.map(([name, value]) => `--dialect ${name}=${value}`).join(' ')}, or --dialect auto to have all dialects found.`,
    },
    3,
  );
}

function nameOf(protocol: Protocol): string {
  return protocol.name;
}
