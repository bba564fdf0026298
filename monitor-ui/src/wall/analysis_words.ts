/**
 * The words of a reading of the strip: what was found, the levels, and why, in whole sentences.
 *
 * A reason without a sentence does not compile, in either language.
 */
import type {
  Caveat,
  ConditionKind,
  Figo,
  FindingKind,
  JudgeRole,
  Level,
  Nst,
  Profile,
  Severity,
  Unclassifiable,
  VariabilityGrade,
  WhyName,
} from '../vitals/index.ts';
import type { ActionCode, ActionRole } from './level_actions.ts';

/**
 * A sentence with a number in its unit, the time of the finding behind it, or nothing, and what
 * the grade of the variability is called.
 *
 * The files and the printed strips say the same, word for word: `why_sentences.test.ts` holds
 * both languages against what the analysis writes.
 */
export type WhySentence = (value: string, at: string, grade: string) => string;

/** Every word about the analysis. */
export interface AnalysisWords {
  /** What this is, and that it decides nothing. */
  readonly machine: string;
  readonly machineNote: string;
  readonly title: string;
  readonly unreviewed: string;
  readonly reviewed: string;
  readonly table: (version: string) => string;
  readonly engine: (name: string, hash: string) => string;
  readonly open: string;
  readonly close: string;

  readonly absent: string;
  readonly absentLong: string;
  readonly absentSince: (time: string) => string;
  readonly unknown: string;
  readonly notAnalysed: string;
  readonly lastBefore: string;

  readonly level: (level: Level) => string;
  readonly levelName: Readonly<Record<Level, string>>;
  readonly levelShort: Readonly<Record<Level, string>>;
  readonly notClassifiable: string;
  /** The same two where there is little room. */
  readonly notClassifiableShort: string;
  readonly toBeCheckedShort: string;
  readonly unclassifiable: Readonly<Record<Unclassifiable, string>>;
  readonly carried: string;
  readonly toBeChecked: string;
  readonly caveat: Readonly<Record<keyof typeof Caveat, string>>;
  /** The table says one level and another is shown. */
  readonly tableSays: (level: string) => string;
  readonly lastMinutes: string;
  /** Of a block that somebody chose: it is not the present. */
  readonly pastBlock: string;
  readonly block: (from: string, to: string) => string;
  readonly old: (duration: string) => string;
  readonly trend: string;
  readonly trendHelp: string;
  readonly fetus: (number: number) => string;
  readonly provisional: string;

  readonly why: string;
  readonly whyNone: string;
  readonly at: (time: string) => string;
  readonly reason: Readonly<Record<WhyName, WhySentence>>;
  readonly show: string;

  readonly actions: string;
  readonly actionsNote: string;
  readonly role: Readonly<Record<ActionRole, string>>;
  readonly or: string;
  readonly action: Readonly<Record<ActionRole, Readonly<Record<ActionCode, string>>>>;

  readonly others: string;
  readonly figo: Readonly<Record<Figo, string>>;
  readonly nichd: (category: string) => string;
  readonly nst: Readonly<Record<Nst, string>>;
  readonly none: string;

  readonly facts: string;
  readonly baseline: string;
  readonly variability: string;
  readonly variabilityGrade: Readonly<Record<VariabilityGrade, string>>;
  readonly shortTerm: string;
  readonly longTerm: string;
  readonly contractionsTitle: string;
  readonly lossTitle: string;

  readonly profile: string;
  readonly profileName: Readonly<Record<Profile, string>>;
  readonly profileNote: Readonly<Record<Profile, string>>;

  readonly findings: string;
  readonly findingsNone: string;
  readonly finding: Readonly<Record<FindingKind, string>>;
  readonly findingShort: Readonly<Record<FindingKind, string>>;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly prolongedAcceleration: string;
  readonly nadir: (bpm: string, depth: string) => string;
  readonly peak: (bpm: string, height: string) => string;
  readonly lag: (seconds: string) => string;
  readonly held: (from: string, to: string) => string;
  readonly backToNow: string;

  readonly conditions: string;
  readonly condition: Readonly<Record<ConditionKind, string>>;
  readonly judged: string;
  readonly judgeHelp: string;
  readonly judgeReason: string;
  readonly judgeSend: string;
  readonly judgeOutcome: Readonly<Record<'sent' | 'not sent', string>>;
  readonly judgedBy: (role: string, account: string, level: string) => string;
  readonly judgeRole: Readonly<Record<JudgeRole, string>>;

  readonly legend: {
    readonly baseline: string;
    readonly acceleration: string;
    readonly deceleration: string;
    readonly severe: string;
    readonly contraction: string;
    readonly artefact: string;
    readonly provisional: string;
    readonly levels: string;
    readonly none: string;
    readonly carried: string;
  };
}

/** Names one of several, where its time is known. */
function oneOfThem(at: string): string {
  return at === '' ? '' : `、うち一つは ${at}もの`;
}

/** Japanese. */
export const JA_ANALYSIS: AnalysisWords = {
  machine: '機械判定（参考）',
  machineNote: '診療を支援する参考情報です。判断は医療者が行ってください。医療機器として未承認。',
  title: '判読',
  unreviewed: '分類表：未監修（参考）',
  reviewed: '分類表：監修済み',
  table: (version) => `分類表 ${version}`,
  engine: (name, hash) => `${name}・表 ${hash}`,
  open: '判読を開く',
  close: '判読を閉じる',

  absent: '解析なし',
  absentLong: '解析プログラムから応答がありません。記録紙は動いています。波形を直接読んでください。',
  absentSince: (time) => `${time} から`,
  unknown: '解析の状態を確認中',
  notAnalysed: '未解析',
  lastBefore: '停止前の最後の判定（現在のものではありません）',

  level: (level) => `レベル ${level}`,
  levelName: { 1: '正常波形', 2: '亜正常波形', 3: '異常波形（軽度）', 4: '異常波形（中等度）', 5: '異常波形（高度）' },
  levelShort: { 1: '正常', 2: '亜正常', 3: '軽度', 4: '中等度', 5: '高度' },
  notClassifiable: '分類不能',
  notClassifiableShort: '分類不能',
  toBeCheckedShort: '要確認',
  unclassifiable: {
    lost: '信号の欠落が多く、分類できません。',
    baseline: '基線が決まらず、分類できません。',
    variability: '基線細変動が決まらず、分類できません。',
    noCell: '分類表にこの組み合わせがなく、分類できません。',
    short: '記録が短く、まだ分類できません。',
  },
  carried: '前値',
  toBeChecked: '要確認',
  caveat: {
    baselineCarried: '基線は前値',
    variabilityCarried: '細変動は前値',
    loss: '信号欠落に注意',
    toBeChecked: '要確認',
    tableUnreviewed: '分類表：未監修（参考）',
    backgroundRisk: '背景リスクあり',
    sinusoidal: 'サイナソイダルパターン',
    noUterineActivity: '陣痛の記録なし',
    under32Weeks: '32 週未満の基準',
    gestationUnknown: '週数不明',
    historyShort: '過去 1 時間の一部のみ',
  },
  tableSays: (level) => `表の値は ${level} です。表示規則により高い方を示しています。`,
  lastMinutes: '直近 10 分',
  pastBlock: '過去の区間（現在の判定ではありません）',
  block: (from, to) => `${from}–${to}`,
  old: (duration) => `${duration}前の判定`,
  trend: '推移',
  trendHelp: '区間を選ぶと、その判定の理由を表示します。',
  fetus: (number) => `児 ${number}`,
  provisional: '暫定',

  why: 'この判定の理由',
  whyNone: '理由は送られていません。',
  at: (time) => `${time} の`,
  reason: {
    baseline: (bpm) => `基線は ${bpm} bpm です。`,
    variability: (bpm, _, grade) => `基線細変動は${grade}です（幅 ${bpm} bpm）。`,
    sinusoidal: (_, at) => `${at}サイナソイダルパターンがあります。`,
    baselineCarried: (s) => `基線がこの区間で決まらないため、${s} 秒前の値を使っています。`,
    variabilityCarried: (s) => `細変動がこの区間で決まらないため、${s} 秒前の値を使っています。`,
    noDeceleration: () => '一過性徐脈はありません。',
    early: (bpm, at) => `${at}早発一過性徐脈があります（最下点 ${bpm} bpm）。`,
    variableMild: (bpm, at) => `${at}変動一過性徐脈（軽度）があります（最下点 ${bpm} bpm）。`,
    variableSevere: (bpm, at) => `${at}変動一過性徐脈（高度）があります（最下点 ${bpm} bpm）。`,
    lateMild: (bpm, at) => `${at}遅発一過性徐脈（軽度）があります（最下点 ${bpm} bpm）。`,
    lateSevere: (bpm, at) => `${at}遅発一過性徐脈（高度）があります（最下点 ${bpm} bpm）。`,
    prolongedMild: (bpm, at) => `${at}遷延一過性徐脈（軽度）があります（最下点 ${bpm} bpm）。`,
    prolongedSevere: (bpm, at) => `${at}遷延一過性徐脈（高度）があります（最下点 ${bpm} bpm）。`,
    unknownAsLate: (bpm, at) =>
      `${at}緩やかな一過性徐脈があり、陣痛と比べられないため遅発として扱います（最下点 ${bpm} bpm）。`,
    backgroundRisk: () => '背景リスクがあるため、注記に従いレベルを 1 つ上げています。',
    displayRule: () => '細変動消失が減少より軽く見えないよう、高い方のレベルを表示しています（要確認）。',
    increasedOnBradycardia: () => '徐脈のため、細変動増加は正常細変動の表も用い、高い方のレベルとしています。',
    noCell: () => '分類表にこの組み合わせの欄がありません。',
    specialCause: () => '薬剤や児の形態異常など特別な原因がある場合は、注記に従い個別に判断してください。',
    signalLost: (percent) => `胎児心拍の ${percent} % が欠落しています。`,
    baselineUndetermined: () => '基線を決められず、10 分以内の前値もありません。',
    variabilityUndetermined: () => '基線細変動を決められず、10 分以内の前値もありません。',
    stripTooShort: (s) => `記録はまだ ${s} 秒分しかありません。`,
    figoBaseline: (bpm) => `FIGO：基線は ${bpm} bpm です。`,
    figoVariability: (minutes) => `FIGO：細変動の異常が ${minutes} 分あります。`,
    figoDecelerations: (count, at) =>
      `FIGO：反復する、または長い一過性徐脈があります（${count} 回${oneOfThem(at)}）。`,
    figoSinusoidal: (minutes) => `FIGO：サイナソイダルパターンが ${minutes} 分続いています。`,
    nichdBaseline: (bpm) => `NICHD：基線は ${bpm} bpm です。`,
    nichdVariability: (bpm, _, grade) => `NICHD：基線細変動は${grade}です（幅 ${bpm} bpm）。`,
    nichdDecelerations: (percent, at) =>
      `NICHD：陣痛の ${percent} % に一過性徐脈を伴います${oneOfThem(at)}。`,
    nichdSinusoidal: () => 'NICHD：サイナソイダルパターンがあります。',
    nichdDecelerationsUncounted: (_, at) =>
      `NICHD：${at}一過性徐脈があり、陣痛の記録がないため割合は不明です。`,
    nstAccelerations: (count) => `NST：基準を満たす一過性頻脈は ${count} 回です。`,
    nstDecelerations: (_, at) => `NST：${at}一過性徐脈があります。`,
    nstSignalLost: (percent) => `NST：信号の ${percent} % が欠落しています。`,
  },
  show: '記録紙で示す',

  actions: '推奨される対応',
  actionsNote: 'どちらを選ぶかは、経過・分娩の進行・背景・施設の体制から判断してください。',
  role: { doctor: '医師', midwife: '助産師' },
  or: 'または',
  action: {
    doctor: {
      A: '経過観察',
      B: '監視の強化、保存的処置の施行および原因検索',
      C: '保存的処置の施行および原因検索、急速遂娩の準備',
      D: '急速遂娩の実行、新生児蘇生の準備',
    },
    midwife: {
      A: '経過観察',
      B: '連続監視、医師に報告する',
      C: '連続監視、医師の立ち会いを要請、急速遂娩の準備',
      D: '急速遂娩の実行、新生児蘇生の準備',
    },
  },

  others: 'ほかの分類',
  figo: { normal: '正常', suspicious: '疑わしい', pathological: '病的' },
  nichd: (category) => `カテゴリー ${category}`,
  nst: { reactive: 'リアクティブ', notYet: '判定中', nonReactive: 'ノンリアクティブ' },
  none: '判定なし',

  facts: '計測値',
  baseline: '基線',
  variability: '細変動',
  variabilityGrade: { absent: '消失', decreased: '減少', normal: '正常', increased: '増加' },
  shortTerm: 'STV',
  longTerm: 'LTV',
  contractionsTitle: '陣痛／10 分',
  lossTitle: '欠落',

  profile: '所見の読み方',
  profileName: { definition: '定義', expert: '専門家' },
  profileNote: {
    definition: '定義どおりの所見を表示しています。',
    expert: '専門家が印を付けると推定した所見を表示しています。レベルは定義どおりの所見で決めています。',
  },

  findings: '所見',
  findingsNone: '表示中の読み方では、所見はありません。',
  finding: {
    acceleration: '一過性頻脈',
    early: '早発一過性徐脈',
    variable: '変動一過性徐脈',
    late: '遅発一過性徐脈',
    prolonged: '遷延一過性徐脈',
    unknown: '一過性徐脈（種別不明）',
    contraction: '陣痛',
    doubled: '倍計数の疑い',
    halved: '半計数の疑い',
    spike: 'スパイク',
    maternalCoincidence: '母体心拍と一致',
    maternalDoubled: '母体心拍の倍計数の疑い',
    sinusoidal: 'サイナソイダルパターン',
  },
  findingShort: {
    acceleration: '一過性頻脈',
    early: '早発',
    variable: '変動',
    late: '遅発',
    prolonged: '遷延',
    unknown: '種別不明',
    contraction: '陣痛',
    doubled: '倍計数',
    halved: '半計数',
    spike: 'スパイク',
    maternalCoincidence: '母体心拍',
    maternalDoubled: '母体倍計数',
    sinusoidal: 'サイナソイダル',
  },
  severity: { mild: '軽度', severe: '高度' },
  prolongedAcceleration: '遷延一過性頻脈',
  nadir: (bpm, depth) => `最下点 ${bpm}（−${depth}）`,
  peak: (bpm, height) => `頂点 ${bpm}（+${height}）`,
  lag: (seconds) => `陣痛頂点から ${seconds} 秒`,
  held: (from, to) => `過去の記録を表示中：${from}–${to}`,
  backToNow: '現在に戻る',

  conditions: '現在の状態',
  condition: {
    bradycardia: '徐脈',
    tachycardia: '頻脈',
    tachysystole: '頻収縮',
    maternalCoincidence: '母体心拍と一致',
    maternalDoubled: '母体心拍の倍計数の疑い',
    signalPoor: '信号不良',
    level3: 'レベル 3',
    level4: 'レベル 4',
    level5: 'レベル 5',
    sinusoidal: 'サイナソイダルパターン',
    prolongedDeceleration: '遷延する徐脈',
    notClassifiable: '分類不能',
    twinsCoincide: '双胎の心拍が一致',
    severeBradycardia: '高度の徐脈',
    signalLost: '胎児心拍の信号なし',
  },
  judged: '医療者の判定',
  judgeHelp: 'この区間のレベルを、あなたの名前で記録します。機械判定とは別に保存します。',
  judgeReason: '理由・所見（任意）',
  judgeSend: '記録する',
  judgeOutcome: {
    sent: '送信しました。保存されると下に表示されます。',
    'not sent': '接続が途絶しているため送信していません。',
  },
  judgedBy: (role, account, level) => `${level}（${role} ${account}）`,
  judgeRole: { doctor: '医師', midwife: '助産師', obstetrician: '周産期センター医師' },

  legend: {
    baseline: '基線',
    acceleration: '一過性頻脈',
    deceleration: '一過性徐脈',
    severe: '太線：高度',
    contraction: '陣痛と頂点',
    artefact: '信頼できない心拍',
    provisional: '破線：暫定',
    levels: 'レベル 1–5',
    none: '分類不能',
    carried: '前値を使用',
  },
};
