import { SparError } from '../problem/problem.ts';
import { readSource, type Source } from '../problem/source.ts';
import type { Protocol } from '../protocol/definition.ts';
import { validate } from '../protocol/validate.ts';
import type { RunOptions } from './run-options.ts';

/** Holds the facts of the settings against the schemas of the protocol. Raises a SparError. */
export function checkFacts(protocol: Protocol, options: RunOptions): void {
  if (Object.keys(options.facts).length === 0) return;
  const schema = { type: 'object', additionalProperties: false, properties: protocol.facts };
  const problems = validate(factsOf(options), schema);
  if (problems.length > 0) throw new SparError(problems);
}

/** The facts as a file of their own, whose places are those of the settings file. */
function factsOf(options: RunOptions): Source {
  const { source } = options;
  const base = source ?? readSource('the facts', '{}');
  return {
    file: base.file,
    value: options.facts,
    trusted: false,
    place: (path, what) => base.place(['facts', ...path], what),
    problem: (path, what, mend, part) => base.problem(['facts', ...path], what, mend, part),
  };
}
