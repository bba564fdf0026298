//! What this room writes, in the two languages of the paper.

use ctg::{ArtefactKind, Deceleration, DecelerationKind, Profile, Severity, Uterus};

use crate::paper::Language;

/// What every page says of itself: Japanese, English. Not to be shortened.
pub(crate) const UNAPPROVED: (&str, &str) = (
    "研究・検証用／医療機器として未承認",
    "For research and validation only / not an approved medical device",
);
/// What every page says of a table that nobody has signed: Japanese, English.
pub(crate) const UNREVIEWED: (&str, &str) =
    ("分類表：未監修（参考）", "Table of levels: not reviewed (for reference)");

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
