import type { Framing } from '../../wire/framing.ts';
import { FRAMING_NAMES, framingOf } from '../../wire/framing-by-name.ts';
import type { ServerOptions } from '../reference.ts';

/** How packets are told apart: as the setting `framing` names it (e.g. `json-stream`), else `len32be`. */
export function framingSetting(settings: ServerOptions['settings']): Framing {
  return framingOf(FRAMING_NAMES.find((name) => name === settings?.['framing']) ?? 'len32be');
}
