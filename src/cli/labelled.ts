import type { LaidRun } from '../report/compare/laid-run.ts';

/** Runs of one target are told apart by their time, or at last by a number. */
export function labelled(runs: readonly LaidRun[]): LaidRun[] {
  const seconds = (time: string): string => time.slice(0, 19).replace('T', ' ');
  const timed = told(runs, (run) =>
    run.time === undefined ? run.label : `${run.label}, ${seconds(run.time)}`,
  );
  return told(timed, (run, index) => `${run.label} (${index + 1})`);
}

function told(runs: readonly LaidRun[], relabel: (run: LaidRun, index: number) => string): LaidRun[] {
  return runs.map((run, index) => {
    const twice = runs.some((other, at) => at !== index && other.label === run.label);
    return twice ? { ...run, label: relabel(run, index) } : run;
  });
}
