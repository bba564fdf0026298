//! One strip of our own store: found by episode or bed, read as far as the period asks.

use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use store::StoredBlock;
use vitals::WallTime;

use super::{Chart, Moment, Period, StripError, moment};
use crate::analyse::failure::Failure;
use crate::analyse::own_store::{Name, StoredStrips};

/// Which strip is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) episode: Option<&'a str>,
    pub(super) bed: Option<&'a str>,
}

/// The fewest digits that name an episode: as many as people are shown.
const DIGITS_MIN: usize = 4;
/// How far around a period sealed files are still read, so that the place of its first second
/// and what came late are known.
const MARGIN_MICROS: i64 = 15 * 60 * WallTime::MICROS_PER_SECOND;
/// A block is a second.
const SECOND_MICROS: i64 = WallTime::MICROS_PER_SECOND;

/// Reads the strip; all of it where `is_whole`. The second is what was left out, and why.
pub(super) fn read(
    data: &Path,
    wanted: Wanted,
    period: &Period,
    is_whole: bool,
    zone: &TimeZone,
) -> Result<(Chart, Vec<String>), StripError> {
    if wanted.episode.is_none() && period.from.is_none() && period.to.is_none() {
        let advice = "a bed has many episodes: give --from and --to, or --episode";
        return Err(StripError::Ambiguous(advice.to_owned()));
    }
    let limits = limits(period)?;
    let around = (limits.0.plus_micros(-MARGIN_MICROS), limits.1.plus_micros(MARGIN_MICROS));
    let within = (!is_whole).then_some(around);
    let found = StoredStrips::of_folder_within(&Arc::from(data), within).map_err(unreadable)?;
    let warnings: Vec<String> = found.damaged().iter().map(Failure::to_string).collect();
    let named = named(&found, wanted)?;
    if named.is_empty() {
        return Err(not_found(&found, data, wanted, within.is_some()));
    }
    let mut chosen: Vec<(&Name, Vec<StoredBlock>)> = Vec::new();
    let mut elsewhere = None;
    for (at, name) in named {
        let blocks = found.blocks(at).map_err(unreadable)?;
        if blocks.iter().any(|stored| is_inside(stored.block.at, limits)) {
            chosen.push((name, blocks));
        } else if let Some(extent) = extent(&blocks) {
            elsewhere = Some(extent);
        }
    }
    match (chosen.as_mut_slice(), elsewhere) {
        ([(name, blocks)], _) => {
            let chart = Chart::of_blocks(blocks).map_err(|reason| {
                StripError::Unreadable(format!("{} {reason}", name.redacted()))
            })?;
            Ok((chart, warnings))
        }
        ([], Some((from, to))) => {
            Err(StripError::Empty { from: moment::shown(from, zone), to: moment::shown(to, zone) })
        }
        ([], None) => Err(not_found(&found, data, wanted, within.is_some())),
        (several, _) => {
            let list: Vec<String> = several
                .iter()
                .filter_map(|(name, blocks)| {
                    let (from, to) = extent(blocks)?;
                    let [from, to] = [from, to].map(|at| moment::shown(at, zone));
                    Some(format!("{} ({from} to {to})", name.redacted()))
                })
                .collect();
            Err(StripError::Ambiguous(format!(
                "several episodes fit; say which with --episode and --bed: {}",
                list.join("; ")
            )))
        }
    }
}

/// The moments that a period reaches from and to.
fn limits(period: &Period) -> Result<(WallTime, WallTime), StripError> {
    let at = |moment: Option<Moment>, open: i64| match moment {
        Some(Moment::At(at)) => Ok(at),
        None => Ok(WallTime(open)),
        Some(Moment::Elapsed(_)) => {
            let advice = "times of a store need a date: --from \"2026-11-25 03:10\"";
            Err(StripError::Times(advice.to_owned()))
        }
    };
    let (from, to) = (at(period.from, i64::MIN)?, at(period.to, i64::MAX)?);
    if from >= to {
        return Err(StripError::Times("--from must be before --to".to_owned()));
    }
    Ok((from, to))
}

fn is_inside(at: WallTime, (from, to): (WallTime, WallTime)) -> bool {
    from < at.plus_micros(SECOND_MICROS) && at < to
}

/// Every strip with the name that is wanted.
fn named<'f>(
    found: &'f StoredStrips,
    wanted: Wanted,
) -> Result<Vec<(usize, &'f Name)>, StripError> {
    let mut named: Vec<(usize, &Name)> = found.names().collect();
    if let Some(episode) = wanted.episode {
        let digits = episode.trim_start_matches(['…', '.']).to_ascii_lowercase();
        let is_hex = digits.chars().all(|digit| digit.is_ascii_hexdigit());
        if digits.len() < DIGITS_MIN || !is_hex {
            return Err(StripError::NotFound(format!(
                "\"{episode}\" names no episode: give its 32 hexadecimal digits or the last {DIGITS_MIN} or more"
            )));
        }
        named.retain(|(_, name)| name.digits().ends_with(&digits));
    }
    if let Some(bed) = wanted.bed {
        named.retain(|(_, name)| {
            name.device == bed || format!("{}/{}", name.bridge, name.device) == bed
        });
    }
    Ok(named)
}

fn not_found(found: &StoredStrips, data: &Path, wanted: Wanted, is_pruned: bool) -> StripError {
    let mut parts = Vec::new();
    if let Some(episode) = wanted.episode {
        let tail: Vec<char> = episode.chars().rev().take(DIGITS_MIN).collect();
        parts.push(format!("no episode …{}", tail.into_iter().rev().collect::<String>()));
    }
    if let Some(bed) = wanted.bed {
        let word = if parts.is_empty() { "no bed" } else { "at bed" };
        parts.push(format!("{word} \"{bed}\""));
    }
    let when = if is_pruned { " in this period" } else { "" };
    let mut text = format!("there is {} in \"{}\"{when}", parts.join(" "), data.display());
    let mut beds: Vec<String> =
        found.names().map(|(_, name)| format!("{}/{}", name.bridge, name.device)).collect();
    beds.dedup();
    if !beds.is_empty() && wanted.bed.is_some() {
        beds.truncate(BEDS_NAMED);
        text += &format!("; there are: {}", beds.join(", "));
    }
    StripError::NotFound(text)
}

/// How many beds a message names.
const BEDS_NAMED: usize = 12;

/// When the first and the last block were.
fn extent(blocks: &[StoredBlock]) -> Option<(WallTime, WallTime)> {
    let at = || blocks.iter().map(|stored| stored.block.at);
    Some((at().min()?, at().max()?.plus_micros(SECOND_MICROS)))
}

fn unreadable(failure: Failure) -> StripError {
    StripError::Unreadable(failure.to_string())
}
