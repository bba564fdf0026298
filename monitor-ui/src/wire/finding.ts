/** The body of a finding: 56 bytes. Codes and units are in the table of the crate `protocol`. */
import { bridgeTime, FINDING_CODES, PROFILES, TICKS_PER_SECOND } from '../vitals/index.ts';
import type { BridgeTime, Finding, FindingId, FindingKind, Profile } from '../vitals/index.ts';
import { codedOrNone, optionalU16, percent, refused, reserved, span } from './fields.ts';
import type { Reader } from './reader.ts';

const KINDS = new Map<number, FindingKind>(
  Object.entries(FINDING_CODES).map(([kind, code]) => [code, kind as FindingKind]),
);
const NO_LAG = -(2 ** 31);

/** Reads the body of a finding. */
export function readFinding(reader: Reader): Finding<BridgeTime> {
  const code = reader.u8('finding');
  const kind = KINDS.get(code);
  if (kind === undefined) throw refused('finding', code);
  const severity = codedOrNone(['mild', 'severe'] as const, reader, 'severity');
  const profiles = readProfiles(reader);
  const likelihoodPercent = percent(reader, 'likelihood');
  const lostPercent = percent(reader, 'lost share');
  reserved(reader, 1);
  const value = optionalU16(reader, kind === 'contraction' ? 2 : 4, 'value');
  const depthBpm = optionalU16(reader, 4, 'depth');
  const fallSeconds = optionalU16(reader, TICKS_PER_SECOND, 'fall');
  const areaBpmSeconds = reader.u32('area');
  const { from, to } = span(reader);
  const extremeAt = bridgeTime(reader.i64Number('extreme_at'));
  if (extremeAt < from || extremeAt > to) throw refused('extreme_at', extremeAt);
  const lag = reader.i32('lag');
  reserved(reader, 4);
  const contraction = reader.u64('contraction');
  return {
    kind,
    severity,
    profiles,
    likelihoodPercent,
    lostPercent,
    value,
    depthBpm,
    fallSeconds,
    areaBpmSeconds,
    from,
    to,
    extremeAt,
    lagSeconds: lag === NO_LAG ? undefined : lag / 1000,
    contraction: contraction === 0n ? undefined : (contraction as FindingId),
  };
}

function readProfiles(reader: Reader): readonly Profile[] {
  const bits = reader.u8('profiles');
  if (bits >> PROFILES.length !== 0) throw refused('profiles', bits);
  return PROFILES.filter((_, bit) => (bits & (1 << bit)) !== 0);
}
