//! The promises of the house, one test file each.
