import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Problem } from '../problem/problem.ts';
import type { Path, Source } from '../problem/source.ts';
import { didYouMean } from '../problem/suggest.ts';

// The schemas are spar's own: a test holds them against their meta-schema, once and not at every start.
const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: false,
  allowUnionTypes: true,
  validateSchema: false,
});
const compiled = new WeakMap<object, ValidateFunction>();

/** Everything in a file that its JSON Schema does not allow, each with its place and a way to mend it. */
export function validate(source: Source, schema: object): Problem[] {
  if (source.trusted) return [];
  let check = compiled.get(schema);
  if (!check) {
    check = ajv.compile(schema);
    compiled.set(schema, check);
  }
  if (check(source.value)) return [];
  const errors = (check.errors ?? []).filter((error) => !secondary.has(error.keyword));
  const problems = errors.map((error) => problemOf(source, error));
  return unique(
    problems.length > 0 ? problems : (check.errors ?? []).map((error) => problemOf(source, error)),
  );
}

const secondary = new Set(['anyOf', 'oneOf', 'if', 'allOf', 'propertyNames']);

function problemOf(source: Source, error: ErrorObject): Problem {
  const path = pathOf(error.instancePath, source.value);
  const name = nameOf(path);
  const params = error.params as Record<string, unknown>;
  const parent = (error.parentSchema ?? {}) as { properties?: object };
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      const known = Object.keys(parent.properties ?? {});
      return source.problem([...path, key], `"${key}" is not known here`, didYouMean(key, known), 'key');
    }
    case 'required': {
      return source.problem(
        path,
        `${name} lacks "${params['missingProperty']}"`,
        `Add "${params['missingProperty']}: …".`,
      );
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String);
      return source.problem(
        path,
        `${name} cannot be ${show(error.data)}`,
        didYouMean(String(error.data), allowed),
      );
    }
    case 'type':
      if (error.data === null && path.length === 0) return source.problem(path, 'the file is empty');
      return source.problem(
        path,
        `${name} must be ${article(String(params['type']))}, not ${show(error.data)}`,
      );
    case 'pattern':
      return source.problem(path, `${show(error.data)} does not have the form /${params['pattern']}/`);
    default:
      return source.problem(path, `${name} ${error.message ?? 'is wrong'}`);
  }
}

function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `entry ${last + 1} of "${path.at(-2) ?? 'the file'}"` : `"${last}"`;
}

function pathOf(pointer: string, root: unknown): Path {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((token) => {
      const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value = (value as Record<string | number, unknown> | undefined)?.[step];
      return step;
    });
}

function article(type: string): string {
  const shown = type
    .replaceAll(',', ' or ')
    .replace('object', 'mapping')
    .replace('array', 'list')
    .replace('string', 'text');
  return /^[aeiou]/.test(shown) ? `an ${shown}` : `a ${shown}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (value === null) return 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.where?.line}:${problem.where?.column}:${problem.what}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
