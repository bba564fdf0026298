//! What is done about artefacts once they are known.

use crate::finding::Artefact;
use crate::signal::Signal;
use crate::tick::TICKS_PER_SECOND;

/// Takes ticks that show another heart out of use: nothing is graded on them. The line that
/// is computed on stays, so that a wrong alarm of coincidence does not tear it.
pub(crate) fn take_out(artefacts: &[Artefact], signal: &mut Signal) {
    for artefact in artefacts {
        let (start, end) = (artefact.span.start as usize, artefact.span.end as usize);
        let end = end.min(signal.usable.len());
        signal.usable[start.min(end)..end].fill(false);
        let ticks = TICKS_PER_SECOND as usize;
        let end = (end / ticks).min(signal.present.len());
        signal.present[(start / ticks).min(end)..end].fill(0.0);
    }
}
