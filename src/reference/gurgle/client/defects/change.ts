import type { ClientDefect } from '../../../client-defect.ts';
import { isObject } from '../../packet.ts';
import type { GurgleClient, Incoming } from '../client.ts';
import type { Outgoing } from '../outgoing.ts';

/** A defect of the client of this protocol. */
export type GurgleClientDefect = ClientDefect<GurgleClient>;

/** How a defect derives its class. */
type Change = NonNullable<GurgleClientDefect['change']>;

/** Sends other members in packets with a command (undefined: the version); one that is undefined is left out. */
export function sends(cmd: string | undefined, other: (packet: Outgoing) => object): Change {
  return (Plain) =>
    class extends Plain {
      override send(packet: Outgoing): void {
        super.send(packet['cmd'] === cmd ? { ...packet, ...other(packet) } : packet);
      }
    };
}

/** Sends other members in the elements of a list. */
export function sendsItems(
  cmd: string,
  list: 'messages' | 'roaster',
  other: (item: Record<string, unknown>) => object,
): Change {
  return sends(cmd, (packet) => {
    const items = packet[list];
    const changed = Array.isArray(items) ? items.map((item) => ({ ...item, ...other(item) })) : items;
    return { [list]: changed };
  });
}

/** Understands packets otherwise; one that is undefined is passed over. */
export function reads(other: (packet: Incoming, text: string) => Incoming | undefined): Change {
  return (Plain) =>
    class extends Plain {
      override read(payload: Uint8Array): Incoming | string {
        const packet = super.read(payload);
        if (!isObject(packet)) return packet;
        return other(packet, new TextDecoder().decode(payload)) ?? {};
      }
    };
}
