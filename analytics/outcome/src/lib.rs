//! SQL over hot and sealed recordings.
