/** Words of alarms, sounds and the safety card, Japanese first; English has the same type. */
import type { Priority } from '../sound/index.ts';
import type { SilenceCause } from '../feed/index.ts';

/** Every word of them. */
export interface AlarmWords {
  readonly title: string;
  readonly priority: Readonly<Record<Priority, string>>;
  readonly wholeWall: string;
  /** Why nothing on the wall is the present. */
  readonly cause: Readonly<Record<SilenceCause, string>>;
  readonly lag: (duration: string) => string;
  readonly reload: string;
  readonly bedSilent: string;
  readonly sessionEnded: string;
  readonly unreachable: string;
  readonly since: (time: string) => string;
  readonly pause: string;
  readonly paused: (clock: string) => string;
  readonly resume: string;
  readonly acknowledge: string;
  readonly acknowledgeMeans: string;
  readonly acknowledged: string;
  readonly stopWatching: string;
  readonly open: string;
  readonly clockOff: (duration: string) => string;
}

/** Every word of the sound. */
export interface SoundWords {
  readonly title: string;
  readonly state: Readonly<Record<'blocked' | 'broken' | 'unchecked', string>>;
  readonly checked: (time: string) => string;
  readonly paused: (beds: number) => string;
  readonly blocked: string;
  readonly blockedHow: string;
  readonly broken: string;
  readonly enable: string;
  readonly intro: string;
  readonly test: string;
  readonly meaning: Readonly<Record<Priority, string>>;
  readonly question: string;
  readonly yes: string;
  readonly no: string;
  readonly thanks: (time: string) => string;
  readonly help: readonly string[];
  readonly rules: readonly string[];
  readonly unconfirmed: string;
  readonly close: string;
}

/** Every word of the safety card. */
export interface SafetyWords {
  readonly title: string;
  readonly open: string;
  readonly lead: string;
  readonly sections: readonly { readonly title: string; readonly sentences: readonly string[] }[];
  readonly understood: string;
  readonly again: string;
}

export const JA_ALARM: AlarmWords = {
  title: 'アラーム',
  priority: { high: '高', medium: '中', low: '低' },
  wholeWall: '画面全体',
  cause: {
    'nothing comes': 'サーバーからデータが届いていません',
    'old frames': 'サーバーから古いデータが届いています',
    'repeated frames': '同じデータが繰り返し届いています',
    'no data of any bed': 'どのベッドのデータも届いていません',
    slept: 'この端末は停止していました',
  },
  lag: (duration) => `約 ${duration}前のデータ`,
  reload: 'サーバーの時刻を確認して再読み込み',
  bedSilent: 'ベッドのデータが届いていません',
  sessionEnded: 'ログインが切れ、監視が止まっています',
  unreachable: 'サーバーに接続できず、監視していません',
  since: (time) => `${time}〜`,
  pause: '音を 2 分止める',
  paused: (clock) => `音停止 ${clock}`,
  resume: '音を戻す',
  acknowledge: '確認',
  acknowledgeMeans: 'ベッドサイドで確認した。音は止まり、表示は続きます。',
  acknowledged: '確認済み',
  stopWatching: '監視を終える',
  open: 'このベッドを表示',
  clockOff: (duration) =>
    `この端末の時計はサーバーと ${duration}ずれています。表示はすべてサーバー時刻です。`,
};

export const JA_SOUND: SoundWords = {
  title: 'アラーム音',
  state: { blocked: '音が出ません', broken: '音が出ません', unchecked: '音 未確認' },
  checked: (time) => `音 確認 ${time}`,
  paused: (beds) => `音停止中 ${beds}`,
  blocked: 'アラーム音がブラウザに止められています',
  blockedHow: 'いずれかのキーを押すか、画面をクリックすると音が出るようになります。',
  broken: 'この端末から音を出せません。音の出る端末に替えてください。',
  enable: '音を出す',
  intro: '勤務開始時に 3 種類の音を鳴らし、実際に聞こえることを確かめてください。',
  test: 'テスト音',
  meaning: { high: 'すぐに対応', medium: '早めに対応', low: '状態の確認' },
  question: '聞こえましたか？',
  yes: '聞こえた',
  no: '聞こえない',
  thanks: (time) => `${time} に確認しました。`,
  help: [
    '端末の消音を解除し、音量を上げてください。',
    'イヤホンや別のスピーカーにつながっていないか確かめてください。',
    'それでも聞こえないときは、この端末の音に頼らず、別の端末で監視してください。',
  ],
  rules: [
    '音を止められるのは 1 床ずつ、最長 2 分です。残り時間は画面に出ます。',
    '全体を消音する機能はありません。',
    'サーバーから何も届かないとき、またはこの画面自体が止まったときも鳴ります。',
  ],
  unconfirmed: '音の形は設計値で、規格への適合は未確認です。',
  close: '閉じる',
};

export const JA_SAFETY: SafetyWords = {
  title: '遠隔で見る前に',
  open: '安全上の注意',
  lead: 'この画面は判断を助けるものです。研究・検証用で、医療機器としては承認されていません。',
  sections: [
    {
      title: '判断について',
      sentences: [
        '診断と処置は、担当する医師・助産師が、ベッドサイドの所見と合わせて決めます。',
        '波形レベルと所見は機械による提案です。分類表は監修前の参考です。',
        '元の記録は、ベッドサイドの分娩監視装置の記録です。',
      ],
    },
    {
      title: '画面が静かなとき',
      sentences: [
        '静かなことは、安全の証拠ではありません。',
        '「データなし」「途絶」が出たら、画面を見続けず、電話などでベッドサイドに直接確認してください。',
        '遠隔のデータは遅れて届くことがあります。各ベッドの「何秒前」を見てください。',
        '画面や通信が使えないときの連絡先と手順は、施設で決めたものに従ってください。',
      ],
    },
    {
      title: 'アラームについて',
      sentences: [
        '勤務の始めに、テスト音が聞こえることを確かめてください。',
        '音の停止は 1 床ずつ最長 2 分で、全体の消音はありません。確認しても所見は消えません。',
        'アラームはベッドサイドの監視装置の代わりになりません。',
      ],
    },
  ],
  understood: '読みました',
  again: 'この注意は、画面上部の「？」または ? キーでいつでも読めます。',
};

export const EN_ALARM: AlarmWords = {
  title: 'Alarms',
  priority: { high: 'High', medium: 'Medium', low: 'Low' },
  wholeWall: 'Whole screen',
  cause: {
    'nothing comes': 'No data from the server',
    'old frames': 'The server sends old data',
    'repeated frames': 'The same data come again and again',
    'no data of any bed': 'No data of any bed arrive',
    slept: 'This computer was standing still',
  },
  lag: (duration) => `data from about ${duration} ago`,
  reload: 'Check the server’s clock, then reload',
  bedSilent: 'No data of this bed arrive',
  sessionEnded: 'The login has ended: nothing is being watched',
  unreachable: 'The server cannot be reached: nothing is being watched',
  since: (time) => `since ${time}`,
  pause: 'Pause sound 2 min',
  paused: (clock) => `Sound paused ${clock}`,
  resume: 'Sound on',
  acknowledge: 'Acknowledge',
  acknowledgeMeans: 'Checked at the bedside. It stays in sight without a sound.',
  acknowledged: 'Acknowledged',
  stopWatching: 'Stop watching',
  open: 'Show this bed',
  clockOff: (duration) => `The clock of this computer is ${duration} off. All times shown are the server’s.`,
};

export const EN_SOUND: SoundWords = {
  title: 'Alarm sound',
  state: { blocked: 'No sound', broken: 'No sound', unchecked: 'Sound not checked' },
  checked: (time) => `Sound checked ${time}`,
  paused: (beds) => `Sound paused: ${beds}`,
  blocked: 'The browser is blocking the alarm sound',
  blockedHow: 'Press any key or click anywhere to let it sound.',
  broken: 'This computer cannot make a sound. Use one that can.',
  enable: 'Turn sound on',
  intro: 'At the start of a shift, play the three sounds and make sure that you really hear them.',
  test: 'Test sound',
  meaning: { high: 'Act at once', medium: 'Act soon', low: 'Be aware' },
  question: 'Did you hear it?',
  yes: 'I heard it',
  no: 'I did not',
  thanks: (time) => `Checked at ${time}.`,
  help: [
    'Unmute the computer and turn its volume up.',
    'Make sure that no headphones or other loudspeakers are connected.',
    'If you still hear nothing, do not rely on this computer’s sound: watch on another one.',
  ],
  rules: [
    'The sound of one bed at a time can be paused, for 2 minutes at most. The time left is shown.',
    'There is no way to mute everything.',
    'It also sounds when nothing comes from the server, and when this page itself stands still.',
  ],
  unconfirmed: 'The sounds are our design; conformity with a standard is not confirmed.',
  close: 'Close',
};

export const EN_SAFETY: SafetyWords = {
  title: 'Before you watch from afar',
  open: 'Safety notes',
  lead: 'This screen supports decisions. It is for research and is not an approved medical device.',
  sections: [
    {
      title: 'Decisions',
      sentences: [
        'The doctor and midwife in charge decide on diagnosis and treatment, together with what they find at the bedside.',
        'Levels and findings are a machine’s suggestions. The classification table is a reference that is not yet reviewed.',
        'The original record is that of the monitor at the bedside.',
      ],
    },
    {
      title: 'When the screen is quiet',
      sentences: [
        'Quiet is no proof of safety.',
        'When “no live data” or “cut off” appears, do not go on watching: ask at the bedside, by telephone if need be.',
        'Remote data may be late. Look at each bed’s “seconds ago”.',
        'Whom to call and what to do when screen or network fail is what your facility has laid down.',
      ],
    },
    {
      title: 'Alarms',
      sentences: [
        'At the start of a shift make sure that you hear the test sound.',
        'The sound is paused bed by bed, for 2 minutes at most, and never for all. Acknowledging does not clear a finding.',
        'These alarms do not replace the monitor at the bedside.',
      ],
    },
  ],
  understood: 'I have read this',
  again: 'You can read this again at any time: the “?” at the top, or the ? key.',
};
