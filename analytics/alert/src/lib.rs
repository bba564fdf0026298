//! The whole life of alarms: raised, risen, escalated, acknowledged, over, history.
//!
//! In: conditions that hold or are over, what staff do (acknowledge, pause, mark as an
//! artefact), which monitoring is at a bed, and the time.
//! Out: events for whoever shows, sounds and calls; the next deadline; records that survive a
//! restart; how many alarms there were.
//! Never: a number of a strip, a threshold, a sound, a file, a clock. Whoever found a condition
//! has judged it; value and limit pass through here as a text.
//!
//! No conformity with any standard of alarms is claimed.
//!
//! In reading order:
//!
//! * [`condition`]: what may be wrong, of whom, and who finds it.
//! * [`rules`]: the table: priority, delay, latching, escalation of each kind.
//! * [`lifecycle`]: the life of one alarm; [`text`] holds the words that travel with it.
//! * [`alerts`]: the core: the order of calls and the promises; [`event`] is what comes out,
//!   [`pause`] the quiet at one bed, [`history`] what is over.
//! * [`order`]: the order of the list and of the beds.
//! * [`load`]: how many alarms a bed had in a day, and how soon somebody came.

pub mod alerts;
pub mod condition;
pub mod event;
pub mod history;
pub mod lifecycle;
pub mod load;
pub mod order;
pub mod pause;
pub mod rules;
mod slot;
pub mod text;

pub use alerts::{Alerts, ConditionError, InvalidError, Record, RecordError, Refused, Restored};
pub use condition::{Bed, Class, Condition, Fetus, Kind, Scope, Source, Subject, WrongSubject};
pub use event::{Change, Event};
pub use lifecycle::{
    AcknowledgeError, Acknowledgement, Action, Alarm, AlarmId, Cause, InvalidMark, Resolution,
    Response, Stage,
};
pub use load::{Day, Load};
pub use order::{Urgency, wall_order};
pub use pause::{Pause, PauseEnd, PauseError};
pub use rules::{Priority, Role, Rule, Rules, RulesError};
pub use slot::Waiting;
pub use text::{Detail, Hand, InvalidText, Screen, Staff, Words};
