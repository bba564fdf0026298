//! What the command line can ask for.

pub(crate) mod events;
pub(crate) mod levels;
pub(crate) mod train;

use agreement::validation::Validation;
use indicatif::{ProgressBar, ProgressStyle};

/// How ours is validated.
#[derive(clap::Args)]
pub(crate) struct Validating {
    /// Parts into which the recordings are cut; each is read with weights from the others.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(2..=46))]
    folds: u8,
    /// What cuts and draws start from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

impl Validating {
    fn validation(&self) -> Validation {
        let mut validation =
            Validation { folds: usize::from(self.folds), seed: self.seed, ..Validation::default() };
        validation.plan.trainer.seed = self.seed;
        validation
    }
}

/// A bar over the parts of a validation, on a terminal only.
fn bar(parts: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} parts read unseen")
        .expect("the template is a constant");
    ProgressBar::new(parts as u64).with_style(style)
}
