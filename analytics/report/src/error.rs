//! Why there is no report.

use plotters::drawing::DrawingAreaErrorKind;
use thiserror::Error;

use crate::paper::SHEET_CM_MAX;
use crate::png::PIXELS_MAX;
use crate::strip::TICKS_MAX;

/// Why a report could not be drawn.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The canvas refused a line; with canvases in memory that is a defect of this room.
    #[error("drawing failed: {reason}")]
    Drawing {
        /// What the canvas said.
        reason: String,
    },
    /// The font that is built in cannot be read or cut.
    #[error("the built-in font failed: {reason}")]
    Font {
        /// What its reader said.
        reason: String,
    },
    /// There is no strip: a report without a page would be mistaken for one without findings.
    #[error("a report needs at least one strip")]
    NoStrip,
    /// A picture in pixels would not fit into memory.
    #[error(
        "a picture of {width} by {height} pixels is larger than {PIXELS_MAX} pixels; draw pages, a shorter period or at fewer dpi"
    )]
    TooManyPixels {
        /// Across.
        width: u32,
        /// Down.
        height: u32,
    },
    /// A strip is longer than one continuous sheet can be.
    #[error(
        "a continuous sheet of {centimetres} cm is longer than {SHEET_CM_MAX} cm; draw pages, a shorter period or at a lower speed"
    )]
    SheetTooLong {
        /// How long it would be, cm of strip.
        centimetres: u32,
    },
    /// A strip is longer than a report is meant for.
    #[error("a strip of {ticks} ticks is longer than {TICKS_MAX}: name \"{name}\"")]
    TooLong {
        /// How many ticks it has.
        ticks: usize,
        /// Its name.
        name: String,
    },
}

impl<E: std::error::Error + Send + Sync> From<DrawingAreaErrorKind<E>> for ReportError {
    fn from(error: DrawingAreaErrorKind<E>) -> Self {
        Self::Drawing { reason: error.to_string() }
    }
}
