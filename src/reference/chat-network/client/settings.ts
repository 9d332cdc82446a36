import type { Framing } from '../../../wire/framing.ts';
import { FRAMING_NAMES, framingOf } from '../../../wire/framing-by-name.ts';
import type { ClientOptions } from '../../reference.ts';

/** How objects are told apart: as the setting `framing` names it (e.g. `lf`), else `message`. */
export function framingSetting(settings: ClientOptions['settings']): Framing {
  return framingOf(FRAMING_NAMES.find((name) => name === settings['framing']) ?? 'message');
}
