import type { Paint } from '../report/paint.ts';
import type { Held } from './hold.ts';

/** One table over several runs, a line each, and a line for all. */
export function summaryTable(
  runs: readonly Pick<Held, 'summary' | 'exit' | 'folder'>[],
  paint: Paint,
): string {
  const rows = runs.map(({ summary, exit, folder }) => {
    const { run, counts, ledger } = figures(summary);
    return {
      exit,
      cells: [
        run,
        String(counts.all),
        String(counts.pass),
        String(counts.bad),
        String(counts.skip),
        ledger,
        `${Math.round(counts.ms)} ms`,
        folder,
      ],
    };
  });
  const heads = ['', 'cases', 'passed', 'failed', 'skipped', 'requirements held', 'time', 'reports'];
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map(({ cells }) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 || column === 7 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const good = rows.every(({ exit }) => exit === 0);
  const total = runs.reduce((sum, one) => sum + figures(one.summary).counts.all, 0);
  const last = good
    ? paint.good(`Everything held: ${total} cases in ${runs.length} runs.`)
    : paint.bad(
        `Not everything held: ${rows.filter(({ exit }) => exit !== 0).length} of ${runs.length} runs failed.`,
      );
  return [
    paint.strong(`  ${line(heads)}`),
    ...rows.map(({ exit, cells }) => `${exit === 0 ? paint.good('✓') : paint.bad('✗')} ${line(cells)}`),
    '',
    last,
    '',
  ].join('\n');
}

function figures(summary: Held['summary']): {
  run: string;
  ledger: string;
  counts: { all: number; pass: number; bad: number; skip: number; ms: number };
} {
  const by = (verdict: string): number => summary.cases.filter((one) => one.outcome === verdict).length;
  const testable = summary.requirements.filter((one) => one.status !== 'untestable');
  const held = testable.filter((one) => one.status === 'held').length;
  return {
    run: `${summary.run.protocol.name} ${summary.run.role}`,
    ledger: `${held} of ${testable.length}`,
    counts: {
      all: summary.cases.length,
      pass: by('pass'),
      bad: by('fail') + by('error'),
      skip: by('skip'),
      ms: summary.run.ms,
    },
  };
}
