/**
 * The alarms of one screen: what is in the list, what is paused, whether it can be heard.
 *
 * The whole list is handed in at every look, by {@link AlarmState.look}, whoever raised its
 * alarms; what people do here – pause, acknowledge, test the sound – is kept here.
 */
import { byUrgency, Pauses, SoundPlan, Speaker } from '../sound/index.ts';
import type { Alarm, Priority, Scope, SpeakerState } from '../sound/index.ts';
import { MICROS_PER_SECOND, regionTime } from '../vitals/index.ts';
import type { DisplayTime, RegionTime } from '../vitals/index.ts';
import type { Shelf } from './settings.ts';
import type { WallAlarm } from './wall_alarm.ts';

/** If the page does not look for so long, the alarm sounds by the audio clock. Design. */
const DEAD_MAN_MILLIS = 7_000;
/** A check of the sound holds for a shift. Design: twelve hours. */
const CHECK_SECONDS = 12 * 3_600;
const KEY = 'ubugoe.wall.sound';

/** Whether alarms can be heard, as far as anybody knows. */
export type SoundState = 'blocked' | 'broken' | 'unchecked' | 'checked';

/** The alarms of one screen. */
export class AlarmState {
  readonly #shelf: Shelf;
  readonly #speaker = new Speaker();
  readonly #plan = new SoundPlan();
  readonly #pauses = new Pauses();
  readonly #acknowledged = new Set<string>();
  #now = 0 as DisplayTime;

  list: readonly WallAlarm[] = $state.raw([]);
  /** Milliseconds that each scope is still paused. */
  paused: ReadonlyMap<Scope, number> = $state.raw(new Map());
  speaker: SpeakerState = $state('blocked');
  checkedAt: RegionTime | undefined = $state.raw();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
    const kept = Number(shelf.getItem(KEY) ?? NaN);
    if (Number.isFinite(kept) && kept > 0) this.checkedAt = regionTime(kept);
  }

  /**
   * Takes all alarms of now, and what the region has paused, and sounds them; `watched` while the
   * page has something to watch.
   */
  look(alarms: readonly WallAlarm[], paused: ReadonlyMap<string, number>, now: DisplayTime, watched: 'watched' | 'idle'): void {
    this.#now = now;
    this.#pauses.follow(paused, now);
    const ids = new Set(alarms.map(({ id }) => id));
    for (const id of this.#acknowledged) if (!ids.has(id)) this.#acknowledged.delete(id);
    const list = alarms.map((alarm) => (this.#acknowledged.has(alarm.id) ? { ...alarm, acknowledged: true } : alarm));
    this.#pauses.look(list, now);
    this.speaker = this.#speaker.state(now);
    this.#sound(list, now);
    this.#show(list);
    if (watched === 'watched') this.#speaker.holdOff(now, DEAD_MAN_MILLIS);
    else this.#speaker.standDown();
  }

  /** Whether alarms can be heard, by the region's time. */
  sound(now: RegionTime | undefined): SoundState {
    if (this.speaker === 'blocked') return 'blocked';
    if (this.speaker !== 'ready') return 'broken';
    const { checkedAt } = this;
    if (checkedAt === undefined || now === undefined) return 'unchecked';
    const age = (now - checkedAt) / MICROS_PER_SECOND;
    return age >= 0 && age < CHECK_SECONDS ? 'checked' : 'unchecked';
  }

  /** To be called with every key and press: the browser lets a page sound only then. */
  readonly unlock = (): void => {
    this.#speaker.unlock();
  };

  /** Pauses the sound of an alarm's bed. */
  pause(alarm: Alarm): void {
    this.#pauses.pause(alarm.bed, this.list, this.#now);
    this.#again();
  }

  /** Lets it sound again. */
  resume(scope: Scope): void {
    this.#pauses.resume(scope);
    this.#again();
  }

  /** Somebody has taken an alarm of this browser over. */
  acknowledge({ id }: Alarm): void {
    this.#acknowledged.add(id);
    this.#show(this.list.map((alarm) => (alarm.id === id ? { ...alarm, acknowledged: true } : alarm)));
    this.#again();
  }

  /** Plays a burst for who wants to hear it; alarms that sound come before. */
  test(priority: Priority): void {
    this.unlock();
    if (this.list.some(({ acknowledged, bed }) => !acknowledged && !this.paused.has(bed))) return;
    this.#speaker.play(priority);
  }

  /** Somebody has heard the test. */
  confirm(now: RegionTime | undefined): void {
    this.checkedAt = now;
    if (now === undefined) return;
    try {
      this.#shelf.setItem(KEY, String(now));
    } catch {
      // Where the browser forbids storage the check holds for as long as the page is open.
    }
  }

  #again(): void {
    this.#sound(this.list, this.#now);
    this.#show(this.list);
  }

  #sound(list: readonly Alarm[], now: DisplayTime): void {
    const command = this.#plan.look(list, this.#pauses, now);
    if (command?.kind === 'play') this.#speaker.play(command.priority);
    if (command?.kind === 'quiet') this.#speaker.quiet();
  }

  #show(list: readonly WallAlarm[]): void {
    this.list = [...list].sort(byUrgency);
    this.paused = new Map(this.#pauses.scopes(this.#now).map((scope) => [scope, this.#pauses.remaining(scope, this.#now) ?? 0]));
  }
}
