//! A simulated ward: virtual monitors, a synthesiser, readers of recordings, a load generator.
