/**
 * Every word of the wall, Japanese first.
 *
 * English has the type of the Japanese: a word that is missing there does not compile.
 */
import type { Absence, ActivityTransducer, Channel, HeartTransducer, Quality } from '../vitals/index.ts';
import type { GapReason } from '../strip/index.ts';
import type { ThemeName } from '../theme/index.ts';
import type { SiteKind } from '../wire/index.ts';
import { EN_ALARM, EN_SAFETY, EN_SOUND, JA_ALARM, JA_SAFETY, JA_SOUND } from './alarm_words.ts';
import type { AlarmWords, SafetyWords, SoundWords } from './alarm_words.ts';
import { EN_ALERT, JA_ALERT } from './alert_words.ts';
import type { AlertWords } from './alert_words.ts';
import { JA_ANALYSIS } from './analysis_words.ts';
import type { AnalysisWords } from './analysis_words.ts';
import { EN_ANALYSIS } from './analysis_words_en.ts';

/** Languages of the wall. */
export type Language = 'ja' | 'en';

/** What a connection that is not made yet, or not any more, is called. */
export type PhaseWord = 'connecting' | 'reconnecting';

/** Every word. */
export interface Words {
  readonly product: string;
  readonly wall: string;
  readonly notice: string;
  /** The same in the other language: the sentence that nobody may miss. */
  readonly noticeElsewhere: string;

  readonly login: {
    readonly title: string;
    readonly name: string;
    readonly password: string;
    readonly enter: string;
    readonly entering: string;
    readonly refused: string;
    readonly wait: (seconds: number) => string;
    readonly unreachable: string;
    readonly odd: (status: number) => string;
    readonly ended: string;
    readonly help: string;
  };
  readonly logout: string;
  readonly loggedInAs: (name: string) => string;
  readonly language: string;
  readonly theme: Readonly<Record<ThemeName | 'switch', string>>;

  readonly regionClock: string;
  readonly link: {
    readonly title: string;
    readonly webrtc: string;
    readonly websocket: string;
    readonly waiting: string;
    readonly cut: string;
    readonly frameAge: (seconds: string) => string;
    readonly missed: (count: number) => string;
    readonly refused: (count: number) => string;
  };
  readonly stale: {
    readonly since: (time: string) => string;
    readonly never: string;
    readonly forSeconds: (duration: string) => string;
    readonly doThis: string;
    readonly phase: Readonly<Record<PhaseWord, string>>;
    readonly pageTitle: string;
  };

  readonly beds: {
    readonly title: string;
    readonly count: (beds: number) => string;
    readonly none: string;
    readonly keys: string;
    readonly open: string;
  };
  readonly site: Readonly<Record<SiteKind, string>>;
  readonly tile: {
    readonly noDataSince: (time: string) => string;
    readonly noDataYet: string;
    readonly ago: (duration: string) => string;
    readonly bridgeUp: string;
    readonly bridgeLost: (time: string) => string;
    readonly bridgeUnconfirmed: string;
    readonly noValue: string;
    readonly coincidence: string;
    readonly twinOffset: string;
    readonly stripOf: (bed: string, minutes: number) => string;
  };
  readonly seconds: (seconds: number) => string;
  readonly minutesSeconds: (minutes: number, seconds: number) => string;
  readonly hoursMinutes: (hours: number, minutes: number) => string;

  readonly channel: Readonly<Record<Channel, string>>;
  readonly channelLong: Readonly<Record<Channel, string>>;
  readonly uaRelative: string;
  readonly uaPressure: string;
  readonly quality: Readonly<Record<Quality, string>>;
  readonly absence: Readonly<Record<Absence, string>>;
  readonly heartTransducer: Readonly<Record<HeartTransducer, string>>;
  readonly activityTransducer: Readonly<Record<ActivityTransducer, string>>;

  readonly panel: {
    readonly speed: string;
    readonly cmPerMinute: (speed: number) => string;
    readonly scale: string;
    readonly magnification: string;
    readonly times: (times: number) => string;
    readonly close: string;
    readonly paper: (speed: number, bpmPerCm: number, times: number) => string;
    readonly normalBand: string;
    readonly legend: string;
    readonly poor: string;
    readonly late: string;
    readonly lost: string;
    readonly gap: string;
    readonly details: string;
    readonly monitor: string;
    readonly bridge: string;
    readonly sensors: string;
    readonly delay: string;
    readonly refusedBlocks: string;
    readonly choose: string;
    readonly stripOf: (bed: string, speed: number, scale: string) => string;
  };
  readonly strip: {
    readonly lost: (channel: string, why: string) => string;
    readonly gap: Readonly<Record<GapReason, string>>;
    readonly noDataFor: (duration: string) => string;
    readonly late: string;
    readonly coincidence: string;
    /** The heart rate field, and by which reading its findings are shown. */
    readonly rateTitle: (profile: string) => string;
    readonly activityTitle: Readonly<Record<ActivityTransducer, string>>;
  };
  readonly analysis: AnalysisWords;
  readonly alarm: AlarmWords;
  readonly alert: AlertWords;
  readonly sound: SoundWords;
  readonly safety: SafetyWords;
}

const JA: Words = {
  product: '産声',
  wall: '周産期モニター',
  notice: '研究・検証用／医療機器として未承認',
  noticeElsewhere: 'For research only — not an approved medical device',

  login: {
    title: 'ログイン',
    name: 'ユーザー名',
    password: 'パスワード',
    enter: 'ログイン',
    entering: '確認しています…',
    refused: 'ユーザー名またはパスワードが違います。',
    wait: (seconds) => `試行回数が多すぎます。${seconds} 秒待ってからやり直してください。`,
    unreachable: 'サーバーに接続できません。ネットワークを確認してください。',
    odd: (status) => `サーバーが予期しない応答をしました（${status}）。管理者に連絡してください。`,
    ended: 'ログインの有効期限が切れました。もう一度ログインしてください。',
    help: 'アカウントは施設の管理者が発行します。',
  },
  logout: 'ログアウト',
  loggedInAs: (name) => `${name} でログイン中`,
  language: '言語',
  theme: { light: '明るい表示', dark: '暗い表示', night: '夜間（赤）表示', switch: '表示の明るさ' },

  regionClock: 'サーバー時刻',
  link: {
    title: 'サーバーとの接続',
    webrtc: 'WebRTC',
    websocket: 'WebSocket',
    waiting: '接続中…',
    cut: '途絶',
    frameAge: (seconds) => `最終受信 ${seconds} 秒前`,
    missed: (count) => `表示が間に合わず ${count} ブロックを省略しました`,
    refused: (count) => `破損データ ${count} 件を表示せず破棄しました`,
  },
  stale: {
    since: (time) => `最終受信 ${time}`,
    never: '接続後まだ一度も受信していません',
    forSeconds: (duration) => `${duration}経過`,
    doThis: '画面は現在の状態ではありません。ベッドサイドで直接確認してください。',
    phase: { connecting: '接続しています…', reconnecting: '自動で再接続しています…' },
    pageTitle: '⚠ データ途絶',
  },

  beds: {
    title: 'ベッド一覧',
    count: (beds) => `${beds} 床`,
    none: '表示できるベッドがありません。ブリッジが接続されると自動で表示されます。',
    keys: '矢印キーで移動、Enter で選択、Esc で閉じる',
    open: '大きく表示',
  },
  site: { clinic: '診療所', centre: '周産期センター', ambulance: '救急車', home: '在宅' },
  tile: {
    noDataSince: (time) => `${time} からデータなし`,
    noDataYet: 'データ未受信',
    ago: (duration) => `${duration}前`,
    bridgeUp: '接続中',
    bridgeLost: (time) => `回線断 ${time}〜`,
    bridgeUnconfirmed: '確認中',
    noValue: '値なし',
    coincidence: '心拍一致',
    twinOffset: '双胎オフセット +20',
    stripOf: (bed, minutes) => `${bed} の直近約 ${minutes} 分の胎児心拍陣痛図`,
  },
  seconds: (seconds) => `${seconds} 秒`,
  minutesSeconds: (minutes, seconds) => `${minutes} 分 ${seconds} 秒`,
  hoursMinutes: (hours, minutes) => `${hours} 時間 ${minutes} 分`,

  channel: { fhr1: 'FHR', fhr2: 'FHR2', mhr: 'MHR', ua: 'UA' },
  channelLong: {
    fhr1: '胎児心拍数 1',
    fhr2: '胎児心拍数 2',
    mhr: '母体心拍数',
    ua: '子宮収縮',
  },
  uaRelative: '相対値',
  uaPressure: 'mmHg',
  quality: { 0: '不良', 1: 'やや不良', 2: '良好', 3: '評価なし' },
  absence: {
    1: 'プローブ未接続',
    2: 'プローブ動作不能',
    3: '心拍を検出できません',
    4: '受信データ破損',
    5: '機器応答なし',
    6: '機器ケーブル切断',
    7: 'ブリッジ保存データ破損',
  },
  heartTransducer: {
    0: '未接続',
    1: '超音波',
    2: '児頭電極',
    3: '母体心電図',
    4: '外部入力',
    7: '種別不明',
  },
  activityTransducer: { 0: '未接続', 1: '外測', 2: '内測', 7: '種別不明' },

  panel: {
    speed: '紙送り',
    cmPerMinute: (speed) => `${speed} cm/分`,
    scale: '心拍数目盛',
    magnification: '倍率',
    times: (times) => `×${times}`,
    close: '閉じる',
    paper: (speed, bpmPerCm, times) => `${speed} cm/分・${bpmPerCm} bpm/cm・25 単位/cm・×${times}`,
    normalBand: '白帯 110–160 bpm',
    legend: '凡例',
    poor: '品質不良',
    late: '後着データ',
    lost: '信号なし',
    gap: 'データ未着',
    details: '経路',
    monitor: '機器',
    bridge: 'ブリッジ',
    sensors: 'センサー',
    delay: '到着までの時間',
    refusedBlocks: '破棄した破損データ',
    choose: 'ベッドを選ぶと、ここに大きな記録紙が表示されます。',
    stripOf: (bed, speed, scale) =>
      `${bed} の胎児心拍陣痛図。紙送り毎分 ${speed} センチ、心拍数目盛 ${scale}。`,
  },
  strip: {
    lost: (channel, why) => `${channel} 信号なし：${why}`,
    gap: {
      'not received': 'データ未着',
      'may still come': 'データ未着（後から届く可能性あり）',
      'refused by the bridge': 'データ欠落（ブリッジの保存容量超過）',
    },
    noDataFor: (duration) => `データなし ${duration}`,
    late: '後着',
    coincidence: '心拍一致：同じ心拍の可能性',
    rateTitle: (profile) => `心拍数 bpm（所見：${profile}）`,
    activityTitle: {
      0: '子宮収縮',
      1: '子宮収縮（外測・相対値）',
      2: '子宮内圧 mmHg',
      7: '子宮収縮（種別不明）',
    },
  },
  analysis: JA_ANALYSIS,
  alarm: JA_ALARM,
  alert: JA_ALERT,
  sound: JA_SOUND,
  safety: JA_SAFETY,
};

const EN: Words = {
  product: 'Ubugoe',
  wall: 'Perinatal monitor',
  notice: 'For research only — not an approved medical device',
  noticeElsewhere: '研究・検証用／医療機器として未承認',

  login: {
    title: 'Log in',
    name: 'User name',
    password: 'Password',
    enter: 'Log in',
    entering: 'Checking…',
    refused: 'The user name or the password is wrong.',
    wait: (seconds) => `Too many attempts. Wait ${seconds} s, then try again.`,
    unreachable: 'The server cannot be reached. Check the network.',
    odd: (status) => `The server gave an unexpected answer (${status}). Call your administrator.`,
    ended: 'Your login has expired. Please log in again.',
    help: 'Accounts are issued by the administrator of your facility.',
  },
  logout: 'Log out',
  loggedInAs: (name) => `Logged in as ${name}`,
  language: 'Language',
  theme: { light: 'Light', dark: 'Dark', night: 'Night red', switch: 'Brightness' },

  regionClock: 'Server time',
  link: {
    title: 'Connection to the server',
    webrtc: 'WebRTC',
    websocket: 'WebSocket',
    waiting: 'Connecting…',
    cut: 'Cut off',
    frameAge: (seconds) => `last received ${seconds} s ago`,
    missed: (count) => `${count} blocks were skipped because this screen was too slow`,
    refused: (count) => `${count} damaged pieces of data were discarded, not shown`,
  },
  stale: {
    since: (time) => `last received ${time}`,
    never: 'nothing received since this page was opened',
    forSeconds: (duration) => `${duration} ago`,
    doThis: 'This screen is not the present state. Check at the bedside.',
    phase: { connecting: 'Connecting…', reconnecting: 'Reconnecting by itself…' },
    pageTitle: '⚠ No data',
  },

  beds: {
    title: 'Beds',
    count: (beds) => `${beds} beds`,
    none: 'There is no bed to show. Beds appear by themselves when a bridge connects.',
    keys: 'Arrow keys move, Enter selects, Esc closes',
    open: 'Show large',
  },
  site: { clinic: 'Clinic', centre: 'Perinatal centre', ambulance: 'Ambulance', home: 'Home' },
  tile: {
    noDataSince: (time) => `No live data since ${time}`,
    noDataYet: 'No data yet',
    ago: (duration) => `${duration} ago`,
    bridgeUp: 'Linked',
    bridgeLost: (time) => `Link lost ${time}`,
    bridgeUnconfirmed: 'Confirming',
    noValue: 'no value',
    coincidence: 'Same rate',
    twinOffset: 'Twin offset +20',
    stripOf: (bed, minutes) => `Cardiotocogram of ${bed}, about the last ${minutes} minutes`,
  },
  seconds: (seconds) => `${seconds} s`,
  minutesSeconds: (minutes, seconds) => `${minutes} min ${seconds} s`,
  hoursMinutes: (hours, minutes) => `${hours} h ${minutes} min`,

  channel: { fhr1: 'FHR', fhr2: 'FHR2', mhr: 'MHR', ua: 'UA' },
  channelLong: {
    fhr1: 'Fetal heart rate 1',
    fhr2: 'Fetal heart rate 2',
    mhr: 'Maternal heart rate',
    ua: 'Uterine activity',
  },
  uaRelative: 'relative',
  uaPressure: 'mmHg',
  quality: { 0: 'Poor', 1: 'Fair', 2: 'Good', 3: 'Not rated' },
  absence: {
    1: 'no transducer',
    2: 'transducer inoperative',
    3: 'no rate found',
    4: 'damaged data',
    5: 'monitor silent',
    6: 'monitor unplugged',
    7: 'stored data damaged',
  },
  heartTransducer: {
    0: 'not connected',
    1: 'ultrasound',
    2: 'scalp electrode',
    3: 'maternal ECG',
    4: 'external input',
    7: 'unknown type',
  },
  activityTransducer: { 0: 'not connected', 1: 'external toco', 2: 'intra-uterine', 7: 'unknown type' },

  panel: {
    speed: 'Paper speed',
    cmPerMinute: (speed) => `${speed} cm/min`,
    scale: 'Rate scale',
    magnification: 'Magnification',
    times: (times) => `×${times}`,
    close: 'Close',
    paper: (speed, bpmPerCm, times) => `${speed} cm/min · ${bpmPerCm} bpm/cm · 25 units/cm · ×${times}`,
    normalBand: 'White band 110–160 bpm',
    legend: 'Legend',
    poor: 'Poor quality',
    late: 'Arrived late',
    lost: 'No signal',
    gap: 'No data',
    details: 'Path',
    monitor: 'Monitor',
    bridge: 'Bridge',
    sensors: 'Transducers',
    delay: 'Time to arrive',
    refusedBlocks: 'Damaged data discarded',
    choose: 'Choose a bed to see its large strip here.',
    stripOf: (bed, speed, scale) =>
      `Cardiotocogram of ${bed}. Paper speed ${speed} centimetres a minute, rate scale ${scale}.`,
  },
  strip: {
    lost: (channel, why) => `${channel} lost: ${why}`,
    gap: {
      'not received': 'Data missing',
      'may still come': 'Data missing (may still arrive)',
      'refused by the bridge': 'Data lost (bridge storage full)',
    },
    noDataFor: (duration) => `No data for ${duration}`,
    late: 'arrived late',
    coincidence: 'Same rate: perhaps one heart',
    rateTitle: (profile) => `Heart rate, bpm (findings: ${profile})`,
    activityTitle: {
      0: 'Uterine activity',
      1: 'Uterine activity (external, relative)',
      2: 'Intra-uterine pressure, mmHg',
      7: 'Uterine activity (unknown type)',
    },
  },
  analysis: EN_ANALYSIS,
  alarm: EN_ALARM,
  alert: EN_ALERT,
  sound: EN_SOUND,
  safety: EN_SAFETY,
};

/** The words of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { ja: JA, en: EN };
