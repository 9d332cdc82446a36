import { describe, expect, it } from 'vitest';
import { loadSuite, type RunEvent, runSuite, SparError, summarise } from './index.ts';

async function collect(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('the programme interface', () => {
  it('holds a suite with the bundled reference and yields its events', async () => {
    const suite = await loadSuite('cpt');
    const events = await collect(runSuite({ suite, filters: ['*/send/*'] }));
    expect(events[0]?.event).toBe('run-started');
    expect(events.at(-1)).toMatchObject({ event: 'run-finished', exit: 0 });
    const summary = summarise(events);
    expect(summary.cases.length).toBeGreaterThan(3);
    expect(summary.cases.every((one) => one.outcome === 'pass')).toBe(true);
  });

  it('ends early when the loop is left, and leaves nothing running', async () => {
    const suite = await loadSuite('cpt');
    const seen: string[] = [];
    for await (const event of runSuite({ suite })) {
      seen.push(event.event);
      if (event.event === 'case-finished') break;
    }
    expect(seen).toContain('case-finished');
    expect(seen).not.toContain('run-finished');
  });

  it('tells where a target cannot be reached', async () => {
    const suite = await loadSuite('cpt');
    await expect(collect(runSuite({ suite, target: 'tcp://127.0.0.1:1' }))).rejects.toBeInstanceOf(SparError);
  });
});
