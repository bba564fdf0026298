//! What this room writes, in the two languages of the paper.

use ctg::{ArtefactKind, Deceleration, DecelerationKind, Profile, Severity, Uterus};
use vitals::Absence;

use crate::paper::Language;
use crate::recorded::Gestation;
use crate::sheet::Sheet;

/// What every page says of itself: Japanese, English. Not to be shortened.
pub(crate) const UNAPPROVED: (&str, &str) = (
    "研究・検証用／医療機器として未承認",
    "For research and validation only / not an approved medical device",
);
/// What every page says of a table that nobody has signed: Japanese, English.
pub(crate) const UNREVIEWED: (&str, &str) =
    ("分類表：未監修（参考）", "Table of levels: not reviewed (for reference)");

/// What it is for, and what it is not: Japanese, English. Not to be shortened.
pub(crate) const SUPPORT: (&str, &str) = (
    "判断支援のための表示です。判断と処置は医師・助産師が行います。承認された医療機器ではありません。",
    "Decision support for licensed staff, who judge and act. Not an approved medical device.",
);

/// How far she is.
pub(crate) fn gestation(gestation: Gestation, language: Language) -> String {
    let Gestation { weeks, days } = gestation;
    match (language, days) {
        (Language::Japanese, Some(days)) => format!("妊娠 {weeks} 週 {days} 日"),
        (Language::Japanese, None) => format!("妊娠 {weeks} 週"),
        (Language::English, Some(days)) => format!("{weeks}+{days} weeks"),
        (Language::English, None) => format!("{weeks} weeks"),
    }
}

/// A deceleration's label: words, then fewer, then its letter with its severity.
pub(crate) fn deceleration(found: &Deceleration, language: Language) -> [String; 3] {
    let (japanese, sign, english, letter) = match found.kind {
        DecelerationKind::Early => ("早発", "早", "early", "E"),
        DecelerationKind::Variable => ("変動", "変", "variable", "V"),
        DecelerationKind::Late => ("遅発", "遅", "late", "L"),
        DecelerationKind::Prolonged => ("遷延", "遷", "prolonged", "P"),
        DecelerationKind::Unknown => ("種類不明", "？", "kind unknown", "?"),
    };
    let (degree, degree_sign, degree_english) = match found.severity {
        Some(Severity::Mild) => ("軽度", "軽", "mild"),
        Some(Severity::Severe) => ("高度", "高", "severe"),
        None => ("", "", ""),
    };
    let emphasis = if found.severity == Some(Severity::Severe) { "!" } else { "" };
    match language {
        Language::Japanese => [
            format!("{letter} {japanese} {degree}").trim_end().to_owned(),
            format!("{sign}{degree_sign}"),
            format!("{letter}{emphasis}"),
        ],
        Language::English => [
            format!("{letter} {english} {degree_english}").trim_end().to_owned(),
            format!("{letter} {degree_english}").trim_end().to_owned(),
            format!("{letter}{emphasis}"),
        ],
    }
}

/// An artefact's label: words, then a sign.
pub(crate) fn artefact(kind: ArtefactKind, language: Language) -> [&'static str; 2] {
    match kind {
        ArtefactKind::Doubled => [language.of("倍数計測", "doubled"), "×2"],
        ArtefactKind::Halved => [language.of("半数計測", "halved"), "½"],
        ArtefactKind::Spike => [language.of("ノイズ", "spike"), "※"],
        ArtefactKind::MaternalCoincidence => {
            [language.of("母体心拍と一致", "maternal rate"), language.of("母", "M")]
        }
        ArtefactKind::MaternalDoubled => {
            [language.of("母体心拍の倍数", "maternal doubled"), language.of("母×2", "M×2")]
        }
    }
}

/// Whose findings are drawn.
pub(crate) fn profile(profile: Profile, language: Language) -> &'static str {
    match profile {
        Profile::Definition => language.of(
            "表示所見：定義どおり（definition）",
            "findings shown: by the written definitions (definition)",
        ),
        Profile::Expert => language.of(
            "表示所見：専門家の読み（expert）※レベルは定義による",
            "findings shown: as experts would mark (expert); levels are by definition",
        ),
    }
}

/// The title of the lower scale.
pub(crate) fn uterus(uterus: Uterus, language: Language) -> &'static str {
    match uterus {
        Uterus::External => language.of("子宮収縮 UA（相対値）", "UA (relative)"),
        Uterus::IntraUterine => language.of("子宮内圧 UA（mmHg）", "UA (mmHg)"),
    }
}

/// Which trace is which twin, and whether one is drawn elsewhere than it was recorded.
pub(crate) fn twins(offset_bpm: i16, language: Language) -> String {
    match (offset_bpm, language) {
        (0, Language::Japanese) => {
            "双胎：FHR1 濃紺（太）・FHR2 青（細）。表示オフセットなし".to_owned()
        }
        (0, Language::English) => {
            "twins: FHR1 dark, FHR2 blue and thin; no display offset".to_owned()
        }
        (offset, Language::Japanese) => format!(
            "双胎：FHR2（青・細）は {offset:+} bpm ずらして表示。実際の値は目盛りから {} {} bpm",
            if offset > 0 { "マイナス" } else { "プラス" },
            offset.unsigned_abs()
        ),
        (offset, Language::English) => format!(
            "twins: FHR2 (blue, thin) is drawn at {offset:+} bpm; its true rate is the scale's {} {} bpm",
            if offset > 0 { "minus" } else { "plus" },
            offset.unsigned_abs()
        ),
    }
}

/// Why a channel has no value.
pub(crate) fn absence(why: Absence, language: Language) -> &'static str {
    match why {
        Absence::NoTransducer => language.of("プローブ未接続", "no transducer"),
        Absence::Inoperative => language.of("プローブ動作不能", "transducer inoperative"),
        Absence::Blank => language.of("心拍を検出できません", "no rate found"),
        Absence::DamagedFrame => language.of("受信データ破損", "damaged data"),
        Absence::DeviceSilent => language.of("機器応答なし", "monitor silent"),
        Absence::PortLost => language.of("機器ケーブル切断", "monitor unplugged"),
        Absence::SpoolDamaged => language.of("ブリッジ保存データ破損", "stored data damaged"),
    }
}

/// The name of a minute of the strip: of the clock where the paper counts by it.
pub(crate) fn minute(sheet: &Sheet, minute: u32) -> String {
    match sheet.strip.clock() {
        Some(begins) => {
            let text = time_of_day(begins.second_of_day, minute.saturating_mul(60));
            text.get(..5).unwrap_or(&text).to_owned()
        }
        None => hours_minutes(minute),
    }
}

/// The name of a second of the strip.
pub(crate) fn moment(sheet: &Sheet, tick: u32) -> String {
    let second = tick / ctg::tick::TICKS_PER_SECOND;
    sheet
        .strip
        .clock()
        .map_or_else(|| clock(second), |begins| time_of_day(begins.second_of_day, second))
}

/// Hours, minutes and seconds.
pub(crate) fn clock(seconds: u32) -> String {
    format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// The time of day so many seconds after a second of the day.
pub(crate) fn time_of_day(second_of_day: u32, later_s: u32) -> String {
    let second = (u64::from(second_of_day) + u64::from(later_s)) % 86_400;
    format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}

/// Hours and minutes.
pub(crate) fn hours_minutes(minutes: u32) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}
