import type { Message } from '../protocol/message.ts';
import { valueAt } from './peer.ts';

/** The same message about people of other names: letters and digits are moved on by one. */
export function aboutOthers(message: Message): Message {
  const names = (message.definition?.about ?? [])
    .flatMap((field) => valueAt(message.fields, field))
    .filter((name) => typeof name === 'string' && name !== '') as string[];
  const renamed = (value: unknown): unknown => {
    if (typeof value === 'string')
      return names.reduce((text, name) => text.replaceAll(name, moved(name)), value);
    if (Array.isArray(value)) return value.map(renamed);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner)]));
  };
  const fields = renamed(message.fields) as Message['fields'];
  return { ...message, payload: renamed(message.payload), fields };
}

function moved(name: string): string {
  const next: Readonly<Record<string, string>> = { z: 'a', Z: 'A', 9: '0' };
  return name.replace(/[a-z0-9]/gi, (char) => next[char] ?? String.fromCharCode(char.charCodeAt(0) + 1));
}
