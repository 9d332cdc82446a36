import type { Status } from './ledger.ts';
import type { SectionSummary } from './summary.ts';

/** The columns of the table of sections, and what is counted in each. */
const columns: readonly { readonly name: string; readonly counts: readonly Status[] }[] = [
  { name: 'held', counts: ['held'] },
  { name: 'broken', counts: ['broken'] },
  { name: 'warned', counts: ['warned'] },
  { name: 'skipped', counts: ['skipped'] },
  { name: 'open', counts: ['unproven', 'not-run', 'missing'] },
  { name: 'not testable', counts: ['untestable'] },
];

/** The table of sections: its heads and rows. Columns in which nothing stands are left out. */
export interface SectionTable {
  readonly heads: readonly string[];
  readonly rows: readonly {
    readonly section: string;
    readonly state: State;
    readonly cells: readonly number[];
  }[];
}

type State = 'good' | 'bad' | 'odd' | 'open';

/** More headings than these are joined under their first part (`Commands / SEND` under `Commands`). */
const mostRows = 14;

/** How the requirements stand in each section of the document. */
export function sectionTable(sections: readonly SectionSummary[]): SectionTable {
  const rows = sections.length > mostRows ? joined(sections) : sections;
  const used = columns.filter(
    ({ name, counts }) => name === 'held' || rows.some((row) => sum(row, counts) > 0),
  );
  return {
    heads: used.map(({ name }) => name),
    rows: rows.map((row) => ({
      section: row.section,
      state: stateOf(row),
      cells: used.map(({ counts }) => sum(row, counts)),
    })),
  };
}

function stateOf(row: SectionSummary): State {
  if (row.broken > 0) return 'bad';
  if (row.warned > 0) return 'odd';
  return row.held > 0 && row.unproven + row.missing + row['not-run'] === 0 ? 'good' : 'open';
}

function sum(row: SectionSummary, counts: readonly Status[]): number {
  return counts.reduce((total, status) => total + row[status], 0);
}

function joined(sections: readonly SectionSummary[]): SectionSummary[] {
  const rows = new Map<string, SectionSummary>();
  for (const section of sections) {
    const name = section.section.split(' / ')[0] ?? section.section;
    const row = rows.get(name);
    rows.set(name, row ? added(row, section) : { ...section, section: name });
  }
  return [...rows.values()];
}

function added(a: SectionSummary, b: SectionSummary): SectionSummary {
  const statuses = columns.flatMap(({ counts }) => counts);
  const sums = Object.fromEntries(statuses.map((status) => [status, a[status] + b[status]]));
  return { ...a, ...sums };
}
