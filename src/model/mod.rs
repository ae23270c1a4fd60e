//! Feature maps and models.
