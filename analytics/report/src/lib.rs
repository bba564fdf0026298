//! Draws strips on paper scale.
