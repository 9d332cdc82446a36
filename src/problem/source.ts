import { constructFromEvents, parseEvents, YAMLException } from 'js-yaml';
import { type Place, type Problem, SparError } from './problem.ts';
import { type Path, rangeOf, yamlTree } from './yaml-tree.ts';

export type { Path } from './yaml-tree.ts';

/** A YAML file that was read: its value, and where each part of it stands. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** It comes with spar, and tests hold it against its schema: no start does so again. */
  readonly trusted: boolean;
  /** Where the value at a path stands (`value`), or its key (`key`). */
  place(path: Path, what?: 'key' | 'value'): Place;
  /** A problem of the user's making at that path. */
  problem(path: Path, what: string, mend?: string, part?: 'key' | 'value'): Problem;
}

/** Aliases may be followed this often in one file: enough for people, too few for a bomb. */
const maxAliases = 100;

/** Mappings and lists may stand in one another this deep. */
const maxDepth = 500;

/**
 * Reads YAML 1.2. Raises a SparError that tells what no parser gets past, or all keys that stand twice,
 * with line, column and caret.
 */
export function readSource(file: string, text: string, trusted = false): Source {
  const rows = text.split(/\r?\n/);
  const at = placer(file, text, rows);
  const wrong = (what: string, range: readonly [number, number], mend: string): Problem => ({
    fault: 'user',
    what,
    where: at(range[0], Math.max(1, range[1] - range[0])),
    mend,
  });
  const events = guarded(() => parseEvents(text, { filename: file, maxDepth }), at);
  const { root, documents, repeated, follows } = yamlTree(text, events);
  if (documents > 1)
    throw new SparError(
      wrong('this is not one YAML document: others follow', [0, 1], 'Give each document a file of its own.'),
    );
  if (follows > maxAliases)
    throw new SparError(
      wrong(
        'this YAML cannot be expanded: too many aliases stand for one another',
        [0, 1],
        `At most ${maxAliases} uses of aliases are followed in one file; write the values out.`,
      ),
    );
  if (repeated.length > 0)
    throw new SparError(
      repeated.map(({ key, range }) =>
        wrong(
          `this is not YAML: the key "${key}" stands here a second time`,
          range,
          'A key may stand once in a mapping; make a list of it.',
        ),
      ),
    );
  const [value = null] = guarded(() => constructFromEvents(events, { source: text, filename: file }), at);
  const place = (path: Path, what: 'key' | 'value' = 'value'): Place => {
    const range = rangeOf(root, path, what);
    return range ? at(range[0], Math.max(1, range[1] - range[0])) : at(0);
  };
  return {
    file,
    value,
    trusted,
    place,
    problem: (path, what, mend, part) => ({
      fault: 'user',
      what,
      where: place(path, part),
      ...(mend ? { mend } : {}),
    }),
  };
}

/** What makes a place of an offset. */
function placer(
  file: string,
  text: string,
  rows: readonly string[],
): (offset: number, length?: number) => Place {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset, length = 1) => {
    const within = Math.min(Math.max(0, offset), text.length);
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= within) low = middle;
      else high = middle - 1;
    }
    const column = within - (starts[low] ?? 0) + 1;
    return { file, line: low + 1, column, source: rows[low] ?? '', length };
  };
}

function guarded<T>(read: () => T, at: (offset: number) => Place): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const where = at(error.mark?.position ?? 0);
    const mend = hintFor(error.reason, where.source ?? '');
    throw new SparError({ fault: 'user', what: `this is not YAML: ${error.reason}`, where, mend });
  }
}

function hintFor(reason: string, row: string): string {
  if (/tab/.test(reason)) return 'Indent with blanks, not with tabs.';
  if (/deficient/.test(reason)) return 'Close what { or [ opened, or indent the lines within it.';
  if (/indent/.test(reason) && row.split(': ').length < 3)
    return 'Put the lines of one list or mapping at the same column.';
  if (/alias/.test(reason)) return 'A text that begins with * or & needs quotation marks.';
  return 'A text that holds ": " or " #", or begins with one of {[&*!|>\'"%@`, needs quotation marks.';
}
