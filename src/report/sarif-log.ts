import { escapedJson } from './escaped-json.ts';
import { shown } from './shown.ts';

/** What a kind of result is about. */
export interface SarifRule {
  readonly id: string;
  /** One sentence. */
  readonly text: string;
  readonly level: SarifLevel;
}

export type SarifLevel = 'error' | 'warning' | 'note';

/** One thing that was found. */
export interface SarifResult {
  readonly rule: SarifRule;
  readonly level: SarifLevel;
  readonly message: string;
  /** Path of the file, relative to the root of the repository. */
  readonly file: string;
  /** From 1 on. */
  readonly line: number;
  /** What it has in common with the same thing in another run. */
  readonly identity: string;
}

/**
 * A log in SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for: rules with a description, results
 * with a place, and a fingerprint by which an alert is known again.
 */
export function sarifLog(version: string, results: readonly SarifResult[]): string {
  const rules = [...new Map(results.map(({ rule }) => [rule.id, rule])).values()];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'spar', semanticVersion: version, rules: rules.map(ruleObject) } },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => resultObject(result, rules)),
      },
    ],
  };
  return `${escapedJson(log, 2)}\n`;
}

function ruleObject({ id, text, level }: SarifRule): object {
  return {
    id: shown(id),
    shortDescription: { text: shown(text) },
    fullDescription: { text: shown(text) },
    help: { text: shown(text) },
    defaultConfiguration: { level },
  };
}

function resultObject(result: SarifResult, rules: readonly SarifRule[]): object {
  const { rule, level, message, file, line, identity } = result;
  return {
    ruleId: shown(rule.id),
    ruleIndex: rules.findIndex(({ id }) => id === rule.id),
    level,
    message: { text: message.split('\n').map(shown).join('\n') },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: Math.max(1, line) },
        },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${hashOf(identity)}:1`, 'spar/v1': shown(identity) },
  };
}

function uriOf(file: string): string {
  const path = shown(file.replaceAll('\\', '/'));
  return path.split('/').map(encodeURIComponent).join('/');
}

/** FNV-1a, 64 bits. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const octet of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(octet)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
