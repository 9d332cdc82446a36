import { join } from 'node:path';
import { appendText, writeAtomic } from '../net/disk.ts';
import { type Problem, SparError } from '../problem/problem.ts';
import { renderProblem } from '../problem/render.ts';
import { compareRuns } from '../report/compare/compare.ts';
import { comparisonFormats } from '../report/compare/formats.ts';
import type { LaidRun } from '../report/compare/laid-run.ts';
import { laidSpar } from '../report/compare/of-spar.ts';
import { shown } from './folders.ts';
import { labelled } from './labelled.ts';
import type { RunOptions } from './run-options.ts';
import { tellComparison } from './tell-comparison.ts';
import { mustNameProtocol, told, watched } from './tell-run.ts';

/**
 * Holds one suite with several targets, one after another, and lays the runs side by side. The result is
 * the worst exit code. A target that cannot be reached is told, and the others are held.
 */
export async function tellTargets(targets: readonly RunOptions[]): Promise<number> {
  const exits: number[] = [];
  const runs: LaidRun[] = [];
  let folder = '';
  for (const options of targets) {
    try {
      await mustNameProtocol(options);
      const held = await watched(options);
      process.stdout.write(`${told(held)}Reports: ${shown(held.folder)}\n\n`);
      tellProblems(held.problems);
      exits.push(held.exit);
      runs.push(laidSpar(held.summary, shown(held.folder), options.targetName));
      folder = `${held.folder}-compared`;
      if (held.summary.run.stopped === 'interrupted') break;
    } catch (error) {
      if (!(error instanceof SparError) || error.exit !== 3) throw error;
      tellProblems(error.problems);
      exits.push(error.exit);
    }
  }
  if (runs.length > 1) exits.push(await tellCompared(labelled(runs), folder));
  return Math.max(...exits);
}

async function tellCompared(runs: readonly LaidRun[], folder: string): Promise<number> {
  const comparison = compareRuns(runs, 0);
  process.stdout.write(await tellComparison(comparison, 'terminal', false));
  for (const { extension, render } of Object.values(comparisonFormats)) {
    await writeAtomic(join(folder, `compare.${extension}`), await render(comparison));
  }
  const step = process.env['GITHUB_STEP_SUMMARY'];
  if (step) await appendText(step, await comparisonFormats.markdown.render(comparison));
  process.stdout.write(`Comparison: ${shown(folder)}\n`);
  return comparison.exit;
}

function tellProblems(problems: readonly Problem[]): void {
  for (const problem of problems) process.stderr.write(`${renderProblem(problem)}\n`);
}
