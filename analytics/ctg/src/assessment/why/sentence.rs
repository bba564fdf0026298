//! The reasons as sentences, word for word those of the wall.
//!
//! A finding is named by the time at which it begins on the strip; on the wall that is the time
//! of day.

use super::Why;
use crate::finding::DecelerationKind;
use crate::jsog::Column;
use crate::tick::{Span, TICKS_PER_SECOND};
use crate::window::{Variability, VariabilityGrade};

impl Why {
    /// The reason as a Japanese sentence.
    #[must_use]
    pub fn ja(&self) -> String {
        self.ja_at(clock)
    }

    /// The same, with the time of a finding as `time` names it: of the day, where that is known.
    #[must_use]
    pub fn ja_at(&self, time: impl Fn(Span) -> String) -> String {
        let at = self.finding().map_or(String::new(), |span| format!("{} の", time(span)));
        let one =
            if at.is_empty() { String::new() } else { format!("、うち一つは {at}もの") };
        match *self {
            Self::Baseline(level) => format!("基線は {} bpm です。", level.bpm),
            Self::Variability(found) => format!("基線細変動は{}。", band_ja(found)),
            Self::Sinusoidal => "サイナソイダルパターンがあります。".into(),
            Self::BaselineCarried { age_s } => {
                format!("基線がこの区間で決まらないため、{age_s} 秒前の値を使っています。")
            }
            Self::VariabilityCarried { age_s } => {
                format!("細変動がこの区間で決まらないため、{age_s} 秒前の値を使っています。")
            }
            Self::NoDeceleration => "一過性徐脈はありません。".into(),
            Self::Deceleration { kind: DecelerationKind::Unknown, nadir_bpm, .. } => format!(
                "{at}緩やかな一過性徐脈があり、陣痛と比べられないため遅発として扱います（最下点 {} bpm）。",
                number(nadir_bpm)
            ),
            Self::Deceleration { column, nadir_bpm, .. } => {
                let name = name_ja(column);
                format!("{at}{name}があります（最下点 {} bpm）。", number(nadir_bpm))
            }
            Self::BackgroundRisk => {
                "背景リスクがあるため、注記に従いレベルを 1 つ上げています。".into()
            }
            Self::DisplayRule => {
                "細変動消失が減少より軽く見えないよう、高い方のレベルを表示しています（要確認）。"
                    .into()
            }
            Self::IncreasedOnBradycardia => {
                "徐脈のため、細変動増加は正常細変動の表も用い、高い方のレベルとしています。".into()
            }
            Self::NoCell => "分類表にこの組み合わせの欄がありません。".into(),
            Self::SpecialCause => {
                "薬剤や児の形態異常など特別な原因がある場合は、注記に従い個別に判断してください。"
                    .into()
            }
            Self::Lost { share } => {
                format!("胎児心拍の {:.0} % が欠落しています。", 100.0 * share)
            }
            Self::BaselineUndetermined => "基線を決められず、10 分以内の前値もありません。".into(),
            Self::VariabilityUndetermined => {
                "基線細変動を決められず、10 分以内の前値もありません。".into()
            }
            Self::Short { seconds } => format!("記録はまだ {seconds:.0} 秒分しかありません。"),
            Self::FigoBaseline { bpm } => format!("FIGO：基線は {bpm} bpm です。"),
            Self::FigoVariability { minutes } => {
                format!("FIGO：細変動の異常が {minutes} 分あります。")
            }
            Self::FigoDecelerations { count, .. } => {
                format!("FIGO：反復する、または長い一過性徐脈があります（{count} 回{one}）。")
            }
            Self::FigoSinusoidal { minutes } => {
                format!("FIGO：サイナソイダルパターンが {minutes} 分続いています。")
            }
            Self::NichdBaseline { bpm } => format!("NICHD：基線は {bpm} bpm です。"),
            Self::NichdVariability(found) => format!("NICHD：基線細変動は{}。", band_ja(found)),
            Self::NichdDecelerations { share, .. } => {
                format!("NICHD：陣痛の {:.0} % に一過性徐脈を伴います{one}。", 100.0 * share)
            }
            Self::NichdSinusoidal => "NICHD：サイナソイダルパターンがあります。".into(),
            Self::NichdDecelerationsUncounted { .. } => {
                format!("NICHD：{at}一過性徐脈があり、陣痛の記録がないため割合は不明です。")
            }
            Self::NstAccelerations { count } => {
                format!("NST：基準を満たす一過性頻脈は {count} 回です。")
            }
            Self::NstDecelerations { .. } => format!("NST：{at}一過性徐脈があります。"),
            Self::NstLost { share } => {
                format!("NST：信号の {:.0} % が欠落しています。", 100.0 * share)
            }
        }
    }

    /// The reason as an English sentence.
    #[must_use]
    pub fn en(&self) -> String {
        self.en_at(clock)
    }

    /// The same, with the time of a finding as `time` names it.
    #[must_use]
    pub fn en_at(&self, time: impl Fn(Span) -> String) -> String {
        let at = self.finding().map_or(String::new(), |span| format!(" at {}", time(span)));
        let one = if at.is_empty() { String::new() } else { format!(", one of them{at}") };
        match *self {
            Self::Baseline(level) => format!("The baseline is {} bpm.", level.bpm),
            Self::Variability(found) => format!("The variability is {}.", band_en(found)),
            Self::Sinusoidal => "There is a sinusoidal pattern.".into(),
            Self::BaselineCarried { age_s } => {
                format!("The baseline cannot be determined here; the value of {age_s} s ago is used.")
            }
            Self::VariabilityCarried { age_s } => {
                format!("The variability cannot be determined here; the value of {age_s} s ago is used.")
            }
            Self::NoDeceleration => "There is no deceleration.".into(),
            Self::Deceleration { kind: DecelerationKind::Unknown, nadir_bpm, .. } => format!(
                "There is a gradual deceleration{at} with no contractions to judge it by; it counts as late (nadir {} bpm).",
                number(nadir_bpm)
            ),
            Self::Deceleration { column, nadir_bpm, .. } => {
                let name = name_en(column);
                format!("There is {name} deceleration{at} (nadir {} bpm).", number(nadir_bpm))
            }
            Self::BackgroundRisk => {
                "A background risk is known, which raises the level by one, as the footnote says.".into()
            }
            Self::DisplayRule => "Absent variability is not shown as milder than decreased; the higher level is shown (to be checked).".into(),
            Self::IncreasedOnBradycardia => "With bradycardia, increased variability is judged by the table of normal variability too; the higher level counts.".into(),
            Self::NoCell => "The table has no cell for this combination.".into(),
            Self::SpecialCause => "Where a special cause is known, such as drugs or a fetal anomaly, judge individually, as the footnote says.".into(),
            Self::Lost { share } => {
                format!("{:.0} % of the fetal heart rate is lost.", 100.0 * share)
            }
            Self::BaselineUndetermined => {
                "The baseline cannot be determined, and there is none from the last ten minutes.".into()
            }
            Self::VariabilityUndetermined => {
                "The variability cannot be determined, and there is none from the last ten minutes.".into()
            }
            Self::Short { seconds } => format!("There are only {seconds:.0} s of the strip so far."),
            Self::FigoBaseline { bpm } => format!("FIGO: the baseline is {bpm} bpm."),
            Self::FigoVariability { minutes } => {
                format!("FIGO: the variability is abnormal in {minutes} min.")
            }
            Self::FigoDecelerations { count, .. } => {
                format!("FIGO: there are repetitive or long decelerations ({count}{one}).")
            }
            Self::FigoSinusoidal { minutes } => {
                format!("FIGO: a sinusoidal pattern has lasted {minutes} min.")
            }
            Self::NichdBaseline { bpm } => format!("NICHD: the baseline is {bpm} bpm."),
            Self::NichdVariability(found) => format!("NICHD: the variability is {}.", band_en(found)),
            Self::NichdDecelerations { share, .. } => format!(
                "NICHD: {:.0} % of the contractions come with a deceleration{one}.",
                100.0 * share
            ),
            Self::NichdSinusoidal => "NICHD: there is a sinusoidal pattern.".into(),
            Self::NichdDecelerationsUncounted { .. } => {
                format!("NICHD: there is a deceleration{at}; with which share of the contractions is not known, as they are not recorded.")
            }
            Self::NstAccelerations { count } => format!("NST: accelerations that meet the rule: {count}."),
            Self::NstDecelerations { .. } => format!("NST: there is a deceleration{at}."),
            Self::NstLost { share } => format!("NST: {:.0} % of the signal is lost.", 100.0 * share),
        }
    }
}

fn band_ja(Variability { bandwidth_bpm, grade }: Variability) -> String {
    let grade = match grade {
        VariabilityGrade::Absent => "消失",
        VariabilityGrade::Decreased => "減少",
        VariabilityGrade::Normal => "正常",
        VariabilityGrade::Increased => "増加",
    };
    format!("{grade}です（幅 {} bpm）", number(bandwidth_bpm))
}

fn band_en(Variability { bandwidth_bpm, grade }: Variability) -> String {
    let grade = match grade {
        VariabilityGrade::Absent => "absent",
        VariabilityGrade::Decreased => "decreased",
        VariabilityGrade::Normal => "normal",
        VariabilityGrade::Increased => "increased",
    };
    format!("{grade} (bandwidth {} bpm)", number(bandwidth_bpm))
}

fn name_ja(column: Column) -> &'static str {
    match column {
        Column::None => "一過性徐脈なし",
        Column::Early => "早発一過性徐脈",
        Column::VariableMild => "変動一過性徐脈（軽度）",
        Column::VariableSevere => "変動一過性徐脈（高度）",
        Column::LateMild => "遅発一過性徐脈（軽度）",
        Column::LateSevere => "遅発一過性徐脈（高度）",
        Column::ProlongedMild => "遷延一過性徐脈（軽度）",
        Column::ProlongedSevere => "遷延一過性徐脈（高度）",
    }
}

fn name_en(column: Column) -> &'static str {
    match column {
        Column::None => "no",
        Column::Early => "an early",
        Column::VariableMild => "a mild variable",
        Column::VariableSevere => "a severe variable",
        Column::LateMild => "a mild late",
        Column::LateSevere => "a severe late",
        Column::ProlongedMild => "a mild prolonged",
        Column::ProlongedSevere => "a severe prolonged",
    }
}

/// A quantity in the quarters in which it travels, with no more than one decimal.
fn number(value: f32) -> String {
    let quarters = (4.0 * value).round() / 4.0;
    let tenths = (10.0 * quarters + 0.5).floor() / 10.0;
    if tenths.fract() == 0.0 { format!("{tenths:.0}") } else { format!("{tenths:.1}") }
}

/// Minutes and seconds of the strip at which a span starts.
fn clock(span: Span) -> String {
    let seconds = span.start / TICKS_PER_SECOND;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
