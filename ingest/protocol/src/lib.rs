//! The wire grammar between bridge, region and screen.
