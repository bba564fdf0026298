//! The CTU-UHB recordings: real labours up to birth, with the pH of the umbilical artery.
//!
//! In: a folder of the data set as its README describes it. Out: its recordings with what
//! became of the child. Never: a reading of the strip; nobody marked any.

use std::collections::BTreeMap;
use std::path::Path;

use archive::parquet::Table;
use ctg::{Case, Tick};

use crate::csv;
use crate::error::AgreementError;
use crate::fhrma;
use crate::strip;

/// One labour.
#[derive(Clone, Debug)]
pub struct Labour {
    /// The number of its record.
    pub name: String,
    /// The strip, which ends at birth or shortly before.
    pub ticks: Vec<Tick>,
    /// What is known of the woman.
    pub case: Case,
    /// pH of the umbilical artery.
    pub ph: f64,
}

/// Reads every labour, in the order of the signals.
///
/// # Errors
///
/// [`AgreementError`] where a file is missing, is something else, or contradicts another.
pub fn load(folder: &Path) -> Result<Vec<Labour>, AgreementError> {
    let mut outcomes = outcomes(&folder.join("records.csv"))?;
    let path = folder.join("signals.parquet");
    let refused = |refused| AgreementError::contents(&path, refused);
    let table = Table::open(fhrma::read(&path)?).map_err(refused)?;
    let mut labours = Vec::new();
    for group in 0..table.groups().count() {
        for recording in table.rows(group).map_err(refused)? {
            let recording = recording.map_err(refused)?;
            let name = recording.name().to_owned();
            let outcome = outcomes.remove(&name);
            let absent = || AgreementError::recording(&name, "has no row in \"records.csv\"");
            let (case, ph) = outcome.ok_or_else(absent)?;
            labours.push(Labour { ticks: strip::ticks(&recording), case, ph, name });
        }
    }
    Ok(labours)
}

fn outcomes(path: &Path) -> Result<BTreeMap<String, (Case, f64)>, AgreementError> {
    let table = csv::Table::read(path)?;
    let outcome = |row: csv::Row<'_>| {
        // An empty field is a missing value.
        let weeks = row.text("gest_weeks")?.parse().ok();
        let case = Case { gestation_weeks: weeks, ..Case::default() };
        Ok((row.text("record_id")?.to_owned(), (case, row.number("ph")?)))
    };
    table.rows().map(outcome).collect()
}
