//! Bytes to readings and back, one file for each device language.
