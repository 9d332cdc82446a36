import type { ClientDefect } from '../../../client-defect.ts';
import type { ChatClient, Outgoing } from '../client.ts';

/** A defect of the client of this protocol. */
export type ChatClientDefect = ClientDefect<ChatClient>;

/** How a defect derives its class. */
type Change = NonNullable<ChatClientDefect['change']>;

/** Sends other members in objects of `type`; one that is undefined is left out. */
export function sends(type: string, other: (object: Outgoing) => object): Change {
  return (Plain) =>
    class extends Plain {
      override send(object: Outgoing): void {
        super.send(object.type === type ? { ...object, ...other(object) } : object);
      }
    };
}
