import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashSync, verifySync } from '@node-rs/argon2';

/** The algorithms that a signup can choose from. */
export const HASHES = ['argon2id', 'sha256'] as const;
export type Hash = (typeof HASHES)[number];

/** A password as the server keeps it: salted and hashed. */
export type Secret =
  | { readonly hash: 'argon2id'; readonly encoded: string }
  | { readonly hash: 'sha256'; readonly salt: Uint8Array; readonly digest: Uint8Array };

// The least that argon2 takes: a partner for tests has nothing to guard, and should be quick.
const CHEAP = { memoryCost: 8, timeCost: 1, parallelism: 1 };
const SALT_OCTETS = 16;

/** Hashes a password as the user wished. */
export function seal(hash: Hash, password: string): Secret {
  if (hash === 'argon2id') return { hash, encoded: hashSync(password, CHEAP) };
  const salt = randomBytes(SALT_OCTETS);
  return { hash, salt, digest: sha256(salt, password) };
}

/** Whether this is the password that was sealed. */
export function fits(secret: Secret, password: string): boolean {
  if (secret.hash === 'argon2id') return verifySync(secret.encoded, password);
  return timingSafeEqual(secret.digest, sha256(secret.salt, password));
}

function sha256(salt: Uint8Array, password: string): Uint8Array {
  return createHash('sha256').update(salt).update(password).digest();
}
