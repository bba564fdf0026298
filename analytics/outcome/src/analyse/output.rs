//! Lines on standard output, failures and progress on standard error.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use indicatif::{ProgressBar, ProgressStyle};

use super::Analysed;
use super::failure::Failure;
use super::pages::Pages;
use super::work::{Done, Wanted};
use crate::error::OutcomeError;

/// Bytes gathered before they are written: some ten records without their baselines.
const BUFFER_BYTES: usize = 256 << 10;

/// Where results go, and how many there were.
pub(super) struct Output {
    to: BufWriter<Stdout>,
    progress: ProgressBar,
    analysed: usize,
    failed: usize,
    broken: Option<io::Error>,
}

impl Output {
    pub(super) fn begin() -> Self {
        // A terminal that shows lines shows progress enough; without one there is no bar.
        let progress = match io::stdout().is_terminal() {
            true => ProgressBar::hidden(),
            false => ProgressBar::new(0).with_style(style()),
        };
        let to = BufWriter::with_capacity(BUFFER_BYTES, io::stdout());
        Self { to, progress, analysed: 0, failed: 0, broken: None }
    }

    /// Takes what came of one recording; `known` recordings are known of so far.
    pub(super) fn take(
        &mut self,
        done: Done<Analysed>,
        known: usize,
        pages: &mut Vec<Pages>,
    ) -> Wanted {
        match done {
            Done::Failed(failure) => self.failed(&failure),
            Done::LeftOut(failure) => self.tell(&format!("warning: {failure}")),
            Done::Analysed(strips) => {
                for strip in strips {
                    self.analysed += 1;
                    if let Err(error) = self.to.write_all(&strip.line) {
                        self.broken = Some(error);
                        return Wanted::No;
                    }
                    pages.extend(strip.pages.map(|pages| *pages));
                }
            }
        }
        self.progress.set_length(known as u64);
        self.progress.inc(1);
        Wanted::Yes
    }

    /// Names what could not be analysed.
    pub(super) fn failed(&mut self, failure: &Failure) {
        self.failed += 1;
        self.tell(&format!("error: {failure}"));
    }

    /// Ends the output.
    pub(super) fn finish(mut self) -> Result<(), OutcomeError> {
        self.progress.finish_and_clear();
        let flushed = match self.broken.take() {
            Some(error) => Err(error),
            None => self.to.flush(),
        };
        match flushed {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return Err(OutcomeError::ReaderGone);
            }
            Err(source) => {
                return Err(OutcomeError::Write { to: "standard output".to_owned(), source });
            }
            Ok(()) => {}
        }
        match self.failed {
            0 if self.analysed == 0 => Err(OutcomeError::NoRecording),
            0 => Ok(()),
            failed => Err(OutcomeError::Recordings { failed, analysed: self.analysed }),
        }
    }

    fn tell(&self, line: &str) {
        self.progress.suspend(|| eprintln!("{line}"));
    }
}

fn style() -> ProgressStyle {
    let template = "{bar:30} {pos}/{len} records, {elapsed} (about {eta} left)";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
