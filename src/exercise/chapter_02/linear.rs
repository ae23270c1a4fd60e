//! Checks: linear models.
