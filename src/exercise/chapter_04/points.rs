//! Exercises of `04_minimax`: points.
