import { randomInt } from 'node:crypto';

/** One of the addresses of the machine itself, other than 127.0.0.1; not every system takes them all. */
export function loopback(): string {
  return `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
}
