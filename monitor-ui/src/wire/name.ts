/** Names of devices and bridges: 1 to 32 of `a-z`, `0-9`, `-`, `_` and `.`. */
import type { Brand } from '../vitals/index.ts';
import { WireError } from './wire_error.ts';

/** A monitor, as its bridge calls it. */
export type DeviceName = Brand<string, 'device'>;
/** A bridge, as the region enrolled it. */
export type BridgeName = Brand<string, 'bridge'>;

const NAME = /^[a-z0-9][a-z0-9._-]{0,31}$/;

/** Checks a device's name; throws {@link WireError}. */
export function deviceName(text: string): DeviceName {
  return checked(text, 'device') as DeviceName;
}

/** Checks a bridge's name; throws {@link WireError}. */
export function bridgeName(text: string): BridgeName {
  return checked(text, 'bridge') as BridgeName;
}

function checked(text: string, field: string): string {
  if (!NAME.test(text)) throw new WireError({ kind: 'value', field, value: text.length });
  return text;
}
