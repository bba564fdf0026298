//! What is recommended at a level, beside the findings or under them.

use plotters_backend::DrawingBackend;

use super::{INDENT, WHY, WHY_LINE};
use crate::ink;
use crate::pen::{Drawn, Hand, Pen};
use crate::sheet::Sheet;
use crate::strip::LevelBand;

/// Height of the letters of the title, units.
const TITLE: i32 = 220;
/// Distance between the findings and what stands beside them, units.
const GAP: i32 = 600;

/// The place under a band, units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) x: i32,
    pub(super) top: i32,
    pub(super) width: i32,
    /// Lines that fit in above the footer.
    pub(super) lines: usize,
}

/// Writes it in the right half where the findings leave that free, else under them; where
/// neither has room for all of it, it is left out: half a recommendation is none.
pub(super) fn write<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    band: &LevelBand,
    room: Room,
    findings: &[(String, bool)],
) -> Drawn {
    let language = sheet.paper.language;
    let title =
        language.of("推奨される対応（選択は医療者）", "recommended action (yours to choose)");
    let half = room.width / 2;
    let hand = Hand::new(WHY, ink::TEXT);
    let widest = findings.iter().map(|(line, _)| pen.width(line, hand)).max().unwrap_or(0);
    let beside = Room { x: room.x + half, width: half, ..room };
    let below = Room {
        top: room.top + findings.len() as i32 * WHY_LINE,
        lines: room.lines.saturating_sub(findings.len()),
        ..room
    };
    for (place, is_free) in [(beside, INDENT + widest + GAP <= half), (below, true)] {
        let lines: Vec<String> = band
            .actions
            .iter()
            .flat_map(|action| pen.face().wrap(action, WHY, place.width - INDENT))
            .collect();
        if !is_free || lines.is_empty() || lines.len() >= place.lines {
            continue;
        }
        let mut y = place.top + WHY_LINE / 2;
        pen.text_within(title, (place.x, y), place.width, Hand::new(TITLE, ink::TEXT_SOFT))?;
        for line in lines {
            y += WHY_LINE;
            pen.text_within(&line, (place.x + INDENT, y), place.width - INDENT, hand)?;
        }
        return Ok(());
    }
    Ok(())
}
