/**
 * The state of one wall screen: few places, read by everything that paints.
 *
 * The feed is looked at four times a second; between two looks nothing on the page changes but
 * the strips, which read the feed themselves in the frame loop.
 */
import { Feed, browserNow, SILENCE_MILLIS, WALL_ALARM_MILLIS, webrtcPeer, websocketPeer } from '../feed/index.ts';
import type { BedSilence, FeedStatus, Judged, PlacedAlarm, Track, TransportChoice } from '../feed/index.ts';
import type { DisplayTime, RegionTime } from '../vitals/index.ts';
import { CSS_PX_PER_CM, FrameLoop } from '../strip/index.ts';
import type { StripWords } from '../strip/index.ts';
import { INKS } from '../theme/index.ts';
import { AlarmState } from './alarm_state.svelte.ts';
import { Attendance } from './attendance.svelte.ts';
import { keepCalibration, loadCalibration } from './calibration.ts';
import type { Display } from './calibration.ts';
import { CALIBRATION_WORDS } from './calibration_words.ts';
import { clockTime, duration, minuteTime, paperTime } from './format.ts';
import { silenceAlarms, unwatchedAlarm } from './local_alarms.ts';
import { findingTexts, levelTexts } from './reading_text.ts';
import { hasRead, keepRead } from './safety_seen.ts';
import { logOut, mayJudge, who } from './session.ts';
import type { Viewer } from './session.ts';
import { keepSettings, loadSettings } from './settings.ts';
import type { Screen, Settings, Shelf } from './settings.ts';
import { startTicker } from './ticker.ts';
import { shownAlarms, withoutDoubles } from './wall_alarm.ts';
import type { WallAlarm } from './wall_alarm.ts';
import { WORDS } from './words.ts';

/** Time between two looks at the feed. */
const LOOK_MILLIS = 250;
/** Time between two questions of who is logged in, while the region cannot be reached. */
const ASK_AGAIN_MILLIS = 2_000;

/** A clock of this computer that is so far off is worth a word; nothing depends on it. Design. */
const CLOCK_OFF_MILLIS = 30_000;

/** Which dialog lies over the wall. */
export type Dialog = 'none' | 'sound' | 'safety';

/** Where the login stands. */
export type Session =
  | { readonly kind: 'asking' | 'unreachable' }
  | { readonly kind: 'nobody'; readonly why: 'new' | 'ended' }
  | { readonly kind: 'viewer'; readonly viewer: Viewer };

/** What the wall is started with. */
export interface Start {
  readonly origin: URL;
  readonly transport: TransportChoice;
  readonly shelf: Shelf;
  readonly screen: Screen;
  /** On which screen the page is now; it may be moved and zoomed. */
  readonly display: () => Display;
}

/** One wall screen. */
export class WallState {
  readonly #start: Start;
  #feed: Feed | undefined;
  #ticker: (() => void) | undefined;
  #due: ReturnType<typeof setTimeout> | undefined;
  #unreachableSince: DisplayTime | undefined;
  #endedAt: RegionTime | undefined;
  #asking: 'now' | 'no' = 'no';

  /** Shared by every strip of the wall. */
  readonly loop: FrameLoop;
  readonly alarms: AlarmState;
  readonly attendance: Attendance;
  settings: Settings = $state.raw({} as Settings);
  session: Session = $state.raw({ kind: 'asking' });
  status: FeedStatus | undefined = $state.raw();
  regionTime: RegionTime | undefined = $state.raw();
  tracks: readonly Track[] = $state.raw([]);
  selectedKey: string | undefined = $state();
  display: Display = $state.raw({ width: 0, height: 0, ratio: 1 });
  /** Device pixels of a centimetre; `undefined` until somebody has matched this screen. */
  devicePxPerCm: number | undefined = $state();
  dialog: Dialog = $state('none');
  /** How far the clock of this computer is off, in milliseconds, where that is worth a word. */
  clockOffMillis: number | undefined = $state();

  readonly words = $derived(WORDS[this.settings.language]);
  readonly inks = $derived(INKS[this.settings.theme]);
  readonly selected = $derived(this.tracks.find((track) => track.key === this.selectedKey));
  /** CSS pixels of a centimetre: matched, or the browser's guess. */
  readonly pxPerCm = $derived(this.devicePxPerCm === undefined ? CSS_PX_PER_CM : this.devicePxPerCm / this.display.ratio);
  readonly stripWords: StripWords = $derived.by(() => {
    const { words } = this;
    const { language } = this.settings;
    return {
      absence: (channel, why) => words.strip.lost(words.channel[channel], words.absence[why]),
      gap: (why) => words.strip.gap[why],
      noDataFor: (seconds) => words.strip.noDataFor(duration(words, seconds)),
      late: words.strip.late,
      coincidence: words.strip.coincidence,
      rateTitle: this.#rateTitle(),
      activityTitle: (transducers) => words.strip.activityTitle[transducers?.ua ?? 0],
      finding: (finding) => {
        const texts = findingTexts(words.analysis, finding);
        return finding.fetus === 1 ? texts : texts.map((text) => `${words.analysis.fetus(finding.fetus)} ${text}`);
      },
      level: (assessment) => levelTexts(words.analysis, assessment),
      notAnalysed: words.analysis.notAnalysed,
      timeOfDay: (micros) => paperTime(language, micros),
    };
  });

  constructor(start: Start, calm: MediaQueryList) {
    this.#start = start;
    this.settings = loadSettings(start.shelf, start.screen);
    this.#lookAtDisplay();
    this.alarms = new AlarmState(start.shelf);
    this.attendance = new Attendance(this.alarms);
    this.loop = new FrameLoop(() => (calm.matches ? 'calm' : 'smooth'));
  }

  /** Asks who is logged in, and shows the wall or the login. */
  async begin(): Promise<void> {
    this.#ticker ??= startTicker(LOOK_MILLIS, () => this.#look());
    const answer = await who();
    if (answer.kind === 'viewer') this.#enter(answer.viewer);
    else if (answer.kind === 'nobody') this.#leave('new');
    else {
      if (this.session.kind === 'asking') this.#unreachableSince = browserNow();
      this.session = { kind: 'unreachable' };
      setTimeout(() => void this.begin(), ASK_AGAIN_MILLIS);
    }
  }

  /** Changes some of the settings, and remembers them. */
  change(some: Partial<Settings>): void {
    this.settings = { ...this.settings, ...some };
    keepSettings(this.#start.shelf, this.settings);
  }

  /** Keeps how large a centimetre is on this screen, or forgets it. */
  calibrate(devicePxPerCm: number | undefined): void {
    keepCalibration(this.#start.shelf, this.display, devicePxPerCm);
    this.devicePxPerCm = devicePxPerCm;
  }

  /** Ends the session, here and at the region. */
  async leave(): Promise<void> {
    await logOut();
    this.#leave('new');
  }

  /** Somebody knows that nothing is watched here any more. */
  stopWatching(): void {
    this.#leave('new');
  }

  /** Who is logged in has read the safety card, and goes on. */
  readSafety(next: Dialog): void {
    if (this.session.kind === 'viewer') keepRead(this.#start.shelf, this.session.viewer.name);
    this.dialog = next;
  }

  /** The region's time, as exact as it is known. */
  readonly now = (): RegionTime | undefined => this.#feed?.regionNow();

  /** How a bed is heard, as of the last look. */
  heard(track: Track): BedSilence['state'] {
    void this.status;
    return this.#feed?.bedSilence(track).state ?? 'silent';
  }

  /** Gives a level in the name of who is logged in. */
  judge(track: Track, judged: Judged): 'sent' | 'not sent' {
    return this.#feed?.judge(track, judged) ?? 'not sent';
  }

  /** Whether who is logged in is offered to judge. */
  get isJudge(): boolean {
    return this.session.kind === 'viewer' && mayJudge(this.session.viewer);
  }

  /** A moment as a time of day. */
  clock(micros: number): string {
    return clockTime(this.settings.language, micros);
  }

  /** A moment as hours and minutes. */
  clockToTheMinute(micros: number): string {
    return minuteTime(this.settings.language, micros);
  }

  #enter(viewer: Viewer): void {
    this.session = { kind: 'viewer', viewer };
    this.#unreachableSince = undefined;
    if (!hasRead(this.#start.shelf, viewer.name)) this.dialog = 'safety';
    const { origin, transport } = this.#start;
    const socketUrl = new URL('/api/wall/socket', origin);
    socketUrl.protocol = origin.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#feed = new Feed({
      transport,
      connect: {
        webrtc: webrtcPeer(new URL('/api/wall/offer', origin)),
        websocket: websocketPeer(socketUrl),
      },
      now: browserNow,
      calendar: Date.now,
      random: Math.random,
      onFailed: () => void this.#checkSession(),
    });
    this.#feed.start();
    this.#look();
  }

  #leave(why: 'new' | 'ended'): void {
    this.#endedAt = this.#feed?.regionNow();
    this.#unreachableSince = undefined;
    this.#feed?.stop();
    this.#feed = undefined;
    this.status = undefined;
    this.tracks = [];
    this.selectedKey = undefined;
    this.dialog = 'none';
    this.attendance.attending = undefined;
    this.session = { kind: 'nobody', why };
  }

  /** The page may have been moved to another screen, or zoomed. */
  #lookAtDisplay(): void {
    const { width, height, ratio } = this.#start.display();
    const before = this.display;
    if (before.width === width && before.height === height && before.ratio === ratio) return;
    this.display = { width, height, ratio };
    this.devicePxPerCm = loadCalibration(this.#start.shelf, this.display);
  }

  /** The strip itself says that its centimetre is a guess. */
  #rateTitle(): string {
    const title = this.words.strip.rateTitle(this.words.analysis.profileName[this.settings.profile]);
    return this.devicePxPerCm === undefined ? `${title} · ${CALIBRATION_WORDS[this.settings.language].missing}` : title;
  }

  #look(): void {
    this.#lookAtDisplay();
    const feed = this.#feed;
    feed?.look();
    this.status = feed?.status();
    this.regionTime = feed?.regionNow();
    this.tracks = feed?.tracks() ?? [];
    const off = this.regionTime === undefined ? 0 : Math.abs(Date.now() - this.regionTime / 1000);
    this.clockOffMillis = off >= CLOCK_OFF_MILLIS ? off : undefined;
    this.#lookWhenDue();
    const alarms = this.#alarms(feed);
    const paused = this.attendance.look(feed, this.regionTime);
    this.alarms.look(alarms, paused, browserNow(), feed !== undefined || alarms.length > 0 ? 'watched' : 'idle');
  }

  /** Silence is said when it is due, and not up to a whole look later. */
  #lookWhenDue(): void {
    clearTimeout(this.#due);
    const left = SILENCE_MILLIS - (this.status?.silentMillis ?? SILENCE_MILLIS);
    if (left > 0 && left < LOOK_MILLIS) this.#due = setTimeout(() => this.#look(), left);
  }

  /** Every alarm of this moment, whoever raised it. */
  #alarms(feed: Feed | undefined): readonly WallAlarm[] {
    const words = this.words.alarm;
    const { session } = this;
    if (feed !== undefined) {
      const beds = this.tracks.map((track) => ({ key: track.key, heard: feed.bedSilence(track) }));
      const region = shownAlarms(feed.alarms(), (alarm) => this.#alarmText(alarm));
      return [...withoutDoubles(silenceAlarms(this.status?.silence, beds, words), region), ...region];
    }
    if (session.kind === 'nobody' && session.why === 'ended') return [unwatchedAlarm('sessionEnded', this.#endedAt, words)];
    const since = this.#unreachableSince;
    const isLong = since !== undefined && browserNow() - since >= WALL_ALARM_MILLIS;
    return isLong ? [unwatchedAlarm('unreachable', undefined, words)] : [];
  }

  /** What is wrong, with value and limit; of whom where there are two. */
  #alarmText({ what, detail, fetus, bed }: PlacedAlarm): string {
    const { alert, analysis } = this.words;
    const hasTwins = this.tracks.find(({ key }) => key === bed)?.recent.used.has('fhr2') ?? false;
    const whose = fetus !== undefined && (hasTwins || fetus === 2) ? `${analysis.fetus(fetus)} ` : '';
    return `${whose}${alert.kind[what]}${detail === '' ? '' : ` ${detail}`}`;
  }

  /** A socket does not say why it was refused; the region does, when it is asked. */
  async #checkSession(): Promise<void> {
    if (this.#asking === 'now') return;
    this.#asking = 'now';
    const answer = await who();
    this.#asking = 'no';
    if (answer.kind === 'nobody' && this.session.kind === 'viewer') this.#leave('ended');
  }
}
