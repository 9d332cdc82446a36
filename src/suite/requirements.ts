import type { RequirementInfo } from '../events/event.ts';
import { type Level, levels, type Role } from '../events/verdict.ts';
import { type Problem, SparError } from '../problem/problem.ts';
import type { Path, Source } from '../problem/source.ts';
import { didYouMean } from '../problem/suggest.ts';
import { validate } from '../protocol/validate.ts';

/** One checkable statement of the document. */
export interface Requirement extends RequirementInfo {
  /** What it takes to test it wholly, where it can be tested in part only. */
  readonly partly?: string;
  /** Names of the defects of the reference implementations that break it. */
  readonly defects: readonly string[];
}

export interface Requirements {
  /** The title of the document. */
  readonly document: string;
  readonly byId: ReadonlyMap<string, Requirement>;
}

/** JSON Schema of `requirements.yaml`. */
export const requirementsSchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:spar:requirements:1',
  title: 'The requirements of a protocol for spar',
  type: 'object',
  additionalProperties: false,
  required: ['document', 'requirements'],
  properties: {
    document: { type: 'string', description: 'The title of the document.' },
    requirements: {
      type: 'object',
      description: 'Each requirement by its id, which never changes: CPT-012.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['section', 'level', 'binds', 'text'],
        properties: {
          section: { type: 'string', description: 'The heading of the document under which it stands.' },
          level: {
            enum: levels,
            description: 'STATED and IMPLIED for documents without the words of RFC 2119.',
          },
          binds: { enum: ['server', 'client', 'both'], description: 'Who must keep it.' },
          text: { type: 'string', description: 'What must hold, in one sentence of your own.' },
          warn: { type: 'boolean', description: 'A breach only warns.' },
          defects: {
            type: 'array',
            items: { type: 'string' },
            description: 'Names of the defects of the reference implementations that break it.',
          },
          untestable: { type: 'string', description: 'Why it cannot be seen from outside.' },
          partly: { type: 'string', description: 'What testing all of it would take.' },
        },
      },
    },
  },
};

interface RawRequirement {
  section: string;
  level: Level;
  binds: Role | 'both';
  text: string;
  warn?: boolean;
  defects?: string[];
  untestable?: string;
  partly?: string;
}

/** Reads the requirements of a protocol, in the order of the file. Raises a SparError. */
export function loadRequirements(source: Source): Requirements {
  const wrong: Problem[] = validate(source, requirementsSchema);
  if (wrong.length > 0) throw new SparError(wrong);
  const raw = source.value as { document: string; requirements: Record<string, RawRequirement> };
  const byId = new Map(
    Object.entries(raw.requirements).map(([id, one]) => [
      id,
      { ...one, id, warn: one.warn ?? warnsByLevel(one.level), defects: one.defects ?? [] },
    ]),
  );
  return { document: raw.document, byId };
}

/** Tells the ids of a `proves` that are no requirements. */
export function checkProves(
  requirements: Requirements,
  source: Source,
  proves: string | readonly string[] | undefined,
  path: Path,
  problems: Problem[],
): void {
  const listed = Array.isArray(proves);
  const ids = (listed ? proves : proves === undefined ? [] : [proves]) as readonly string[];
  ids.forEach((id, at) => {
    if (requirements.byId.has(id)) return;
    const mend = didYouMean(id, requirements.byId.keys());
    problems.push(source.problem(listed ? [...path, at] : path, `there is no requirement "${id}"`, mend));
  });
}

/** SHOULD, SHOULD NOT and MAY never fail a run by themselves. */
function warnsByLevel(level: Level): boolean {
  return level === 'SHOULD' || level === 'SHOULD NOT' || level === 'MAY';
}
