/** Words of the region's alarms and what staff do about them, Japanese first; English has the same type. */
import type { Request } from '../feed/index.ts';
import type { AlarmAction, AlarmKind, AlarmRole, Refusal } from '../vitals/index.ts';

/** Every word of them. */
export interface AlertWords {
  readonly list: string;
  readonly listKeys: string;
  readonly none: string;
  readonly noneShort: string;
  readonly unknown: string;
  readonly unknownShort: string;
  readonly untold: string;
  readonly openList: (alarms: number) => string;
  readonly closeList: string;
  readonly kind: Readonly<Record<AlarmKind, string>>;
  readonly region: string;
  readonly calls: (role: string) => string;
  readonly role: Readonly<Record<AlarmRole, string>>;
  readonly held: (duration: string) => string;
  readonly latched: (time: string) => string;
  readonly returned: (times: number) => string;
  readonly promoted: string;
  readonly digest: string;
  readonly unreviewed: string;
  readonly invalid: string;
  readonly acknowledgedBy: (account: string, time: string, after: string) => string;
  readonly pausedBy: (account: string) => string;
  readonly markInvalid: string;
  readonly acknowledge: string;
  readonly dialog: {
    readonly title: string;
    readonly means: string;
    readonly action: string;
    readonly noAction: string;
    readonly actionOf: Readonly<Record<AlarmAction, string>>;
    readonly reason: string;
    readonly reasonNeeded: string;
    readonly templates: readonly string[];
    readonly send: string;
    readonly sending: string;
    readonly cancel: string;
    readonly graver: (priority: string) => string;
    readonly graverSeen: string;
    readonly others: (alarms: number) => string;
  };
  readonly notDone: Readonly<Record<Request['what'], string>>;
  readonly refused: Readonly<Record<Refusal, string>>;
  readonly unanswered: string;
  readonly notSent: string;
  readonly waiting: string;
  readonly spoken: (alarms: number) => string;
  readonly order: Readonly<Record<'title' | 'urgency' | 'place', string>>;
  readonly wouldMove: (beds: number) => string;
  readonly badge: (alarms: number) => string;
  readonly seen: (duration: string) => string;
  readonly seenMeans: string;
}

export const JA_ALERT: AlertWords = {
  list: 'アラーム一覧',
  listKeys: '矢印キーで移動、Enter で確認、Esc で閉じます。',
  none: 'アラームはありません。静かなことは安全の証拠ではありません。',
  noneShort: 'アラームなし',
  unknownShort: 'アラーム不明',
  unknown: 'サーバーとつながっていないため、アラームの有無は分かりません。',
  untold: 'サーバーからアラームの情報が届いていません。アラームの有無は分かりません。',
  openList: (alarms) => `一覧 ${alarms}`,
  closeList: '一覧を閉じる',
  kind: {
    level5: '波形レベル 5',
    severeBradycardia: '高度徐脈',
    level4: '波形レベル 4',
    level3: '波形レベル 3',
    bradycardia: '徐脈',
    tachycardia: '頻脈',
    tachysystole: '子宮頻収縮',
    maternalCoincidence: '母体心拍と一致',
    maternalDoubled: '母体心拍の 2 倍',
    twinsCoincide: '双胎の心拍が一致',
    signalLost: '胎児心拍の信号なし',
    signalPoor: '信号不良',
    linkLost: '通信途絶',
    silent: 'データなし',
    deviceFault: '分娩監視装置の異常',
    analysisAbsent: '解析が止まっています',
  },
  region: 'システム全体',
  calls: (role) => `呼出 ${role}`,
  role: { midwife: '担当助産師', facilityDoctor: '施設の医師', centreObstetrician: 'センターの産科医' },
  held: (duration) => `${duration}前から`,
  latched: (time) => `${time} に終了・未確認`,
  returned: (times) => `再発 ${times} 回`,
  promoted: '優先度が上がりました',
  digest: 'まとめ・音なし',
  unreviewed: '未監修ルール',
  invalid: '誤報の印あり',
  acknowledgedBy: (account, time, after) => `${account} が ${time} に確認（${after}後）`,
  pausedBy: (account) => `${account} が音を停止`,
  markInvalid: '誤報の印',
  acknowledge: '確認…',
  dialog: {
    title: 'アラームの確認',
    means: 'ベッドサイドで確認したことを記録します。音は止まり、所見と表示は続きます。',
    action: '対応（任意）',
    noAction: '選ばない',
    actionOf: { A: '経過観察', B: '監視の強化', C: '急速遂娩の準備', D: '急速遂娩の実行' },
    reason: '理由・メモ（任意）',
    reasonNeeded: '理由（このアラームでは必須）',
    templates: ['ベッドサイドで確認中', '医師に連絡済み', 'トランスデューサを調整'],
    send: '確認を記録',
    sending: '送信中…',
    cancel: '戻る',
    graver: (priority) => `開いている間に優先度が「${priority}」に変わりました。`,
    graverSeen: '内容を見直した',
    others: (alarms) => `ほかに未確認 ${alarms} 件`,
  },
  notDone: {
    acknowledge: '確認できませんでした。',
    invalid: '印を付けられませんでした。',
    pause: '音の停止を変更できませんでした。',
  },
  refused: {
    unknown: 'サーバーにこのアラームはもうありません。',
    already: 'すでに行われています。',
    resolved: 'すでに終わったアラームです。',
    reasonMissing: '理由の記入が必要です。',
    graver: 'その間に優先度が上がりました。内容を見直してください。',
    notAllowed: 'このログインの権限ではできません。担当者に知らせてください。',
    tooLong: '止められるのは最長 2 分です。',
    noRoom: 'サーバーに空きがありません。システム担当に知らせてください。',
  },
  unanswered: 'サーバーから返事がありません。もう一度押してください。',
  notSent: 'サーバーとつながっていません。',
  waiting: '送信中…',
  spoken: (alarms) => `未確認のアラーム ${alarms} 件`,
  order: { title: '並び', urgency: '緊急順', place: '場所順' },
  wouldMove: (beds) => `${beds} 床が移動します：並べ替える`,
  badge: (alarms) => `アラーム ${alarms} 件`,
  seen: (duration) => `確認 ${duration}前`,
  seenMeans: '最後に人がアラームを確認、または波形を判定した時',
};

export const EN_ALERT: AlertWords = {
  list: 'Alarm list',
  listKeys: 'Arrow keys move, Enter acknowledges, Escape closes.',
  none: 'No alarms. Quiet is no proof of safety.',
  noneShort: 'No alarms',
  unknownShort: 'Alarms unknown',
  unknown: 'There is no connection to the server: nobody knows here whether there are alarms.',
  untold: 'The server sends no word of alarms: nobody knows here whether there are any.',
  openList: (alarms) => `List ${alarms}`,
  closeList: 'Close the list',
  kind: {
    level5: 'CTG level 5',
    severeBradycardia: 'Severe bradycardia',
    level4: 'CTG level 4',
    level3: 'CTG level 3',
    bradycardia: 'Bradycardia',
    tachycardia: 'Tachycardia',
    tachysystole: 'Tachysystole',
    maternalCoincidence: 'Same as the maternal rate',
    maternalDoubled: 'Twice the maternal rate',
    twinsCoincide: 'Twins show the same rate',
    signalLost: 'No fetal signal',
    signalPoor: 'Poor signal',
    linkLost: 'Link lost',
    silent: 'No data',
    deviceFault: 'Monitor fault',
    analysisAbsent: 'The analysis has stopped',
  },
  region: 'Whole system',
  calls: (role) => `calls ${role}`,
  role: { midwife: 'midwife in charge', facilityDoctor: 'doctor of the facility', centreObstetrician: 'obstetrician of the centre' },
  held: (duration) => `for ${duration}`,
  latched: (time) => `over at ${time}, not yet acknowledged`,
  returned: (times) => `came back ${times}×`,
  promoted: 'priority rose',
  digest: 'digest, no sound',
  unreviewed: 'unreviewed rules',
  invalid: 'marked as artefact',
  acknowledgedBy: (account, time, after) => `${account} acknowledged at ${time} (after ${after})`,
  pausedBy: (account) => `paused by ${account}`,
  markInvalid: 'Artefact',
  acknowledge: 'Acknowledge…',
  dialog: {
    title: 'Acknowledge an alarm',
    means: 'Records that it was checked at the bedside. The sound stops; findings stay as they are.',
    action: 'Action (optional)',
    noAction: 'None chosen',
    actionOf: { A: 'observe', B: 'observe closely', C: 'prepare expedited delivery', D: 'expedite delivery' },
    reason: 'Reason or note (optional)',
    reasonNeeded: 'Reason (needed for this alarm)',
    templates: ['Checking at the bedside', 'Doctor informed', 'Transducer adjusted'],
    send: 'Record it',
    sending: 'Sending…',
    cancel: 'Back',
    graver: (priority) => `Its priority has become “${priority}” while this was open.`,
    graverSeen: 'I have looked again',
    others: (alarms) => `${alarms} more not acknowledged`,
  },
  notDone: {
    acknowledge: 'Not acknowledged.',
    invalid: 'Not marked.',
    pause: 'The pause was not changed.',
  },
  refused: {
    unknown: 'The server no longer knows this alarm.',
    already: 'It is done already.',
    resolved: 'The alarm is over already.',
    reasonMissing: 'A reason is needed.',
    graver: 'It has become graver meanwhile. Look at it again.',
    notAllowed: 'This login may not do it. Tell who is in charge.',
    tooLong: 'A pause lasts 2 minutes at most.',
    noRoom: 'The server has no room for it. Tell who runs the system.',
  },
  unanswered: 'The server has not answered. Press again.',
  notSent: 'There is no connection to the server.',
  waiting: 'Sending…',
  spoken: (alarms) => `${alarms} alarms not acknowledged`,
  order: { title: 'Order', urgency: 'by urgency', place: 'by place' },
  wouldMove: (beds) => `${beds} beds would move: sort now`,
  badge: (alarms) => (alarms === 1 ? '1 alarm' : `${alarms} alarms`),
  seen: (duration) => `seen ${duration} ago`,
  seenMeans: 'When somebody last acknowledged an alarm or judged the strip',
};
