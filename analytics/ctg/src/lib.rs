//! Reads a strip: a tick in, findings and levels out.
//!
//! In: 4 Hz ticks of one fetus (his rate, her rate, uterine activity), and what is known of
//! the case. Out: baseline, variability, accelerations, decelerations, contractions, artefacts,
//! and every ten minutes the levels that JSOG, FIGO and NICHD would give, each with the
//! findings behind it. Never: names, dates, files, clocks. The same strip gives the same
//! findings for ever, however it was cut into pieces on its way here.

pub mod finding;
pub mod tick;
pub mod window;

pub use finding::{
    Acceleration, Artefact, ArtefactKind, Contraction, Deceleration, DecelerationKind, Profile,
    Profiles, Severity,
};
pub use tick::{Fetus, Span, Tick};
pub use window::{
    BaselineLevel, Case, Determined, Minute, Past, Uterus, Variability, VariabilityGrade, Window,
};
