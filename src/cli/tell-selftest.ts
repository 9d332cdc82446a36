import type { Role } from '../events/verdict.ts';
import type { Protocol } from '../protocol/definition.ts';
import { clientReferenceOf, referenceOf } from '../reference/bundled.ts';
import { type SelftestResult, type Sparring, selftest } from '../reference/selftest/selftest.ts';
import { sparringClients } from '../reference/selftest/sparring-clients.ts';
import { sparringServers } from '../reference/selftest/sparring-servers.ts';
import { bundledProtocols, protocolFolder, readSuite } from './folders.ts';

/** What the self-test is told. */
export interface SelftestWish {
  readonly protocol?: string;
  readonly role?: Role;
  readonly defects: readonly string[];
  readonly verbose: boolean;
}

/** Judges the judge and prints what is missing. The result is the exit code. */
export async function tellSelftest(wish: SelftestWish): Promise<number> {
  const names = wish.protocol === undefined ? await bundledProtocols() : [wish.protocol];
  const results: SelftestResult[] = [];
  const live = process.stderr.isTTY === true && !process.env['CI'];
  for (const name of names) {
    const suite = await readSuite(await protocolFolder(name));
    for (const role of wish.role === undefined ? (['server', 'client'] as const) : [wish.role]) {
      const sparring = suite.cases.some((one) => one.role === role)
        ? await sparringOf(suite.protocol, role)
        : undefined;
      if (!sparring) continue;
      const progress = (done: number, all: number): void => {
        if (live) process.stderr.write(`\r\u001B[K${name} ${role}: ${done} of ${all} targets`);
      };
      results.push(await selftest(suite, sparring, { defects: wish.defects, together: 4, progress }));
    }
  }
  if (live) process.stderr.write('\r\u001B[K');
  for (const result of results) process.stdout.write(findings(result, wish.verbose));
  process.stdout.write(scores(results));
  return results.every(isSound) ? 0 : 1;
}

async function sparringOf(protocol: Protocol, role: Role): Promise<Sparring | undefined> {
  if (role === 'server') {
    const reference = await referenceOf(protocol.name);
    return reference && sparringServers(protocol, reference);
  }
  const reference = await clientReferenceOf(protocol.name);
  return reference && sparringClients(protocol, reference);
}

/** True if nothing is missing. */
function isSound(result: SelftestResult): boolean {
  const lists = [result.wronged, result.vacuous, result.withoutCase, result.neverFailed, missed(result)];
  return lists.every((list) => list.length === 0);
}

function missed(result: SelftestResult): SelftestResult['defects'] {
  return result.defects.filter(({ caughtBy, excused }) => caughtBy.length === 0 && excused === undefined);
}

/** What is missing, by id. */
function findings(result: SelftestResult, verbose: boolean): string {
  const parts: string[] = [];
  const part = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0)
      parts.push(
        `${result.protocol} ${result.role}: ${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`,
      );
  };
  if (verbose) {
    part(
      'caught',
      result.defects.map(
        ({ defect, caughtBy }) =>
          `${defect.name} (${defect.breaks.join(', ')}): ${caughtBy.length === 0 ? 'nobody' : caughtBy.slice(0, 3).join(', ')}${caughtBy.length > 3 ? ` and ${caughtBy.length - 3} more` : ''}`,
      ),
    );
  }
  part(
    'the correct reference does not pass',
    result.wronged.map((one) => `${one.case}: ${one.failures[0]?.message ?? one.verdict}`),
  );
  part(
    'skipped with the reference',
    result.skipped.map((one) => `${one.case}: ${one.cause} ${one.reason ?? ''}`),
  );
  part(
    'defects that nobody catches',
    missed(result).map(({ defect }) => `${defect.name} (${defect.breaks.join(', ')}): ${defect.what}`),
  );
  part(
    'defects that nobody can catch',
    result.defects.flatMap(({ defect, excused }) =>
      excused === undefined ? [] : [`${defect.name}: ${excused}`],
    ),
  );
  part('requirements without a case', result.withoutCase);
  part('cases that no defect can fail', result.neverFailed);
  part(
    'cases that pass on a null target',
    result.vacuous.map((one) => `${one.case} on ${one.on}`),
  );
  return parts.length === 0 ? '' : `${parts.join('\n')}\n`;
}

function scores(results: readonly SelftestResult[]): string {
  const heads = ['', 'cases', 'reference', 'defects caught', 'vacuous', 'never fail', 'without a case'];
  const rows = results.map((result) => {
    const caught = result.defects.filter(({ caughtBy }) => caughtBy.length > 0).length;
    const passed = result.cases - result.wronged.length - result.skipped.length;
    return [
      `${isSound(result) ? '✓' : '✗'} ${result.protocol} ${result.role}`,
      String(result.cases),
      `${passed} pass`,
      `${caught} of ${result.defects.length}`,
      String(result.vacuous.length),
      String(result.neverFailed.length),
      String(result.withoutCase.length),
    ];
  });
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return `${[heads, ...rows].map(line).join('\n')}\n`;
}
