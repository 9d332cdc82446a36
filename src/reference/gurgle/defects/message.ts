import type { AttachedFile, Message, Submission } from '../message.ts';
import { isObject, type PacketId, type Request } from '../packet.ts';
import type { Attachment, Delivery, Identity, Session, User } from '../session.ts';
import { answering, type Change, everySession, type GurgleDefect, granting } from './change.ts';

/** Defects of messages. */
export const messageDefects: readonly GurgleDefect[] = [
  {
    name: 'srv-message-silent',
    breaks: ['GUR-113'],
    what: 'takes messages without an answer',
    change: answering('message', () => undefined),
  },
  {
    name: 'srv-sent-counts',
    breaks: ['GUR-114'],
    what: 'counts the messages in place of naming them',
    change: answering('message', ({ success, failure, ...rest }) => ({
      ...rest,
      success: Array.isArray(success) ? success.length : success,
      failure: Array.isArray(failure) ? failure.length : failure,
    })),
  },
  {
    name: 'srv-sent-packet-id',
    breaks: ['GUR-115'],
    what: 'names the packet in place of its messages',
    change: granting('message', (answer, { id }) => ({ ...answer, success: [id] })),
  },
  {
    name: 'srv-all-or-nothing',
    breaks: ['GUR-116'],
    what: 'delivers no message of a packet if one fails',
    change: (Plain) =>
      class extends Plain {
        override deliverAll(sender: Identity, submissions: readonly Submission[]): readonly PacketId[] {
          const areFit = submissions.every(({ message }) => message && this.recipientOf(message));
          return areFit ? super.deliverAll(sender, submissions) : [];
        }
      },
  },
  {
    name: 'srv-sent-blackhole',
    breaks: ['GUR-117'],
    what: 'accepts messages to nobody',
    change: (Plain) =>
      class extends Plain {
        override deliver(sender: Identity, message: Message): boolean {
          super.deliver(sender, message);
          return true;
        }
      },
  },
  {
    name: 'srv-sent-error-always',
    breaks: ['GUR-118'],
    what: 'calls it an error when all went well',
    change: granting('message', (answer) => ({ ...answer, error: 'ok' })),
  },
  {
    name: 'srv-ack-no-deliver',
    breaks: ['GUR-119'],
    what: 'accepts and forgets messages to users who are online',
    change: (Plain) =>
      class extends Plain {
        override hand(): void {}
      },
  },
  {
    name: 'srv-deliver-twice',
    breaks: ['GUR-120'],
    what: 'delivers everything twice',
    change: (Plain) =>
      class extends Plain {
        override hand(session: Session, delivery: Delivery): void {
          super.hand(session, delivery);
          super.hand(session, delivery);
        }
      },
  },
  {
    name: 'srv-text-mangled',
    breaks: ['GUR-121'],
    what: 'escapes the text for HTML',
    change: delivering((delivery) => ({ ...delivery, text: delivery.text.replaceAll('<', '&lt;') })),
  },
  {
    name: 'srv-deliver-from-bare',
    breaks: ['GUR-122'],
    what: "delivers under the sender's bare id",
    change: delivering((delivery) => ({ ...delivery, from: delivery.from.replace(/\/.*/, '') })),
  },
  {
    name: 'srv-trusts-from',
    breaks: ['GUR-123'],
    what: 'takes the sender from the request',
    change: (Plain) =>
      class extends Plain {
        #claims = new Map<unknown, string>();

        override readSubmissions(value: unknown): readonly Submission[] | undefined {
          const elements = Array.isArray(value) ? value.filter(isObject) : [];
          const claims = elements.filter(({ from }) => typeof from === 'string');
          this.#claims = new Map(claims.map(({ id, from }) => [id, String(from)]));
          return super.readSubmissions(value);
        }

        override deliveryOf(sender: Identity, message: Message): Delivery {
          const id = this.#claims.get(message.id) ?? sender.id;
          return super.deliveryOf({ ...sender, id }, message);
        }
      },
  },
  {
    name: 'srv-renumbers',
    breaks: ['GUR-124'],
    what: 'delivers under ids of its own',
    change: (Plain) =>
      class extends Plain {
        #delivered = 0;

        override deliveryOf(sender: Identity, message: Message): Delivery {
          this.#delivered++;
          return { ...super.deliveryOf(sender, message), id: `delivery-${this.#delivered}` };
        }
      },
  },
  {
    name: 'srv-message-broadcast',
    breaks: ['GUR-125'],
    what: 'delivers to everybody',
    change: (Plain) =>
      class extends Plain {
        override destinations(recipient: User, terminal: string | undefined): readonly Session[] {
          const meant = super.destinations(recipient, terminal);
          const others = everySession(this).filter(
            ({ identity, presence }) => presence !== undefined && identity?.user !== recipient,
          );
          return [...meant, ...others];
        }
      },
  },
  {
    name: 'srv-ignores-terminal',
    breaks: ['GUR-126'],
    what: 'delivers to all terminals of a user',
    change: (Plain) =>
      class extends Plain {
        override destinations(recipient: User): readonly Session[] {
          return super.destinations(recipient, undefined);
        }
      },
  },
  {
    name: 'srv-attachments-dropped',
    breaks: ['GUR-127'],
    what: 'delivers without the attachments',
    change: delivering((delivery) => ({ ...delivery, attachments: [] })),
  },
  {
    name: 'srv-size-of-encoding',
    breaks: ['GUR-128'],
    what: 'tells the length of the base64 as the size',
    change: attaching((attachment, { blob }) => ({ ...attachment, size: blob.length })),
  },
  {
    name: 'srv-type-octet-stream',
    breaks: ['GUR-129'],
    what: 'calls every attachment an octet stream',
    change: attaching((attachment) => ({ ...attachment, type: 'application/octet-stream' })),
  },
  {
    name: 'srv-attachment-inline',
    breaks: ['GUR-130'],
    what: 'delivers the content of attachments',
    change: attaching((attachment, { blob }) => Object.assign(attachment, { blob })),
  },
  {
    name: 'srv-token-constant',
    breaks: ['GUR-131'],
    what: 'gives all attachments one token',
    change: attaching((attachment) => ({ ...attachment, token: 'token' })),
  },
  {
    name: 'srv-drops-offline',
    breaks: ['GUR-011'],
    what: 'accepts and forgets messages to users who are away',
    change: (Plain) =>
      class extends Plain {
        override store(): boolean {
          return true;
        }
      },
  },
  {
    name: 'srv-offline-early',
    breaks: ['GUR-012'],
    what: 'pushes stored messages right after the login',
    change: (Plain) =>
      class extends Plain {
        override follow(session: Session, request: Request): void {
          super.follow(session, request);
          if (request.cmd === 'auth') this.pushStored(session);
        }
      },
  },
  {
    name: 'srv-offline-replay',
    breaks: ['GUR-014'],
    what: 'pushes all that was ever stored at every login',
    change: (Plain) =>
      class extends Plain {
        override forget(): void {}
      },
  },
  {
    name: 'srv-offline-lost',
    breaks: ['GUR-015'],
    what: 'forgets a stored message once it is pushed',
    change: (Plain) =>
      class extends Plain {
        override pushStored(session: Session): void {
          super.pushStored(session);
          for (const push of [...session.unconfirmed.keys()]) this.confirm(session, push);
        }
      },
  },
];

function delivering(other: (delivery: Delivery) => Delivery): Change {
  return (Plain) =>
    class extends Plain {
      override deliveryOf(sender: Identity, message: Message): Delivery {
        return other(super.deliveryOf(sender, message));
      }
    };
}

function attaching(other: (attachment: Attachment, file: AttachedFile) => Attachment): Change {
  return (Plain) =>
    class extends Plain {
      override attach(file: AttachedFile): Attachment {
        return other(super.attach(file), file);
      }
    };
}
