import { randomUUID } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { annotations, withoutCommands } from '../report/annotations.ts';
import type { Summary } from '../report/summary.ts';

/** A report for the log of a job of GitHub: fenced from what a target said, and with marks on suite files. */
export function forGitHub(report: string, summary: Summary): string {
  const root = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
  const marks = annotations(summary, (file) => relative(root, resolve(file)).replaceAll('\\', '/'));
  return `${withoutCommands(report, randomUUID())}${marks.map((mark) => `${mark}\n`).join('')}`;
}
