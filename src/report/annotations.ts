import { gist } from './case-lines.ts';
import type { CaseSummary } from './case-summary.ts';
import { failingGroups } from './failing-groups.ts';
import { shown, shownTo } from './shown.ts';
import type { Summary } from './summary.ts';
import { many } from './words.ts';

/** GitHub shows so many annotations of a kind for a step, the first ones. */
const mostOfAKind = 10;

/**
 * Workflow commands that make GitHub mark lines of suite files: an error for what fails the run, a warning for
 * what only warns. `pathOf` tells where a file of the suite stands in the repository.
 */
export function annotations(summary: Summary, pathOf: (file: string) => string): string[] {
  const { cases, stale, run } = summary;
  const texts = new Map(summary.requirements.map(({ id, level, text }) => [id, `${id} ${level}: ${text}`]));
  const ofCase =
    (kind: Command['kind']) =>
    (one: CaseSummary): Command => {
      const step = one.failures.find((failure) => failure.step !== undefined)?.step;
      const broken = new Set(one.failures.flatMap(({ requirements }) => requirements));
      const lines = [
        gist(one),
        ...[...broken].map((id) => shown(texts.get(id) ?? id)),
        ...(one.repeat === undefined ? [] : [`again: ${shown(one.repeat)}`]),
      ];
      return {
        kind,
        file: shown(pathOf(step?.file ?? one.file)),
        line: step?.line ?? one.line,
        title: shownTo(200, `${one.id}: ${one.title}`),
        message: lines.join('\n'),
      };
    };
  const warned = cases.filter(({ outcome }) => outcome === 'warn');
  const failing = [
    ...cases.filter(({ outcome }) => outcome === 'error'),
    ...failingGroups(cases).flatMap(([first]) => (first ? [first] : [])),
    ...(run.strict ? warned : []),
  ];
  const struck = stale.map(
    ({ entry, reason }): Command => ({
      kind: 'error',
      title: 'An expected failure holds now: strike it out',
      message: `${shown(entry)}: ${shown(reason)}`,
    }),
  );
  return [
    ...first([...failing.map(ofCase('error')), ...struck]),
    ...first(run.strict ? [] : warned.map(ofCase('warning'))),
  ].map(command);
}

interface Command {
  readonly kind: 'error' | 'warning';
  readonly file?: string;
  readonly line?: number;
  readonly title: string;
  readonly message: string;
}

/** As many as are shown; the last one says how many there are besides. */
function first(commands: readonly Command[]): Command[] {
  const rest = commands.length - mostOfAKind;
  return commands.slice(0, mostOfAKind).map((one, index) => {
    if (rest <= 0 || index < mostOfAKind - 1) return one;
    return { ...one, message: `${one.message}\nand ${many(rest, 'more case')}, told in the report` };
  });
}

function command({ kind, message, ...properties }: Command): string {
  const told = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${kind} ${told.join(',')}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * A text in which GitHub obeys no command, whatever a target has put into it. `token` is a word that the target
 * cannot know.
 */
export function withoutCommands(text: string, token: string): string {
  return `::stop-commands::${token}\n${text}::${token}::\n`;
}
