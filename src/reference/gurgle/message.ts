import { isObject, isPacketId, type PacketId } from './packet.ts';

/** A file that comes with a message; `blob` is its content in base64 (RFC 4648, padded). */
export interface AttachedFile {
  readonly name: string;
  readonly type: string;
  readonly blob: string;
}

/** A message as a client sends it. */
export interface Message {
  readonly id: PacketId;
  /** UNIX seconds, kept as the sender has it. */
  readonly timestamp: number;
  /** Bare or full ID. */
  readonly to: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly AttachedFile[];
}

/** An element of a message packet: without `message` it was not understood, and fails. */
export interface Submission {
  readonly id: PacketId;
  readonly message: Message | undefined;
}

/** Reads the elements of a message packet: each has an id, and no two have the same. */
export function readSubmissions(value: unknown): readonly Submission[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const submissions: Submission[] = [];
  const ids = new Set<PacketId>();
  for (const element of value) {
    if (!isObject(element) || !isPacketId(element['id']) || ids.has(element['id'])) return undefined;
    ids.add(element['id']);
    submissions.push({ id: element['id'], message: readMessage(element['id'], element) });
  }
  return submissions;
}

function readMessage(id: PacketId, element: Readonly<Record<string, unknown>>): Message | undefined {
  const { timestamp, to, text, html, attachments } = element;
  if (typeof timestamp !== 'number' || typeof to !== 'string') return undefined;
  if (typeof text !== 'string' || typeof html !== 'string') return undefined;
  if (!Array.isArray(attachments) || !attachments.every(isAttachedFile)) return undefined;
  return { id, timestamp, to, text, html, attachments };
}

function isAttachedFile(value: unknown): value is AttachedFile {
  if (!isObject(value)) return false;
  const { name, type, blob } = value;
  return typeof name === 'string' && typeof type === 'string' && typeof blob === 'string' && isBase64(blob);
}

function isBase64(blob: string): boolean {
  return blob.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(blob);
}

/** The octets that a text in base64 stands for. */
export function decodedLength(blob: string): number {
  const padding = blob.endsWith('==') ? 2 : Number(blob.endsWith('='));
  return (blob.length / 4) * 3 - padding;
}
