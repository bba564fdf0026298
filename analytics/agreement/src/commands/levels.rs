//! The table of levels and outcomes.

use std::io::{self, Write};
use std::path::PathBuf;

use agreement::levels::{self, PH_CASE};
use agreement::statistics::Estimate;
use agreement::{AgreementError, ctu_uhb};
use ctg::Settings;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the CTU-UHB recordings.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), AgreementError> {
    let labours = ctu_uhb::load(&arguments.data)?;
    let settings = Settings::default();
    let outcomes = levels::outcomes(&labours, &settings);
    let mut out = io::stdout().lock();
    writeln!(out, "{}", levels::HEAD)?;
    for row in levels::rows(&outcomes) {
        writeln!(out, "{row}")?;
    }
    writeln!(out, "\nShares with 95 % intervals of Wilson.")?;
    match levels::area_under_curve(&outcomes) {
        Some(Estimate { value, low, high }) => writeln!(
            out,
            "Area under the curve of the worst level for pH < {PH_CASE}: {value:.3} \
             (95 % interval of DeLong {low:.3}–{high:.3}).",
        )?,
        None => writeln!(out, "Too few labours for an area under the curve.")?,
    }
    let table = settings.table.identity();
    writeln!(out, "Table {}: {} ({}).", table.version, table.reviewers.en(), table.reviewers.ja())?;
    Ok(())
}
