//! Exercises of `04_minimax`: mixed.
