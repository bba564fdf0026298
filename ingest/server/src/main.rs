//! The regional server: wiring of ingest, store and wall.

fn main() {}
