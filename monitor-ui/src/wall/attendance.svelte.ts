/**
 * What staff at this wall do about alarms, and how it stands with what they asked for.
 *
 * An alarm of the region is acknowledged, marked and paused there, in sight of all walls; one that
 * this browser raised, here. Nothing is shown as done before the region has said so.
 */
import { requestKey } from '../feed/index.ts';
import type { Answer, Feed, Request } from '../feed/index.ts';
import { PAUSE_MILLIS_MAX } from '../sound/index.ts';
import { PAUSE_SECONDS_MAX } from '../vitals/index.ts';
import type { AlarmAction, BedPause, RegionTime } from '../vitals/index.ts';
import type { AlarmState } from './alarm_state.svelte.ts';
import { alarmsByBed, lastSeen, runningPauses, waits, WHOLE_REGION } from './wall_alarm.ts';
import type { WallAlarm } from './wall_alarm.ts';

/** How it stands with a request; one may also never have left this wall. */
export type Standing = Answer | { readonly state: 'not sent' };

/** So many looks, four a second, it is said that something was not sent. Design: ten seconds. */
const UNSENT_LOOKS = 40;
/** So many looks a region that lives may take to say its alarms. Design: ten seconds. */
const UNTOLD_LOOKS = 40;

/** What staff do at one wall. */
export class Attendance {
  readonly #alarms: AlarmState;
  #feed: Feed | undefined;
  #unsent = new Map<string, number>();
  #untold = 0;

  /** The alarm that somebody is acknowledging, by its id. */
  attending: string | undefined = $state();
  /** Whether the list is open; `undefined` while nobody chose. */
  list: 'open' | 'closed' | undefined = $state();
  /** Beds that would move if the tiles were sorted now. */
  moving: number = $state(0);
  /** Whether the pointer is on the tiles: nothing above them may move them then. */
  pointer: 'on' | 'off' = $state('off');
  /** Counts the wishes to sort the tiles now. */
  sorts: number = $state(0);
  standings: ReadonlyMap<string, Standing> = $state.raw(new Map());
  /** Whether the region says its alarms; `waiting` while it may still be about to. */
  told: 'known' | 'waiting' | 'never' = $state('waiting');
  pauses: ReadonlyMap<string, BedPause> = $state.raw(new Map());
  seen: ReadonlyMap<string, RegionTime> = $state.raw(new Map());
  readonly byBed = $derived.by(() => alarmsByBed(this.#alarms.list));
  readonly waiting = $derived.by(() => this.#alarms.list.filter(waits));
  readonly attended = $derived.by(() => this.#alarms.list.find(({ id }) => id === this.attending));

  constructor(alarms: AlarmState) {
    this.#alarms = alarms;
  }

  /** Looks at the feed; the milliseconds that each bed is still paused at the region. */
  look(feed: Feed | undefined, now: RegionTime | undefined): ReadonlyMap<string, number> {
    this.#feed = feed;
    for (const [key, looks] of this.#unsent) {
      if (looks <= 1) this.#unsent.delete(key);
      else this.#unsent.set(key, looks - 1);
    }
    this.#untold = feed?.knowsAlarms === false && feed.status().freshness === 'fresh' ? this.#untold + 1 : 0;
    this.told = feed?.knowsAlarms === true ? 'known' : this.#untold >= UNTOLD_LOOKS ? 'never' : 'waiting';
    this.#show();
    this.seen = lastSeen(feed?.alarms() ?? []);
    this.pauses = new Map(feed?.pauses());
    return runningPauses(this.pauses, now, PAUSE_MILLIS_MAX);
  }

  /** How it stands with a request about an alarm or its bed. */
  standing(what: Request['what'], alarm: WallAlarm): Standing | undefined {
    const { region, bed } = alarm;
    const key = what === 'pause' ? requestKey({ what, bed: bed ?? '' }) : requestKey({ what, alarm: region?.id ?? 0n });
    return this.standings.get(key);
  }

  /** Somebody wants to acknowledge an alarm: the region's with words, this browser's at once. */
  attend(alarm: WallAlarm): void {
    if (alarm.region === undefined) this.#alarms.acknowledge(alarm);
    else this.attending = alarm.id;
  }

  /** Acknowledges an alarm of the region, at the priority that was seen. */
  acknowledge(alarm: WallAlarm, seen: WallAlarm['priority'], action: AlarmAction | undefined, reason: string): void {
    if (alarm.region !== undefined) this.#ask({ what: 'acknowledge', alarm: alarm.region.id, seen, action, reason });
  }

  /** Says that an alarm of the region was an artefact. */
  markInvalid({ region }: WallAlarm): void {
    if (region !== undefined) this.#ask({ what: 'invalid', alarm: region.id });
  }

  /** Whether the sound of an alarm can be paused: of the whole region it cannot. */
  canPause({ bed }: WallAlarm): boolean {
    return bed !== WHOLE_REGION;
  }

  /** Pauses the sound of the bed of an alarm, for two minutes, where its alarms are raised. */
  pause(alarm: WallAlarm): void {
    const { bed } = alarm;
    if (bed === undefined || bed === WHOLE_REGION) return this.#alarms.pause(alarm);
    const others = this.#alarms.list.filter((each) => each.bed === bed);
    if (others.some(({ region }) => region !== undefined)) this.#ask({ what: 'pause', bed, seconds: PAUSE_SECONDS_MAX });
    if (others.some(({ region }) => region === undefined)) this.#alarms.pause(alarm);
  }

  /** Lets a bed sound again. */
  resume(bed: string | undefined): void {
    this.#alarms.resume(bed);
    const isPausedThere = bed !== undefined && this.pauses.get(bed)?.over === undefined && this.pauses.has(bed);
    if (isPausedThere) this.#ask({ what: 'pause', bed, seconds: 0 });
  }

  #ask(request: Request): void {
    const key = requestKey(request);
    const became = this.#feed?.attend(request) ?? 'not sent';
    if (became === 'not sent') this.#unsent.set(key, UNSENT_LOOKS);
    else this.#unsent.delete(key);
    this.#show();
  }

  #show(): void {
    const unsent = [...this.#unsent.keys()].map((key): [string, Standing] => [key, { state: 'not sent' }]);
    this.standings = new Map([...(this.#feed?.answers() ?? []), ...unsent]);
  }
}
