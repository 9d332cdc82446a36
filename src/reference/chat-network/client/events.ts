import type { Incoming } from './incoming.ts';
import { unseal } from './sealed.ts';

/** An event in words, on one line. What it says is the other side's: it may hold any character. */
export async function describeEvent(event: Incoming): Promise<string> {
  const source = textOf(event, 'source');
  switch (event.type) {
    case 'invite.request':
      return `${source} invites you: /accept or /reject`;
    case 'invite.accept':
      return `${source} accepts your invite`;
    case 'invite.reject':
      return `${source} rejects your invite`;
    case 'message':
      return describeMessage(event, source);
    default:
      return `unknown event ${JSON.stringify(event)}`;
  }
}

async function describeMessage(event: Incoming, source: string): Promise<string> {
  const sealed = { nonce: textOf(event, 'nonce'), message: textOf(event, 'message') };
  const text = await unseal(sealed, source, textOf(event, 'dest'));
  return text === undefined ? `${source} (not readable): ${sealed.message}` : `${source}: ${text}`;
}

/** A member that is missing or no string is the empty string. */
function textOf(event: Incoming, member: string): string {
  const value = event[member];
  return typeof value === 'string' ? value : '';
}
