import type { Link, LinkSink } from '../session/link.ts';
import type { Framing } from '../wire/framing.ts';
import { type FramingSpec, framingOf } from '../wire/framing-by-name.ts';
import type { ServerDefect } from './defect.ts';
import type { ReferenceServer } from './reference.ts';

/** A reference server that takes one of the other choices of a dialect, e.g. `quotes=none`. */
export type Speaker<Server extends ReferenceServer> = ServerDefect<Server>;

/** Derives the server that speaks a dialect from the plain one. */
export function speaker<Server extends ReferenceServer>(
  name: string,
  change?: NonNullable<ServerDefect<Server>['change']>,
): Speaker<Server> {
  return { name, breaks: [], what: 'speaks another dialect', ...(change ? { change } : {}) };
}

const limits = { frame: 2 ** 24 };

/** Hands what comes in one framing to a server that reads another one, and back. */
export function reframed(
  link: Link,
  spoken: FramingSpec,
  own: Framing,
  accept: (link: Link) => LinkSink,
): LinkSink {
  const outer = framingOf(spoken);
  const said = own.reader(limits);
  const heard = outer.reader(limits);
  const sink = accept({
    write: (bytes) => {
      said.push(bytes);
      for (let read = said.next(); read.kind === 'frame'; read = said.next())
        link.write(outer.encode(read.frame.payload));
    },
    end: () => link.end(),
    close: () => link.close(),
    reset: () => link.reset(),
    pause: () => link.pause(),
    resume: () => link.resume(),
    get queued() {
      return link.queued;
    },
  });
  return {
    data: (chunk) => {
      heard.push(chunk);
      for (let read = heard.next(); read.kind === 'frame'; read = heard.next())
        sink.data(own.encode(read.frame.payload));
    },
    ended: (kind, detail) => sink.ended(kind, detail),
  };
}
