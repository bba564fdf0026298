//! Blocks of one episode laid on one time line of ticks.
//!
//! Within one run of a bridge the device's own count gives the place of a block. A new run
//! counts anew, so it is placed after the run before it by the bridge's clock.

use std::path::Path;
use std::sync::Arc;

use ctg::{Fetus, Tick, Uterus};
use store::StoredBlock;
use vitals::{ActivityTransducer, DeviceTick, HeartTransducer, TICKS_PER_SECOND};

use super::strip::Strip;

/// The longest strip: a week. A count beyond it is a damaged one.
const TICKS_MAX: u64 = 7 * 24 * 3_600 * TICKS_PER_SECOND as u64;

/// Where the strips of an episode come from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The store, or a file of it.
    pub(crate) file: Arc<Path>,
    /// Bridge, device and episode.
    pub(crate) name: String,
    /// The same as a message may show it.
    pub(crate) label: String,
}

/// Blocks in the order they were lived, each with its place in ticks.
#[derive(Debug)]
pub(crate) struct Order<'a> {
    placed: Vec<(u64, &'a StoredBlock)>,
}

impl<'a> Order<'a> {
    /// Sorts and places blocks; a block that came twice counts once.
    pub(crate) fn of(blocks: &'a mut [StoredBlock]) -> Self {
        // Runs lie in the order of their first block, blocks in the order they were sent.
        blocks.sort_by_key(|stored| (stored.block.epoch, stored.block.seq));
        let mut runs: Vec<&[StoredBlock]> =
            blocks.chunk_by(|one, next| one.block.epoch == next.block.epoch).collect();
        runs.sort_by_key(|run| run.first().map(|stored| stored.block.at));
        let started = runs.first().and_then(|run| run.first()).map(|stored| stored.block.at);
        let mut placed: Vec<(u64, &StoredBlock)> = Vec::new();
        let mut end = 0;
        for run in runs {
            let Some((first, started)) = run.first().zip(started) else { continue };
            let since = first.block.at.micros_since(started) / DeviceTick::MICROS;
            let offset = u64::try_from(since).unwrap_or_default().max(end);
            for stored in run {
                let counted = stored.block.tick.0.saturating_sub(first.block.tick.0);
                let place = offset.saturating_add(counted);
                // A second that would lie before the last is the same one, come twice.
                if place >= end {
                    placed.push((place, stored));
                    end = place.saturating_add(TICKS_PER_SECOND as u64);
                }
            }
        }
        Self { placed }
    }

    /// The blocks, each with the tick at which it begins.
    pub(crate) fn placed(&self) -> &[(u64, &'a StoredBlock)] {
        &self.placed
    }
}

/// How many ticks the blocks reach over.
///
/// # Errors
///
/// What is wrong, where that is more than a week.
pub(crate) fn length(order: &Order) -> Result<usize, String> {
    let Some(&(last, _)) = order.placed.last() else { return Ok(0) };
    if last >= TICKS_MAX {
        return Err("has times more than a week apart; a clock was wrong".to_owned());
    }
    Ok(usize::try_from(last).expect("checked to be within a week") + TICKS_PER_SECOND)
}

/// The strip of each fetus that was listened to.
///
/// # Errors
///
/// What is wrong, where it lasts longer than a week.
pub(crate) fn strips(order: &Order, origin: &Origin) -> Result<Vec<Strip>, String> {
    let length = length(order)?;
    if length == 0 {
        return Ok(Vec::new());
    }
    let has_second = is_listened_to(order, Fetus::Second);
    let has_first = is_listened_to(order, Fetus::First) || !has_second;
    let strip = |fetus, is_there: bool| is_there.then(|| strip(order, length, fetus, origin));
    let both = [strip(Fetus::First, has_first), strip(Fetus::Second, has_second)];
    Ok(both.into_iter().flatten().collect())
}

fn strip(order: &Order, length: usize, fetus: Fetus, origin: &Origin) -> Strip {
    let mut ticks = vec![Tick::default(); length];
    for &(place, stored) in &order.placed {
        let place = usize::try_from(place).expect("not beyond the last");
        let second = Tick::of_second(&stored.block.second, fetus);
        ticks[place..place + TICKS_PER_SECOND].copy_from_slice(&second);
    }
    Strip {
        file: Arc::clone(&origin.file),
        name: origin.name.clone(),
        label: origin.label.clone(),
        fetus: Some(fetus),
        starts_at: order.placed.first().map(|(_, stored)| stored.block.at),
        source_hz: ctg::tick::TICKS_PER_SECOND,
        uterus: uterus(order),
        ticks,
    }
}

fn is_listened_to(order: &Order, fetus: Fetus) -> bool {
    order.placed.iter().any(|(_, stored)| {
        let transducers = stored.block.second.transducers;
        let transducer = match fetus {
            Fetus::First => transducers.fhr1,
            Fetus::Second => transducers.fhr2,
        };
        transducer != HeartTransducer::None
    })
}

/// A catheter counts only where nothing but a catheter was used: the two are never mixed.
pub(crate) fn uterus(order: &Order) -> Option<Uterus> {
    let mut used =
        order.placed.iter().filter_map(|(_, stored)| match stored.block.second.transducers.ua {
            ActivityTransducer::None => None,
            ActivityTransducer::IntraUterine => Some(Uterus::IntraUterine),
            ActivityTransducer::External | ActivityTransducer::Unknown => Some(Uterus::External),
        });
    let first = used.next()?;
    Some(if used.all(|other| other == first) { first } else { Uterus::External })
}
