import type { Problem } from '../problem/problem.ts';
import type { StateTable } from '../protocol/states.ts';
import type { Suite } from './load-suite.ts';
import { readProbes } from './probes.ts';

/** What is readable in a suite but useless: states that nothing reaches, messages that nothing uses. */
export function checkSuite(suite: Suite): Problem[] {
  return [
    ...unreachableStates(suite),
    ...unusedMessages(suite),
    ...unprovedRequirements(suite),
    ...faultyProbes(suite),
  ];
}

function faultyProbes({ protocol }: Suite): Problem[] {
  const problems: Problem[] = [];
  readProbes(protocol, problems);
  return problems;
}

function unreachableStates({ protocol }: Suite): Problem[] {
  const reached = new Set<string>([protocol.start, 'any']);
  let before = 0;
  while (reached.size > before) {
    before = reached.size;
    for (const state of [...reached]) for (const next of nextOf(protocol.states, state)) reached.add(next);
  }
  return [...protocol.states.keys()]
    .filter((state) => !reached.has(state))
    .map((state) =>
      protocol.source.problem(
        ['states', state],
        `nothing leads to the state "${state}"`,
        'Write "-> state" behind an answer, or drop it.',
        'key',
      ),
    );
}

function nextOf(states: StateTable, state: string): string[] {
  const cells = [...(states.get(state)?.values() ?? [])].flat();
  return cells.flatMap((answer) => (answer.next === undefined ? [] : [answer.next]));
}

function unusedMessages({ protocol }: Suite): Problem[] {
  if (protocol.states.size === 0) return [];
  const used = new Set<string>();
  for (const row of protocol.states.values()) {
    for (const [request, answers] of row) {
      used.add(request);
      for (const answer of answers) for (const item of answer.items) used.add(item.message);
    }
  }
  for (const one of protocol.automatic) used.add(one.on);
  return [...protocol.messages.values()]
    .filter((message) => !used.has(message.name) && !message.push)
    .map((message) =>
      protocol.source.problem(
        ['messages', message.name],
        `the message "${message.name}" stands in no state`,
        'Add it to "states", or mark it "push: true" if it comes unasked.',
        'key',
      ),
    );
}

function unprovedRequirements({ protocol, requirements, cases }: Suite): Problem[] {
  const proved = new Set([
    ...cases.flatMap((one) => one.proves),
    ...protocol.rules.flatMap((rule) => rule.proves),
  ]);
  const roles = new Set(cases.map((one) => one.role));
  return [...requirements.byId.values()]
    .filter(
      (one) =>
        one.untestable === undefined && !proved.has(one.id) && (one.binds === 'both' || roles.has(one.binds)),
    )
    .map((one) => ({
      fault: 'user' as const,
      what: `${one.id} is proved by no case and no rule: ${one.text}`,
      mend: 'Write a case that proves it, or say in the requirements why it is untestable.',
    }));
}
