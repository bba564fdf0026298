//! Draws strips on paper scale: bytes of a picture out, nothing else touched.
//!
//! In: the ticks of a strip, what [`ctg`] found in it, the levels with their reasons, and the
//! paper to draw on. Out: a PDF at true size, or one SVG or PNG a page. Never: files, clocks, any
//! judgement of its own. What is absent stays absent: the pen is lifted, the place is shaded.
//!
//! A centimetre on the page is a centimetre: 1, 2 or 3 cm are a minute, 20 or 30 bpm are a
//! centimetre ([`Paper`]). A page is A4 landscape and carries 24 cm of one strip, 8 min at
//! 3 cm/min; A4 portrait and one continuous sheet are there as well ([`Format`]). The PDF asks
//! viewers to print without scaling, a PNG states the size of its pixels, and a bar of 5 cm at
//! the foot of every page lets a ruler check it. The text of a PDF is text, in a face that it
//! carries along; SVG and PNG have its outlines.
//!
//! ```
//! use ctg::{Contraction, Span, Tick};
//! use report::{Language, LevelBand, Paper, Strip};
//!
//! # fn main() -> Result<(), report::ReportError> {
//! let fhr = vitals::Bpm::from_quarters(560).ok();
//! let ticks = vec![Tick { fhr, ..Tick::default() }; 10 * 240];
//! let baseline_bpm = vec![140.0; ticks.len()];
//! let contraction = Contraction { span: Span::of_seconds(60, 130), peak: 380, height: 45.0 };
//! let levels = [LevelBand {
//!     span: Span::of_seconds(0, 600),
//!     level: Some(1),
//!     name: "正常波形".into(),
//!     why: vec!["基線 140 bpm・細変動 正常・一過性徐脈なし".into()],
//!     actions: vec!["医師：A 経過観察".into(), "助産師：A 経過観察".into()],
//! }];
//! let strip = Strip {
//!     baseline_bpm: &baseline_bpm,
//!     contractions: &[contraction],
//!     levels: &levels,
//!     ..Strip::bare("記録 0042", &ticks)
//! };
//! let pdf: Vec<u8> = report::strip_pdf(&[strip], &Paper::default())?;
//! assert!(pdf.starts_with(b"%PDF"));
//! let english = Paper { language: Language::English, ..Paper::default() };
//! let pages: Vec<String> = report::strip_svg(&[Strip::bare("0042", &ticks)], &english)?;
//! assert_eq!(pages.len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! Texts that the caller hands in (names, reasons) are drawn as they come: give them in the
//! language of the paper. Start reading at [`Strip`]; `sheet.rs` is a page from top to bottom.

mod error;
mod face;
mod findings;
mod frame;
mod header;
mod ink;
mod layout;
mod losses;
mod marks;
mod notes;
mod paper;
mod pdf;
mod pen;
mod png;
mod recorded;
mod ribbon;
mod sheet;
mod strip;
mod svg;
mod traces;
mod words;

pub use error::ReportError;
pub use paper::{Format, Language, Paper, SHEET_CM_MAX, Scale, Speed};
pub use pdf::strip_pdf;
pub use png::{Dpi, PIXELS_MAX, strip_png};
pub use recorded::{
    Gestation, Heading, Missing, Note, NoteKind, Priority, Shows, Stretch, Twin, What,
};
pub use strip::{Beginning, LevelBand, Strip, TICKS_MAX, Table};
pub use svg::strip_svg;
