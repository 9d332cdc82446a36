/** A Gurgle ID: `[ "grgl:" ] username "@" domain [ "/" terminal ]`; bare without a terminal, full with one. */
export interface GurgleId {
  readonly username: string;
  readonly domain: string;
  /** As it was written: it need not be valid. */
  readonly terminal: string | undefined;
}

const ID = /^(?:grgl:)?([^\s/@\p{Cc}]+)@([^\s/@\p{Cc}]+)(?:\/(.*))?$/su;
const TERMINAL = /^[A-Za-z0-9_-]{1,32}$/;

/** Reads an ID; whatever is none gives undefined. */
export function parseId(written: unknown): GurgleId | undefined {
  const [, username, domain, terminal] = (typeof written === 'string' && ID.exec(written)) || [];
  if (username === undefined || domain === undefined || !isHost(domain)) return undefined;
  return { username, domain, terminal };
}

/** A name with a dot, or the literal of an IP address. */
function isHost(domain: string): boolean {
  return /[.:]/.test(domain);
}

/** The ID without its terminal. */
export function bareId(id: GurgleId): string {
  return `${id.username}@${id.domain}`;
}

/** Whether a terminal is valid; the server replaces one that is not. */
export function isTerminal(written: string | undefined): written is string {
  return written !== undefined && TERMINAL.test(written);
}
