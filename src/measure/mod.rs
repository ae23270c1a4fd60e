//! Measuring fitted models.
