//! Fitting: least squares, its path over widths, and descent.
