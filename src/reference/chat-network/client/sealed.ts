const IV_OCTETS = 12;

const utf8 = new TextEncoder();

/** A message as it crosses the wire, both members in base64. */
export interface Sealed {
  readonly nonce: string;
  readonly message: string;
}

/** A nonce for one message. */
export function freshNonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(IV_OCTETS))).toString('base64');
}

/** Encrypts what one user writes to another (AES-256-GCM). */
export async function seal(text: string, nonce: string, source: string, dest: string): Promise<string> {
  const key = await keyBetween(source, dest);
  const sealed = await crypto.subtle.encrypt(parameters(nonce), key, utf8.encode(text));
  return Buffer.from(sealed).toString('base64');
}

/** The text of a message; undefined if it was not sealed by `seal` between these users. */
export async function unseal(
  { nonce, message }: Sealed,
  source: string,
  dest: string,
): Promise<string | undefined> {
  const key = await keyBetween(source, dest);
  try {
    const text = await crypto.subtle.decrypt(parameters(nonce), key, Buffer.from(message, 'base64'));
    return Buffer.from(text).toString();
  } catch {
    return undefined;
  }
}

/**
 * No secret: whoever knows two names can make their key. The document leaves the negotiation of keys
 * out; this stands in for it, so that messages are as opaque on the wire as those of a real client.
 */
async function keyBetween(source: string, dest: string) {
  const names = utf8.encode(JSON.stringify([source, dest].sort()));
  const digest = await crypto.subtle.digest('SHA-256', names);
  return crypto.subtle.importKey('raw', digest, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function parameters(nonce: string) {
  return { name: 'AES-GCM', iv: Buffer.from(nonce, 'base64') };
}
