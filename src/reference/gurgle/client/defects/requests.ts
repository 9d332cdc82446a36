import { extensionOf, htmlOf, type OutgoingFile } from '../outgoing.ts';
import { type GurgleClientDefect, sends, sendsItems } from './change.ts';

/** Defects of what is asked for after the login, and of the end. */
export const requestDefects: readonly GurgleClientDefect[] = [
  {
    name: 'cli-ping-no-data',
    breaks: ['GUR-069'],
    what: 'pings without data',
    change: sends('ping', () => ({ data: undefined })),
  },
  {
    name: 'cli-presence-flat',
    breaks: ['GUR-073'],
    what: 'shows its presence without an object of its own',
    change: sends('presence', ({ presence }) => ({ presence: undefined, ...(presence as object) })),
  },
  {
    name: 'cli-status-busy',
    breaks: ['GUR-074'],
    what: 'shows itself as busy, whatever it is, if it is not available',
    change: (Plain) =>
      class extends Plain {
        override publish(status: string, mood: string): void {
          super.publish(status === 'available' ? status : 'busy', mood);
        }
      },
  },
  {
    name: 'cli-get-roster',
    breaks: ['GUR-085'],
    what: 'asks for the contacts by get_roster',
    change: sends('get_roaster', () => ({ cmd: 'get_roster' })),
  },
  {
    name: 'cli-etag-invented',
    breaks: ['GUR-086'],
    what: 'asks for the contacts with a tag that it made up',
    change: (Plain) =>
      class extends Plain {
        override cachedTag(): string {
          return 'invented';
        }
      },
  },
  {
    name: 'cli-delete-string',
    breaks: ['GUR-099'],
    what: 'says by a text whether a contact is deleted',
    change: sendsItems('update_roaster', 'roaster', (item) => ({ delete: String(item['delete']) })),
  },
  {
    name: 'cli-message-singular',
    breaks: ['GUR-108'],
    what: 'sends a message that is not in a list',
    change: sends('message', ({ messages }) => ({
      messages: undefined,
      message: (messages as readonly unknown[])[0],
    })),
  },
  {
    name: 'cli-timestamp-iso',
    breaks: ['GUR-109'],
    what: 'sends its time as a text',
    change: (Plain) =>
      class extends Plain {
        override timestamp(): string {
          return new Date(this.options.clock.wall()).toISOString();
        }
      },
  },
  {
    name: 'cli-text-escaped',
    breaks: ['GUR-110'],
    what: 'sends the text version with the escapes of HTML',
    change: sendsItems('message', 'messages', ({ text }) => ({ text: htmlOf(String(text)) })),
  },
  {
    name: 'cli-message-id-constant',
    breaks: ['GUR-111'],
    what: 'numbers every message 1',
    change: (Plain) =>
      class extends Plain {
        override newMessageId(): number {
          return 1;
        }
      },
  },
  {
    name: 'cli-attachment-type-extension',
    breaks: ['GUR-112'],
    what: 'gives the extension of a file for its type',
    change: (Plain) =>
      class extends Plain {
        override fileOf(name: string, content: string): OutgoingFile {
          return { ...super.fileOf(name, content), type: extensionOf(name) };
        }
      },
  },
  {
    name: 'cli-quit-abrupt',
    breaks: ['GUR-133'],
    what: 'leaves without a word',
    change: (Plain) =>
      class extends Plain {
        override quit(): void {
          this.inTurn(() => this.leave(0));
        }
      },
  },
  {
    name: 'cli-quit-no-wait',
    breaks: ['GUR-134'],
    what: 'leaves without waiting for bye',
    change: (Plain) =>
      class extends Plain {
        override takeLeave(then: () => void): void {
          super.takeLeave(then);
          this.gone();
        }
      },
  },
  {
    name: 'cli-kill-bare',
    breaks: ['GUR-137'],
    what: 'kills a session without saying why',
    change: sends('kill', () => ({ error: undefined, reason: undefined })),
  },
];
