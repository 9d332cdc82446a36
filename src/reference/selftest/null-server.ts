import type { Scope } from '../../match/expression.ts';
import { compileValue } from '../../match/interpolate.ts';
import type { Protocol } from '../../protocol/definition.ts';
import { payloadBytes, readMessage } from '../../protocol/message.ts';
import { viewOf } from '../../protocol/rules.ts';
import type { Accept, Link, LinkSink } from '../../session/link.ts';

/** What stands in for a server without being one. */
export const nullServers = ['silent', 'hangs-up', 'echo', 'banner', 'refuses'] as const;
export type NullServer = (typeof nullServers)[number];

/** A target that does nothing of what the protocol asks: a case that passes on it proves nothing. */
export function nullServer(protocol: Protocol, kind: NullServer): Accept {
  return (link) => {
    if (kind === 'hangs-up') link.close();
    if (kind === 'banner' && protocol.decoys.banner !== undefined)
      say(protocol, link, protocol.decoys.banner, {});
    return sinks[kind](protocol, link);
  };
}

const deaf: LinkSink = { data: () => undefined, ended: () => undefined };

const sinks: Record<NullServer, (protocol: Protocol, link: Link) => LinkSink> = {
  silent: () => deaf,
  'hangs-up': () => deaf,
  banner: () => deaf,
  echo: (_protocol, link) => ({ data: (chunk) => link.write(chunk), ended: () => link.close() }),
  refuses,
};

function refuses(protocol: Protocol, link: Link): LinkSink {
  const reader = protocol.framing.reader({ frame: 1 << 20 });
  return {
    data: (chunk) => {
      reader.push(chunk);
      for (let read = reader.next(); read.kind === 'frame'; read = reader.next()) {
        const message = readMessage(protocol, 'client', read.frame, () => true);
        if (protocol.decoys.refusal !== undefined)
          say(protocol, link, protocol.decoys.refusal, viewOf(message));
      }
    },
    ended: () => link.close(),
  };
}

function say(protocol: Protocol, link: Link, template: unknown, request: unknown): void {
  const scope: Scope = {
    get: ([head, key]) =>
      head === 'request' && key !== undefined
        ? ((request as Record<string, unknown> | null)?.[key] ?? null)
        : undefined,
  };
  link.write(protocol.framing.encode(payloadBytes(protocol, compileValue(template)(scope))));
}
