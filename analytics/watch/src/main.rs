//! The analysis: reads the hub as a wall does, publishes findings and levels back.

fn main() {}
