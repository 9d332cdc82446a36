import { closest, distance } from 'fastest-levenshtein';
import { SparError } from '../problem/problem.ts';

/** Where a target listens. */
export type Address =
  | { readonly kind: 'tcp' | 'tls'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'ws' | 'wss';
      readonly host: string;
      readonly port: number;
      /** Path and query of the handshake's request. */
      readonly path: string;
    }
  | { readonly kind: 'unix'; readonly path: string };

const SCHEMES = ['tcp', 'tls', 'ws', 'wss', 'unix'] as const;
const EXAMPLE = 'Write it as tcp://127.0.0.1:5000, tls://…, ws://host:port/path, wss://… or unix:/path.';
const HIGHEST_PORT = 65_535;

/**
 * Reads an address such as `tcp://127.0.0.1:5000`, `wss://host/path` or `unix:/run/x.sock`.
 * `defaultPort` is taken where the address names none (for ws and wss else 80 and 443).
 * Throws a `SparError` (fault: user).
 */
export function parseAddress(text: string, defaultPort?: number): Address {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(?!\d+$)(.*)$/i.exec(text) ?? [];
  if (scheme === undefined) throw wrong(`${text} is not an address: it names no transport`, mendBare(text));
  const kind = SCHEMES.find((known) => known === scheme.toLowerCase());
  if (kind === undefined) throw wrong(`${text} has the unknown transport ${scheme}`, mendScheme(scheme));
  if (kind === 'unix') return { kind, path: unixPath(text, rest) };

  const parts = /^\/\/(?:\[([\da-f:.]+)\]|([^\s:/?#@[\]]+))(?::(\d+))?([/?]\S*)?$/i.exec(rest);
  if (!parts) throw wrong(`${text} is not an address of the form ${kind}://host:port`, EXAMPLE);
  const [, six, name, digits, path = ''] = parts;
  const host = six ?? name ?? '';
  const port = portOf(
    text,
    digits,
    defaultPort ?? { ws: 80, wss: 443, tcp: undefined, tls: undefined }[kind],
  );
  if (kind === 'ws' || kind === 'wss') {
    return { kind, host, port, path: path.startsWith('/') ? path : `/${path}` };
  }
  if (path !== '' && path !== '/') throw wrong(`${text}: an address of ${kind} has no path`, EXAMPLE);
  return { kind, host, port };
}

/** The text from which `parseAddress` makes the same address. */
export function formatAddress(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const path = 'path' in address ? address.path : '';
  return `${address.kind}://${host}:${address.port}${path}`;
}

function unixPath(text: string, rest: string): string {
  const path = rest.replace(/^\/\/(?=\/)/, '');
  if (path === '' || path === '/') throw wrong(`${text} names no socket`, 'Write unix:/path/to/socket.');
  return path;
}

function portOf(text: string, digits: string | undefined, otherwise: number | undefined): number {
  if (digits === undefined) {
    if (otherwise !== undefined) return otherwise;
    throw wrong(`${text} has no port`, 'Add the port at the end of the host, e.g. :5000.');
  }
  const port = Number(digits);
  if (port >= 1 && port <= HIGHEST_PORT) return port;
  throw wrong(`${text}: ${digits} is not a port`, `A port is a number from 1 to ${HIGHEST_PORT}.`);
}

function mendBare(text: string): string {
  return /^\S+:\d+$/.test(text) ? `Did you mean tcp://${text}?` : EXAMPLE;
}

function mendScheme(scheme: string): string {
  const near = closest(scheme.toLowerCase(), SCHEMES);
  return distance(scheme.toLowerCase(), near) <= 2 ? `Did you mean ${near}?` : EXAMPLE;
}

function wrong(what: string, mend: string): SparError {
  return new SparError({ fault: 'user', what, mend });
}
