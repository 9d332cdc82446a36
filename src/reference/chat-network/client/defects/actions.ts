import type { Incoming } from '../incoming.ts';
import { type ChatClientDefect, sends } from './change.ts';

const swapped = ({ source, dest }: Record<string, unknown>) => ({ source: dest, dest: source });

/** Defects of events, invites and messages. */
export const actionDefects: readonly ChatClientDefect[] = [
  {
    name: 'cli-event-as-reply',
    breaks: ['CN-082'],
    what: 'takes an event for the reply that it waits for',
    change: (Plain) =>
      class extends Plain {
        override answers(): boolean {
          return true;
        }
      },
  },
  {
    name: 'cli-invite-swapped',
    breaks: ['CN-083'],
    what: 'invites with source and dest swapped',
    change: sends('invite.request', swapped),
  },
  {
    name: 'cli-accept-echoes',
    breaks: ['CN-089'],
    what: 'accepts with the source and dest of the invite',
    change: sends('invite.accept', swapped),
  },
  {
    name: 'cli-reject-as-accept',
    breaks: ['CN-091'],
    what: 'rejects by an invite.accept with a flag',
    change: sends('invite.reject', () => ({ type: 'invite.accept', accepted: false })),
  },
  {
    name: 'cli-auto-accept',
    breaks: ['CN-094'],
    what: 'accepts every invite by itself',
    change: (Plain) =>
      class extends Plain {
        override hear(event: Incoming): void {
          super.hear(event);
          if (event.type === 'invite.request') this.decide('accept', String(event['source']));
        }
      },
  },
  {
    name: 'cli-message-no-nonce',
    breaks: ['CN-095'],
    what: 'sends messages without a nonce',
    change: sends('message', () => ({ nonce: undefined })),
  },
  {
    name: 'cli-nonce-constant',
    breaks: ['CN-096'],
    what: 'uses one nonce for all messages',
    change: (Plain) =>
      class extends Plain {
        #nonce: string | undefined;

        override newNonce(): string {
          this.#nonce ??= super.newNonce();
          return this.#nonce;
        }
      },
  },
  {
    name: 'cli-message-clear',
    breaks: ['CN-103'],
    what: 'sends messages in clear',
    change: (Plain) =>
      class extends Plain {
        override async seal(text: string): Promise<string> {
          return text;
        }
      },
  },
];
