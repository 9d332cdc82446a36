/** A packet of the client, without its id. */
export type Outgoing = Readonly<Record<string, unknown>>;

/** A file that goes with a message. */
export interface OutgoingFile {
  readonly name: string;
  /** A MIME type. */
  readonly type: string;
  /** The content in base64. */
  readonly blob: string;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['txt', 'text/plain'],
  ['html', 'text/html'],
  ['json', 'application/json'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
]);

/** A file with a text in it. */
export function fileOf(name: string, content: string): OutgoingFile {
  const type = TYPES.get(extensionOf(name)) ?? 'application/octet-stream';
  return { name, type, blob: Buffer.from(content).toString('base64') };
}

/** What comes behind the last dot of a file name. */
export function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** The HTML version of a text. */
export function htmlOf(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
