//! How far the analysis agrees with experts and with outcomes, and how its weights are trained.
//!
//! In: folders of recordings that others published, with events that experts marked or with
//! what became of the child. Out: tables of agreement, and the weights of the profile
//! `expert`. Never: weights tuned on a recording that is reported, and recordings in this
//! repository: they stay where they are.
//!
//! | start at | for |
//! |---|---|
//! | [`fhrma`] | recordings with events of experts and of eleven published methods |
//! | [`matching`] | which events of two readers are the same |
//! | [`table`] | sensitivity, PPV and F1 as the data set's README prints them |
//! | [`trainer`] | boosted trees from rows of features |

pub mod baselines;
mod columns;
mod csv;
pub mod ctu_uhb;
mod error;
pub mod events;
pub mod fhrma;
pub mod lessons;
pub mod levels;
pub mod matching;
mod random;
pub mod statistics;
mod strip;
pub mod table;
pub mod trainer;
pub mod validation;
pub mod weights;

pub use error::AgreementError;
pub use random::Random;
