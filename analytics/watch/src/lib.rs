//! The analysis of live strips.
