import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../events/event.ts';
import { badge } from './badge.ts';
import { summarise } from './summary.ts';

const file = fileURLToPath(new URL('../../fixtures/events/all-pass.ndjson', import.meta.url));
const events = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RunEvent);

interface Read {
  readonly title: string;
  readonly fill: string;
}

/** The badge of the run whose events were changed, as a parser of XML reads it. */
function read(change: (event: RunEvent) => RunEvent | undefined): Read {
  const svg = badge(summarise(events.flatMap((event) => change(event) ?? [])));
  expect(XMLValidator.validate(svg)).toBe(true);
  const root = new XMLParser({ ignoreAttributes: false, htmlEntities: true }).parse(svg).svg;
  expect(root['@_aria-labelledby'].split(' ')).toEqual([root.title['@_id'], root.desc['@_id']]);
  return { title: root.title['#text'], fill: root.rect[1]['@_fill'] };
}

function ended(exit: number): (event: RunEvent) => RunEvent {
  return (event) => (event.event === 'run-finished' ? { ...event, exit } : event);
}

describe('the badge', () => {
  it('is green where all holds, red where something is broken, grey where there is no verdict', () => {
    const good = read((event) => event);
    const bad = read(ended(1));
    const unreached = read(ended(3));
    const cutOff = read((event) => (event.event === 'run-finished' ? undefined : event));
    expect(new Set([good.fill, bad.fill, unreached.fill]).size).toBe(3);
    expect(cutOff).toMatchObject({ fill: unreached.fill, title: expect.stringContaining('no verdict') });
  });

  it('is amber where something only warns', () => {
    const [one] = events.flatMap((event) => (event.event === 'case-finished' ? [event.case] : []));
    const proves = events.flatMap((event) =>
      event.event === 'run-started' ? (event.cases.find(({ id }) => id === one)?.proves ?? []) : [],
    );
    const { fill, title } = read((event) => {
      if (event.event === 'run-started') {
        return { ...event, requirements: event.requirements.map((each) => ({ ...each, warn: true })) };
      }
      if (event.event !== 'case-finished' || event.case !== one) return event;
      const failure = { cause: 'mismatch', message: 'another', requirements: proves } as const;
      return { ...event, verdict: 'warn', failures: [failure] };
    });
    expect([fill, read((event) => event).fill, read(ended(1)).fill]).toEqual([
      ...new Set([fill, read((event) => event).fill, read(ended(1)).fill]),
    ]);
    expect(title).not.toContain('100 %');
  });

  it('is well-formed whatever the protocol is called, and never as wide as a long name', () => {
    const name = `<script>alert(1)</script>]]>&"'\u202e\0${'界'.repeat(5000)}`;
    const { title } = read((event) =>
      event.event === 'run-started' ? { ...event, protocol: { ...event.protocol, name } } : event,
    );
    expect(title).toContain('<script>alert(1)</script>');
    expect(title.length).toBeLessThan(200);
  });
});
