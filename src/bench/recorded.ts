import type { Address } from '../net/address.ts';
import { systemClock } from '../net/system-clock.ts';
import { addressTarget, type Wiring } from '../run/live-target.ts';
import { plainPlan } from '../run/plan.ts';
import { Run } from '../run/run-suite.ts';
import type { Stage, Target } from '../run/target.ts';
import type { Clock } from '../session/clock.ts';
import type { Link, LinkSink } from '../session/link.ts';
import type { Case } from '../suite/case.ts';
import type { Suite } from '../suite/load-suite.ts';

/** What one peer of a case does on its socket, in order. */
export type Operation =
  | { readonly do: 'open'; readonly peer: number }
  | { readonly do: 'send'; readonly peer: number; readonly bytes: Uint8Array }
  /** Wait until so many octets have come in all. */
  | { readonly do: 'receive'; readonly peer: number; readonly octets: number }
  | { readonly do: 'close' | 'reset' | 'end'; readonly peer: number };

/** Holds each case so often, one after the other, and writes down what crosses each of its sockets, a list for each time. */
export async function record(
  suite: Suite,
  cases: readonly Case[],
  address: Address,
  wiring: Wiring,
  facts: Readonly<Record<string, unknown>>,
  repeat: number,
): Promise<{ readonly conversations: Operation[][]; readonly waited: boolean }> {
  const conversations: Operation[][] = [];
  let waited = false;
  const clock: Clock = {
    ...systemClock,
    after: (ms, act) =>
      systemClock.after(ms, () => {
        waited = true;
        act();
      }),
  };
  const target = addressTarget(address, wiring);
  const stage = (): Stage => {
    const operations: Operation[] = [];
    conversations.push(operations);
    return { open: recording(target, operations).open, end: async () => undefined };
  };
  await runCases(suite, cases, { ...target, stage }, facts, repeat, 1, clock);
  return { conversations, waited };
}

/** Holds cases with a target; the milliseconds that it took. */
export async function runCases(
  suite: Suite,
  cases: readonly Case[],
  target: Target,
  facts: Readonly<Record<string, unknown>>,
  repeat: number,
  jobs: number,
  clock: Clock = systemClock,
): Promise<{ readonly ms: number; readonly failed: readonly string[] }> {
  const failed: string[] = [];
  const run = new Run(
    plainPlan({
      suite,
      cases,
      role: 'server',
      target,
      clock,
      stamp: `${Math.random()}`,
      facts,
      jobs,
      repeat,
    }),
    (event) => {
      if (event.event === 'case-finished' && event.verdict !== 'pass')
        failed.push(`${event.case}: ${event.failures[0]?.message ?? event.verdict}`);
    },
  );
  const began = performance.now();
  await run.hold();
  return { ms: performance.now() - began, failed };
}

/** A target that writes down what crosses the sockets of its peers. */
export function recording(target: Target, operations: Operation[]): Target {
  let peers = 0;
  return {
    ...target,
    open: async (peer, options, sink) => {
      const number = peers;
      peers += 1;
      operations.push({ do: 'open', peer: number });
      let octets = 0;
      const noted: LinkSink = {
        data: (chunk) => {
          octets += chunk.length;
          const last = operations.at(-1);
          if (last?.do === 'receive' && last.peer === number) operations.pop();
          operations.push({ do: 'receive', peer: number, octets });
          sink.data(chunk);
        },
        ended: (kind, detail) => sink.ended(kind, detail),
      };
      return notingLink(await target.open(peer, options, noted), number, operations);
    },
  };
}

function notingLink(link: Link, peer: number, operations: Operation[]): Link {
  return {
    write: (bytes) => {
      operations.push({ do: 'send', peer, bytes: bytes.slice() });
      link.write(bytes);
    },
    end: () => {
      operations.push({ do: 'end', peer });
      link.end();
    },
    close: () => {
      operations.push({ do: 'close', peer });
      link.close();
    },
    reset: () => {
      operations.push({ do: 'reset', peer });
      link.reset();
    },
    pause: () => link.pause(),
    resume: () => link.resume(),
    get queued() {
      return link.queued;
    },
  };
}
