import type { ServerDefect } from '../../defect.ts';
import { type Reply, type ReplyWord, say } from '../reply.ts';
import type { Client, CptServer } from '../server.ts';

/** A defect of the server of this protocol. */
export type CptDefect = ServerDefect<CptServer>;

/** How a defect derives its class. */
export type Change = NonNullable<CptDefect['change']>;

/** Says something else wherever the plain server says `word`. */
export function insteadOf(
  word: ReplyWord,
  other: (reply: Reply, client: Client) => readonly Reply[],
): Change {
  return (Plain) =>
    class extends Plain {
      override write(client: Client, replies: readonly Reply[]): void {
        super.write(
          client,
          replies.flatMap((reply) => (reply.word === word ? other(reply, client) : [reply])),
        );
      }
    };
}

/** The parameters of MSG, by name. */
export interface MsgFields {
  readonly group: string;
  readonly sender: string;
  readonly timestamp: string;
  readonly text: string;
}

/** Prints some fields of each MSG otherwise. */
export function msgWith(other: (fields: MsgFields, client: Client) => Partial<MsgFields>): Change {
  return insteadOf('MSG', (reply, client) => {
    const [group = '', sender = '', timestamp = '', text = ''] = reply.parameters;
    const fields = { group, sender, timestamp, text };
    const changed = { ...fields, ...other(fields, client) };
    return [say('MSG', changed.group, changed.sender, changed.timestamp, changed.text)];
  });
}

/** Declines with another reason. */
export function reasonInsteadOf(reason: string, other: string): Change {
  return insteadOf('DECLINE', (reply) =>
    reply.parameters[0] === reason ? [say('DECLINE', other)] : [reply],
  );
}

/** Takes another text for the message of each SEND. */
export function textAs(other: (text: string) => string): Change {
  return (Plain) =>
    class extends Plain {
      override send(client: Client, sender: string, target: string, text: string): readonly Reply[] {
        return super.send(client, sender, target, other(text));
      }
    };
}
