//! One recording of a file of others.

use std::path::Path;
use std::sync::Arc;

use archive::parquet::Table;
use ctg::Fetus;

use super::{Chart, StripError};
use crate::analyse::failure::Failure;
use crate::analyse::files::{self, Kind};
use crate::analyse::opening;
use crate::analyse::strip::{SecondChannel, Strip, strips_of};

/// How many records a message names.
const RECORDS_NAMED: usize = 12;

/// Reads a record; the only one where no name is given.
pub(super) fn read(path: &Path, record: Option<&str>, twins: bool) -> Result<Chart, StripError> {
    let second = if twins { SecondChannel::Twin } else { SecondChannel::SameFetus };
    let inputs = files::inputs(path).map_err(unreadable)?;
    let [input] = inputs.as_slice() else {
        let reason = "is a folder; give one file with --file, or a store with --data";
        return Err(unreadable(Failure::of_file(path, reason)));
    };
    let strips = match input.kind {
        Kind::Store => {
            let reason = "is a store; give it with --data, and an --episode or a --bed";
            return Err(unreadable(Failure::of_file(path, reason)));
        }
        Kind::Parquet => of_table(&input.path, record, second)?,
        Kind::Csv | Kind::Wfdb => {
            let opened = opening::open(input, second).map_err(unreadable)?;
            let read = opened.read.into_iter().collect::<Result<Vec<_>, _>>();
            one_of(read.map_err(unreadable)?, record, path)?
        }
    };
    Ok(charted(strips))
}

/// A record of a table, of which nothing else is decoded.
fn of_table(
    path: &Arc<Path>,
    record: Option<&str>,
    second: SecondChannel,
) -> Result<Vec<Strip>, StripError> {
    let refused = |reason: &dyn std::fmt::Display| unreadable(Failure::of_file(path, reason));
    let bytes =
        std::fs::read(path).map_err(|error| refused(&format!("cannot be read: {error}")))?;
    let table = Table::open(bytes.into()).map_err(|reason| refused(&reason))?;
    let names = table.names().map_err(|reason| refused(&reason))?;
    let place = placed(&names, record, path)?;
    let found = table.record(place).map_err(|reason| refused(&reason))?;
    let found = found.ok_or_else(|| refused(&"holds fewer records than its footer announces"))?;
    Ok(strips_of(&found, path, second))
}

fn one_of(
    recordings: Vec<Vec<Strip>>,
    record: Option<&str>,
    path: &Path,
) -> Result<Vec<Strip>, StripError> {
    let names: Vec<String> = recordings
        .iter()
        .map(|strips| strips.first().map_or_else(String::new, |strip| strip.name.clone()))
        .collect();
    let place = placed(&names, record, path)?;
    Ok(recordings.into_iter().nth(place).unwrap_or_default())
}

/// The place of a record among the names of a file.
fn placed(names: &[String], record: Option<&str>, path: &Path) -> Result<usize, StripError> {
    let list = || {
        let more = if names.len() > RECORDS_NAMED { ", …" } else { "" };
        format!("{}{more}", names[..names.len().min(RECORDS_NAMED)].join(", "))
    };
    match record {
        Some(record) => names.iter().position(|name| name == record).ok_or_else(|| {
            StripError::NotFound(format!(
                "there is no record \"{record}\" in \"{}\"; there are: {}",
                path.display(),
                list()
            ))
        }),
        None if names.len() == 1 => Ok(0),
        None => Err(StripError::Ambiguous(format!(
            "\"{}\" holds {} records; say which with --record: {}",
            path.display(),
            names.len(),
            list()
        ))),
    }
}

fn charted(strips: Vec<Strip>) -> Chart {
    let mut chart = Chart::default();
    for strip in strips {
        let length = u32::try_from(strip.ticks.len()).unwrap_or(u32::MAX);
        if strip.fetus == Some(Fetus::Second) {
            let rates = strip.ticks.iter().map(|tick| tick.fhr).collect();
            chart.twin = Some((rates, strip.ticks));
        } else {
            chart.name = strip.name;
            chart.starts_at = strip.starts_at;
            chart.uterus = strip.uterus;
            chart.recorded = vec![ctg::Span { start: 0, end: length }];
            chart.trusted.clone_from(&strip.ticks);
            chart.ticks = strip.ticks;
        }
    }
    chart
}

fn unreadable(failure: Failure) -> StripError {
    StripError::Unreadable(failure.to_string())
}
