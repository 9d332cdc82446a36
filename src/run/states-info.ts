import type { AnswerInfo, StatesInfo } from '../events/event.ts';
import type { Protocol } from '../protocol/definition.ts';
import { type Answer, answerText } from '../protocol/states.ts';

/** The state table as a run tells it, and where each answer stands in it. */
export interface StatesRecord {
  readonly info: StatesInfo;
  readonly places: ReadonlyMap<Answer, number>;
}

/** What a run tells of the protocol's state table. */
export function statesRecord({ states, start }: Protocol): StatesRecord {
  const answers: AnswerInfo[] = [];
  const places = new Map<Answer, number>();
  for (const [state, row] of states) {
    for (const [request, ways] of row) {
      for (const way of ways) {
        places.set(way, answers.length);
        const next = way.next === undefined ? {} : { next: way.next };
        answers.push({ state, request, answer: answerText(way), ...next });
      }
    }
  }
  return { info: { start, names: [...states.keys()].filter((name) => name !== 'any'), answers }, places };
}
