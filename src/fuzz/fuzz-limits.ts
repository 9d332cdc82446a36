import type { Limits } from '../session/world.ts';

/**
 * What a conversation of a campaign may take: thousands of requests in one packet are answered by
 * thousands of messages, and a text of megabytes is handed on as such, by a target that is well.
 */
export const fuzzLimits: Limits = {
  frame: 1 << 25,
  octets: 1 << 29,
  messages: 1_000_000,
  unread: { messages: 250_000, octets: 1 << 26 },
};
