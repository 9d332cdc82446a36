import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Place, type Problem, SparError } from './problem.ts';

/** Steps from the root of a document to a value in it. */
export type Path = readonly (string | number)[];

/** A YAML file that was read: its value, and where each part of it stands. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** Where the value at a path stands (`value`), or its key (`key`). */
  place(path: Path, what?: 'key' | 'value'): Place;
  /** A problem of the user's making at that path. */
  problem(path: Path, what: string, mend?: string, part?: 'key' | 'value'): Problem;
}

/** Aliases may be followed this often in one file: enough for people, too few for a bomb. */
const maxAliases = 100;

/**
 * Reads YAML 1.2. Raises a SparError that holds every syntax error of the file, each with its line,
 * column and caret.
 */
export function readSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const rows = text.split(/\r?\n/);
  const at = (offset: number, length = 1): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    const row = Math.max(1, line);
    return { file, line: row, column: Math.max(1, col), source: rows[row - 1] ?? '', length };
  };
  if (document.errors.length > 0) {
    // Where the parser has lost its way, it stumbles over every word that follows.
    const told = document.errors.filter((error, index) => index === 0 || error.code !== 'UNEXPECTED_TOKEN');
    throw new SparError(
      told.map((error) => ({
        fault: 'user' as const,
        what: `this is not YAML: ${firstLine(error.message)}`,
        where: at(error.pos[0], Math.max(1, error.pos[1] - error.pos[0])),
        mend: hintFor(error.code),
      })),
    );
  }
  const value = toValue(document, at);
  const place = (path: Path, what: 'key' | 'value' = 'value'): Place => {
    const range = rangeOf(document, path, what);
    return range ? at(range[0], Math.max(1, range[1] - range[0])) : at(0);
  };
  return {
    file,
    value,
    place,
    problem: (path, what, mend, part) => ({
      fault: 'user',
      what,
      where: place(path, part),
      ...(mend ? { mend } : {}),
    }),
  };
}

function toValue(document: Document.Parsed, at: (offset: number) => Place): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw new SparError({
      fault: 'user',
      what: `this YAML cannot be expanded: ${firstLine(String((error as Error).message))}`,
      where: at(0),
      mend: `At most ${maxAliases} uses of aliases are followed in one file; write the values out.`,
    });
  }
}

function firstLine(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.charAt(0).toLowerCase() + line.slice(1);
}

function hintFor(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'A key may stand once in a mapping; make a list of it.';
  if (code === 'TAB_AS_INDENT') return 'Indent with blanks, not with tabs.';
  if (code === 'BAD_INDENT') return 'Put the lines of one list or mapping at the same column.';
  return 'A text that holds ": " or " #", or begins with one of {[&*!|>\'"%@`, needs quotation marks.';
}

function rangeOf(document: Document.Parsed, path: Path, what: 'key' | 'value'): Range | undefined {
  let node: unknown = document.contents;
  let key: unknown;
  let found: Range | undefined = rangeOfNode(node);
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => String(isScalar(item.key) ? item.key.value : item.key) === String(step),
      );
      if (!pair) return found;
      key = pair.key;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      key = undefined;
      node = node.items[step];
    } else return found;
    found = rangeOfNode(key) ?? found;
    if (rangeOfNode(node)) found = rangeOfNode(node);
  }
  return what === 'key' ? (rangeOfNode(key) ?? found) : found;
}

type Range = readonly [start: number, end: number];

function rangeOfNode(node: unknown): Range | undefined {
  const range = (node as Node | null | undefined)?.range;
  if (!range) return undefined;
  return isMap(node) || isSeq(node) ? [range[0], range[0] + 1] : [range[0], range[1]];
}
