import { readJson } from '../../wire/json.ts';

/** Packets are told apart by ids that are strings or numbers; null is the id of packets nobody asked for. */
export type PacketId = string | number;

/** A packet of a client: only its id is sure. */
export interface Request {
  readonly id: PacketId;
  readonly cmd?: unknown;
  readonly version?: unknown;
  readonly features?: unknown;
  readonly query?: unknown;
  readonly from?: unknown;
  readonly method?: unknown;
  readonly password?: unknown;
  readonly data?: unknown;
  readonly presence?: unknown;
  readonly etag?: unknown;
  readonly roaster?: unknown;
  readonly messages?: unknown;
}

/** The members of an answer, without the id that it takes from its request. */
export type Answer = Readonly<Record<string, unknown>>;

/** A packet of the server. */
export interface Packet extends Answer {
  readonly id: PacketId | null;
}

/** A packet, or why the octets are none. */
export type PacketRead =
  | { readonly ok: true; readonly packet: Partial<Request> }
  | { readonly ok: false; readonly what: string };

/** Reads a packet. Members that come twice and numbers that lose digits are refused, not guessed at. */
export function readPacket(payload: Uint8Array): PacketRead {
  const read = readJson(payload);
  if (!read.ok) return read;
  const doubt = read.notes.find((note) => !note.startsWith('lone-surrogate'));
  if (doubt !== undefined) return { ok: false, what: doubt };
  if (!isObject(read.value)) return { ok: false, what: 'a packet is a JSON object' };
  return { ok: true, packet: read.value };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isPacketId(value: unknown): value is PacketId {
  return typeof value === 'string' || typeof value === 'number';
}

export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
