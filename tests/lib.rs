//! The promises of the house, one test file each. There is nothing to import here.
