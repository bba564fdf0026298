//! SQL over hot and sealed recordings.

fn main() {}
