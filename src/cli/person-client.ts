import { createInterface } from 'node:readline/promises';
import type { Protocol } from '../protocol/definition.ts';
import type { ClientMaker, StartedClient } from '../run/client-target.ts';
import type { ClientAddress } from '../run/door.ts';

/** Milliseconds that a person may take to start a client. */
const patience = 120_000;

/** A client that a person starts and drives by hand: spar says what to do, one line at a time. */
export function personAtClient(protocol: Protocol, shows: Readonly<Record<string, string>>): ClientMaker {
  return {
    kind: 'address',
    label: 'a client that a person drives',
    stimuli: new Set(protocol.stimuli.keys()),
    shows,
    connectLimit: patience,
    start: async (address, values) => {
      say(`Connect your client to ${address.url}${called(values)} (${patience / 1000} s).`);
      return new Driven(protocol, address);
    },
  };
}

function called(values: Readonly<Record<string, unknown>>): string {
  return typeof values['name'] === 'string' ? ` as ${values['name']}` : '';
}

function say(line: string): void {
  process.stderr.write(`▶ ${line}\n`);
}

class Driven implements StartedClient {
  readonly #protocol: Protocol;
  readonly #address: ClientAddress;
  #shown = '';

  constructor(protocol: Protocol, address: ClientAddress) {
    this.#protocol = protocol;
    this.#address = address;
  }

  async run(stimulus: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const ask = this.#protocol.stimuli.get(stimulus)?.ask ?? `${stimulus} ${JSON.stringify(values)}`;
    say(
      `Now make it: ${ask.replace(/\{([\w-]+)\}/g, (whole, name: string) => String(values[name] ?? whole))}`,
    );
    if (stimulus !== 'messages' && stimulus !== 'inbox') return;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    this.#shown += `${await terminal.question('  What does it show? ')}\n`;
    terminal.close();
  }

  shown(): string {
    return this.#shown;
  }

  ended(): undefined {
    return undefined;
  }

  async stop(): Promise<void> {
    say(`This conversation is over: end the client at ${this.#address.url}.`);
  }
}
