import type { Problem } from '../problem/problem.ts';
import { didYouMean } from '../problem/suggest.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { Case } from './case.ts';
import { readQuestion } from './load-suite.ts';

/** A harmless question that one option of a dialect answers. */
export interface Probe {
  readonly dialect: string;
  readonly option: string;
  readonly case: Case;
}

interface RawProbe {
  readonly given?: readonly (string | Record<string, unknown>)[];
  readonly steps?: readonly unknown[];
}

/** The questions that tell the dialects apart, or one of them, in the order of the file; faults go to the problems. */
export function readProbes(protocol: Protocol, problems: Problem[], only?: string): Probe[] {
  const { dialects = {} } = protocol.source.value as {
    dialects?: Record<string, { probe?: Record<string, RawProbe | null> }>;
  };
  return Object.entries(dialects).flatMap(([dialect, { probe }]) => {
    if (only !== undefined && only !== dialect) return [];
    const known = protocol.dialects.find(({ name }) => name === dialect)?.options ?? [];
    return Object.entries(probe ?? {}).map(([option, raw]) => {
      const path = ['dialects', dialect, 'probe', option];
      if (known.length > 0 && !known.includes(option)) {
        const what = `the dialect "${dialect}" cannot be "${option}"`;
        problems.push(protocol.source.problem(path, what, didYouMean(option, known), 'key'));
      }
      const name = `${dialect}=${option}`;
      return { dialect, option, case: readQuestion(protocol, name, path, raw ?? {}, problems) };
    });
  });
}

/** The case that shows that a target lives and speaks as the definition says, if the protocol has one. */
export function aliveCase(protocol: Protocol): Case | undefined {
  const preamble = protocol.alive.server;
  if (preamble === undefined) return undefined;
  return readQuestion(protocol, 'alive', ['alive'], { given: [`alice ${preamble}`] }, []);
}
