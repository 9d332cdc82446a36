import type { Role } from '../events/verdict.ts';
import type { Protocol } from '../protocol/definition.ts';
import { suiteOf } from '../suite/suite.testing.ts';
import { chat, requirementsOfChat } from './chat.testing.ts';
import { Conversation, type Outcome } from './conversation.ts';
import { LeapingClock } from './leaping-clock.testing.ts';
import { randomFrom } from './random.ts';
import { type Script, scripted } from './scripted-server.testing.ts';
import type { Limits, World } from './world.ts';

const limits: Limits = {
  frame: 2000,
  octets: 100_000,
  messages: 1000,
  unread: { messages: 300, octets: 50_000 },
};

/** Everything that a conversation of a test may be told. */
export interface Stage {
  readonly protocol?: Protocol;
  /** What the target is; a server if absent. */
  readonly role?: Role;
  /** Keys of the case besides its steps. */
  readonly more?: object;
  readonly world?: Partial<World>;
  readonly began?: (conversation: Conversation) => void;
}

/** Holds one case, made of these steps, against a script. */
export async function hold(steps: readonly unknown[], script: Script, stage: Stage = {}): Promise<Outcome> {
  const { protocol = chat(), role = 'server' } = stage;
  const suite = suiteOf(protocol, [{ id: 'one', proves: 'R1', steps, ...stage.more }], {
    requirements: requirementsOfChat,
    role,
  });
  const [one] = suite.cases;
  if (!one) throw new Error('no case was read');
  const connect = scripted(script);
  const world: World = {
    protocol,
    preambles: suite.preambles[role],
    role,
    clock: new LeapingClock(),
    facts: {},
    seed: 1,
    limits,
    open: async (_peer, _options, sink) => connect(sink),
    random: randomFrom,
    deadline: () => 1000,
    quiet: 200,
    answered: () => undefined,
    ...stage.world,
  };
  const conversation = new Conversation(world, one, 1);
  stage.began?.(conversation);
  return conversation.hold();
}

/** The failures of a conversation, one line each: cause, requirements, message. */
export function failuresOf(outcome: Outcome): string[] {
  return outcome.failures.map(
    ({ cause, requirements, message }) => `${cause} ${requirements.join(' ')}: ${message}`,
  );
}
