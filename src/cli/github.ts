import { randomUUID } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { annotations, withoutCommands } from '../report/annotations.ts';
import type { Summary } from '../report/summary.ts';

/** A report for the log of a job of GitHub: fenced from what a target said, and with marks on suite files. */
export function forGitHub(report: string, summary: Summary): string {
  const marks = annotations(summary, repositoryPath);
  return `${withoutCommands(report, randomUUID())}${marks.map((mark) => `${mark}\n`).join('')}`;
}

/** A path as the repository of a job has it; without a job, as this folder has it. */
export function repositoryPath(file: string): string {
  const root = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
  return relative(root, resolve(file)).replaceAll('\\', '/');
}
