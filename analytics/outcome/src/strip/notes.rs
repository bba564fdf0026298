//! Notes and alarms, and the lines of JSON in which a command is given them.

use jiff::tz::TimeZone;
use report::{NoteKind, Priority};
use serde_json::Value;

use super::Moment;

/// Something that somebody wrote, or an alarm that sounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Moment,
    /// Who wrote it, with the role, as people are shown; empty for an alarm without one.
    pub who: String,
    /// What.
    pub text: String,
    /// What kind of note it is.
    pub kind: NoteKind,
}

impl Note {
    /// Reads notes, one JSON object a line: `{"at": "2026-11-25 03:12", "who": "…", "text": "…",
    /// "kind": "remark"}`. `kind` is `remark` (also where it is missing), `alarm low`,
    /// `alarm medium` or `alarm high`; `who` may be missing.
    ///
    /// # Errors
    ///
    /// A sentence that names the line. It holds nothing of the text.
    pub fn of_lines(lines: &str, zone: &TimeZone) -> Result<Vec<Self>, String> {
        let numbered = (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty());
        numbered
            .map(|(number, line)| {
                Self::of_line(line, zone).map_err(|reason| format!("line {number} {reason}"))
            })
            .collect()
    }

    fn of_line(line: &str, zone: &TimeZone) -> Result<Self, String> {
        let value: Value =
            serde_json::from_str(line).map_err(|_| "is no JSON object".to_owned())?;
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let need = |key: &str| text(key).ok_or_else(|| format!("has no text \"{key}\""));
        let kind = match text("kind").unwrap_or("remark") {
            "remark" => NoteKind::Remark,
            "alarm low" => NoteKind::Alarm(Priority::Low),
            "alarm medium" => NoteKind::Alarm(Priority::Medium),
            "alarm high" => NoteKind::Alarm(Priority::High),
            _ => {
                return Err(
                    "has another \"kind\" than remark, alarm low, alarm medium or alarm high"
                        .to_owned(),
                );
            }
        };
        let at = Moment::parse(need("at")?, zone).map_err(|_| "has no time in \"at\"")?;
        let who = text("who").unwrap_or_default().to_owned();
        Ok(Self { at, who, text: need("text")?.to_owned(), kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::moment::japan;

    #[test]
    fn a_line_is_a_note_and_a_bad_one_is_named_without_its_text() {
        let lines = r#"{"at": "0:12", "who": "山田（助産師）", "text": "体位変換"}

{"at": "2026-11-25 03:12", "text": "徐脈", "kind": "alarm high"}"#;
        let notes = Note::of_lines(lines, &japan()).unwrap();
        assert_eq!((notes[0].at, notes[0].kind), (Moment::Elapsed(720), NoteKind::Remark));
        assert_eq!(notes[1].kind, NoteKind::Alarm(Priority::High));
        for (line, named) in [
            (r#"{"at": "0:12", "text": 3}"#, "line 1 has no text \"text\""),
            (r#"{"at": "late", "text": "secret"}"#, "line 1 has no time in \"at\""),
            ("secret", "line 1 is no JSON object"),
        ] {
            let refused = Note::of_lines(line, &japan()).unwrap_err();
            assert_eq!(refused, named);
        }
        let kind = r#"{"at": "0:12", "text": "x", "kind": "alarm"}"#;
        assert!(Note::of_lines(kind, &japan()).unwrap_err().contains("another \"kind\""));
    }
}
