import type { Chat, Client } from '../client.ts';
import { replaces, type Ws2017Defect } from './change.ts';

/** Defects of relaying messages and receipts. */
export const chatDefects: readonly Ws2017Defect[] = [
  {
    name: 'srv-chatm-ok-keyword',
    breaks: ['WS-077'],
    what: 'confirms a message by +OK chatm',
    change: replaces({
      respondRelayed(client) {
        this.respond(client, '+OK chatm');
      },
    }),
  },
  {
    name: 'srv-chatm-dropped',
    breaks: ['WS-078'],
    what: 'confirms messages and drops them',
    change: replaces({ deliver: () => undefined }),
  },
  {
    name: 'srv-chatm-verbatim',
    breaks: ['WS-079'],
    what: 'relays a message with quoted names',
    change: replaces({
      chatLine: ({ sender, recipient, text }) => `chatm '${sender}' '${recipient}' '${text}'`,
    }),
  },
  {
    name: 'srv-chatm-first-word',
    breaks: ['WS-080'],
    what: 'relays the first word of a message only',
    change: (Plain) =>
      class extends Plain {
        override chatLine(chat: Chat): string {
          return super.chatLine({ ...chat, text: chat.text.replace(/ .*/, '') });
        }
      },
  },
  {
    name: 'srv-chatm-broadcast',
    breaks: ['WS-081'],
    what: 'relays messages to all clients',
    change: (Plain) =>
      class extends Plain {
        override deliver(from: Client, recipient: Client, chat: Chat): void {
          super.deliver(from, recipient, chat);
          for (const other of this.others(recipient)) this.push(other, this.chatLine(chat));
        }
      },
  },
  {
    name: 'srv-chatm-repeat',
    breaks: ['WS-082'],
    what: 'relays each message twice',
    change: (Plain) =>
      class extends Plain {
        override deliver(from: Client, recipient: Client, chat: Chat): void {
          super.deliver(from, recipient, chat);
          this.push(recipient, this.chatLine(chat));
        }
      },
  },
  {
    name: 'srv-chatm-void-ok',
    breaks: ['WS-083'],
    what: 'confirms messages to names that nobody has',
    change: replaces({
      refuseRecipient(client) {
        this.respondRelayed(client);
      },
    }),
  },
  {
    name: 'srv-chatm-spoof',
    breaks: ['WS-084'],
    what: 'relays the sender as given, unchecked',
    change: replaces({ maySendAs: () => true }),
  },
  {
    name: 'srv-chatr-dropped',
    breaks: ['WS-088'],
    what: 'relays no receipts',
    change: replaces({ relayReceipt: () => undefined }),
  },
  {
    name: 'srv-chatr-as-ok',
    breaks: ['WS-089'],
    what: 'relays a receipt as a response with both names',
    change: replaces({ receiptLine: (sender, recipient) => `+OK 'message received' ${sender} ${recipient}` }),
  },
  {
    name: 'srv-chatr-broadcast',
    breaks: ['WS-090'],
    what: 'relays receipts to all clients',
    change: (Plain) =>
      class extends Plain {
        override relayReceipt(_from: Client, sender: string, recipient: string): void {
          for (const client of this.clients) super.relayReceipt(client, sender, recipient);
        }
      },
  },
  {
    name: 'srv-chatr-automatic',
    breaks: ['WS-091'],
    what: 'sends receipts itself, as soon as it relays a message',
    change: (Plain) =>
      class extends Plain {
        override deliver(from: Client, recipient: Client, chat: Chat): void {
          super.deliver(from, recipient, chat);
          this.confirm(recipient, chat.sender, chat.recipient);
        }
      },
  },
  {
    name: 'srv-chatr-spoof',
    breaks: ['WS-092'],
    what: 'relays receipts of third clients',
    change: (Plain) =>
      class extends Plain {
        override takeUnconfirmed(client: Client, sender: string, recipient: string): Client | undefined {
          const holder = this.users.get(recipient) ?? client;
          return super.takeUnconfirmed(holder, sender, recipient);
        }
      },
  },
  {
    name: 'srv-ok-after-chatr',
    breaks: ['WS-093'],
    what: 'confirms a message only after the receipt',
    change: (Plain) =>
      class extends Plain {
        override respondRelayed(): void {}

        override relayReceipt(from: Client, sender: string, recipient: string): void {
          super.respondRelayed(from);
          super.relayReceipt(from, sender, recipient);
        }
      },
  },
];
