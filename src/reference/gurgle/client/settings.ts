import type { ClientOptions } from '../../reference.ts';

/** Who logs in. The setting `framing` names how packets are told apart; `len32be` if absent. */
export interface Credentials {
  /** The setting `id`: a Gurgle ID, bare or full. Required. */
  readonly id: string;
  /** The setting `password`. */
  readonly password: string;
}

/** Reads the settings of the reference client. */
export function credentials(settings: ClientOptions['settings']): Credentials {
  return { id: String(settings['id'] ?? ''), password: String(settings['password'] ?? '') };
}
