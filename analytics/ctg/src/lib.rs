//! Reads a strip: a tick in, findings and levels out.
//!
//! In: 4 Hz ticks of one fetus (his rate, her rate, uterine activity), and what is known of
//! the case. Out: baseline, variability, accelerations, decelerations, contractions, artefacts,
//! and every ten minutes the levels that JSOG, FIGO and NICHD would give, each with the
//! findings behind it. Never: names, dates, files, clocks. The same strip gives the same
//! findings for ever, however it was cut into pieces on its way here.

mod acceleration;
mod artefacts;
pub mod assessment;
mod baseline;
mod coincidence;
mod contraction;
mod deceleration;
pub mod engine;
mod event;
pub mod expert;
pub mod figo;
pub mod finding;
pub mod forest;
mod frame;
pub mod grading_settings;
mod grid;
mod history;
pub mod jsog;
mod kept;
mod levels;
mod long_fall;
pub mod nichd;
pub mod nst;
pub mod record;
mod repetition;
pub mod settings;
mod signal;
mod sinusoidal;
mod smooth;
pub mod stretch;
pub mod tick;
mod variability;
pub mod window;

pub use assessment::{Assessment, Extent, Graded, Reason, Why};
pub use engine::{Engine, Scratch};
pub use finding::{
    Acceleration, Artefact, ArtefactKind, Contraction, Deceleration, DecelerationKind, Profile,
    Profiles, Severity,
};
pub use jsog::JsogLevel;
pub use record::Record;
pub use settings::Settings;
pub use stretch::Stretch;
pub use tick::{Fetus, Span, Tick};
pub use window::{
    BaselineLevel, Case, Determined, Minute, Past, Uterus, Variability, VariabilityGrade, Window,
};
