import type { Summary } from './summary.ts';
import { reasonWhy } from './summary.ts';
import { many } from './words.ts';

/**
 * The last line of a report: what the exit code means for this run. `exit` is what the program ends with, if
 * that is another code than the run's, since reports could not be written.
 */
export function exitWords(summary: Summary, exit: number | undefined = summary.run.exit): string {
  const { run } = summary;
  if (run.exit === undefined) return verdictWords(summary);
  const unwritten = exit === run.exit ? '' : ', but its reports could not be written';
  return `Exit ${exit}: ${meaning(summary, run.exit)}${unwritten}.${stopWords(summary)}`;
}

/** The same as a heading, without the exit code. */
export function verdictWords(summary: Summary): string {
  const { run } = summary;
  if (run.exit === undefined) return `No verdict: ${reasonWhy(run)}.`;
  const stopped = stopWords(summary);
  return `${capital(meaning(summary, run.exit))}${stopped === '' ? '' : `.${stopped}`}`;
}

function stopWords({ run }: Summary): string {
  return run.stopped ? ` ${capital(reasonWhy(run))}.` : '';
}

function meaning(summary: Summary, exit: number): string {
  switch (exit) {
    case 0:
      return goodMeaning(summary);
    case 1:
      return badMeaning(summary);
    case 2:
      return 'nothing was tested, since each case that was chosen lacks something';
    case 3:
      return 'the target could not be reached or started';
    default:
      return "a fault of spar's own; the target is not to blame";
  }
}

function goodMeaning({ counts, run }: Summary): string {
  if (counts.pass + counts.warn + counts.expected === 0) return 'nothing was tested';
  if (counts.expected > 0) return 'everything holds but what is expected to fail';
  if (counts.warn > 0 && !run.strict) return 'everything that must hold holds; --strict counts warnings too';
  return 'everything that was tested holds';
}

function badMeaning({ requirements, counts, stale, run }: Summary): string {
  const broken = requirements.filter(({ status, expected }) => status === 'broken' && !expected).length;
  const reasons = [
    broken > 0 && many(broken, 'requirement is broken', 'requirements are broken'),
    broken === 0 && counts.fail > 0 && many(counts.fail, 'case fails', 'cases fail'),
    run.strict && counts.warn > 0 && `${many(counts.warn, 'warning')} under --strict`,
    stale.length > 0 && many(stale.length, 'expected failure holds now', 'expected failures hold now'),
  ];
  return reasons.filter(Boolean).join(', ') || 'something does not hold';
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
