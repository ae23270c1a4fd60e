//! Named, seeded, settable computations that return curves, a figure and claims.
