import type { Incoming } from '../incoming.ts';
import { type ChatClientDefect, sends } from './change.ts';

/** Defects of identification and of protocol.standard. */
export const introductionDefects: readonly ChatClientDefect[] = [
  {
    name: 'cli-standard-first',
    breaks: ['CN-016'],
    what: 'asks for the standards before it identifies itself',
    change: (Plain) =>
      class extends Plain {
        override greet(): void {
          this.ask({ type: 'protocol.standard', standards: 'ciphers,hashes' }, () => super.greet());
        }
      },
  },
  {
    name: 'cli-no-version',
    breaks: ['CN-018'],
    what: 'identifies itself without a version',
    change: sends('identification', () => ({ version: undefined })),
  },
  {
    name: 'cli-version-2',
    breaks: ['CN-019'],
    what: 'declares the version 2.0.0',
    change: sends('identification', () => ({ version: '2.0.0' })),
  },
  {
    name: 'cli-client-object',
    breaks: ['CN-020'],
    what: 'gives its name as an object',
    change: sends('identification', ({ client }) => ({ client: { name: client } })),
  },
  {
    name: 'cli-server-required',
    breaks: ['CN-026'],
    what: 'leaves a server that does not give its name',
    change: (Plain) =>
      class extends Plain {
        override approves(identification: Incoming): boolean {
          return super.approves(identification) && 'server' in identification;
        }
      },
  },
  {
    name: 'cli-needs-invitations',
    breaks: ['CN-028'],
    what: 'leaves a server that is not open for invitations',
    change: (Plain) =>
      class extends Plain {
        override approves(identification: Incoming): boolean {
          return super.approves(identification) && identification['invitations'] === true;
        }
      },
  },
  {
    name: 'cli-skips-standard',
    breaks: ['CN-029'],
    what: 'does not ask for the standards',
    change: (Plain) =>
      class extends Plain {
        override askStandards(): void {
          this.ready();
        }
      },
  },
  {
    name: 'cli-no-wait',
    breaks: ['CN-030'],
    what: 'asks for the standards without waiting for the identification of the server',
    change: (Plain) =>
      class extends Plain {
        override greet(): void {
          super.greet();
          super.askStandards();
        }

        override askStandards(): void {}
      },
  },
  {
    name: 'cli-standards-array',
    breaks: ['CN-031'],
    what: 'asks for the standards by a list',
    change: sends('protocol.standard', () => ({ standards: ['ciphers', 'hashes'] })),
  },
];
