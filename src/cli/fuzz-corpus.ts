import { existsSync } from 'node:fs';
import type { Plan } from '../fuzz/plan.ts';
import { listFiles, readText } from '../net/disk.ts';
import { SparError } from '../problem/problem.ts';
import { shown } from './folders.ts';

/**
 * The plans in a folder: those of findings, then those that a campaign kept. (Suite files and findings as
 * cases are read with the suite.) Raises a SparError for a file that is neither.
 */
export async function corpusOf(folder: string): Promise<Plan[]> {
  if (!existsSync(folder)) return [];
  const files = await listFiles(folder, '.json');
  const read = await Promise.all(files.map(async (file) => readPlans(shown(file), await readText(file))));
  const findings = read.filter(({ isFinding }) => isFinding);
  const kept = read.filter(({ isFinding }) => !isFinding);
  return [...findings, ...kept].flatMap(({ plans }) => plans);
}

/** The plans in the text of a file: a plan, or a finding with its history. */
export function plansIn(file: string, text: string): readonly Plan[] {
  return readPlans(file, text).plans;
}

function readPlans(
  file: string,
  text: string,
): { readonly plans: readonly Plan[]; readonly isFinding: boolean } {
  try {
    const value: unknown = JSON.parse(text);
    const history = (value as { plans?: unknown } | null)?.plans;
    const plans = history ?? [value];
    if (Array.isArray(plans) && plans.every(isPlan)) return { plans, isFinding: history !== undefined };
  } catch {
    // told below
  }
  throw new SparError({
    fault: 'user',
    what: `${file} is no plan`,
    mend: 'A corpus holds files that spar fuzz wrote, and suite files.',
  });
}

function isPlan(value: unknown): value is Plan {
  const plan = value as Partial<Plan> | null;
  return (
    plan?.plan === 1 &&
    Array.isArray(plan.moves) &&
    plan.moves.every(({ do: what, peer }) => typeof what === 'string' && typeof peer === 'string')
  );
}

/** What a dictionary holds: texts, and octets that are no text (hexadecimal). */
export interface Dictionary {
  readonly words: readonly string[];
  readonly octets: readonly string[];
}

/** Reads a dictionary in the format of AFL: a quoted text a line, with or without a name, `\xNN` an octet. */
export function readDictionary(text: string): Dictionary {
  const [words, octets]: [string[], string[]] = [[], []];
  for (const line of text.split(/\r?\n/)) {
    const quoted = /^\s*(?:[\w.@-]+\s*=\s*)?"((?:\\.|[^"\\])*)"\s*$/.exec(line)?.[1];
    if (quoted === undefined) continue;
    const bytes = bytesOf(quoted);
    try {
      words.push(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch {
      octets.push(bytes.toString('hex'));
    }
  }
  return { words, octets };
}

function bytesOf(quoted: string): Buffer {
  const pieces = quoted.match(/\\x[0-9a-fA-F]{2}|\\.|[^\\]+/gs) ?? [];
  return Buffer.concat(
    pieces.map((piece) => {
      if (/^\\x[0-9a-fA-F]{2}$/.test(piece)) return Buffer.from(piece.slice(2), 'hex');
      return Buffer.from(piece.startsWith('\\') ? (escaped[piece.slice(1)] ?? piece.slice(1)) : piece);
    }),
  );
}

const escaped: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
