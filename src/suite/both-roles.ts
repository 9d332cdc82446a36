import type { Role } from '../events/verdict.ts';

/**
 * The steps of a conversation that proves something of both sides, as one role sees it. They are
 * written as spar plays the client; where the target is a client, what was sent is expected and what
 * was expected is sent. What only a client can do is nothing for a server.
 */
export function stepsForRole(steps: readonly unknown[], role: Role): readonly unknown[] {
  return steps.map((step) => stepForRole(step, role));
}

const nothing = { set: {} };

function stepForRole(step: unknown, role: Role): unknown {
  if (step === null || typeof step !== 'object') return step;
  return Object.fromEntries(
    Object.entries(step).flatMap(([key, value]): [string, unknown][] => {
      if (/^\S+ (does|shows|never shows)$/.test(key))
        return role === 'client' ? [[key, value]] : Object.entries(nothing);
      if (Array.isArray((value as { steps?: unknown } | null)?.steps)) {
        const inner = value as { readonly steps: readonly unknown[] };
        return [[key, { ...inner, steps: stepsForRole(inner.steps, role) }]];
      }
      if (role === 'server') return [[key, value]];
      const turned = /^(\S+) ([<>])$/.exec(key);
      return [[turned ? `${turned[1]} ${turned[2] === '>' ? '<' : '>'}` : key, value]];
    }),
  );
}
