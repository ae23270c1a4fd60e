//! Exercises of `04_minimax`: methods.
