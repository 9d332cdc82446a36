import type { CaseSummary } from './case-summary.ts';
import type { Summary } from './summary.ts';
import { few, many } from './words.ts';

/** One line: which cases fail that did not in the run before, and which do not any more. */
export function verdictChanges(before: Summary, after: Summary): string {
  const failed = new Set(before.cases.filter(fails).map(({ id }) => id));
  const failing = new Set(after.cases.filter(fails).map(({ id }) => id));
  const held = new Set(after.cases.filter(({ outcome }) => outcome === 'pass').map(({ id }) => id));
  const broken = [...failing].filter((id) => !failed.has(id));
  const mended = [...failed].filter((id) => held.has(id));
  const words = [
    ...(broken.length > 0 ? [`${many(broken.length, 'case')} newly failing (${few(broken)})`] : []),
    ...(mended.length > 0 ? [`${many(mended.length, 'case')} fixed (${few(mended)})`] : []),
  ];
  return `Since the run before: ${words.join(', ') || 'no verdict changed'}.`;
}

function fails({ outcome }: CaseSummary): boolean {
  return outcome === 'fail' || outcome === 'error';
}
