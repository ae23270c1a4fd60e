//! The only file that talks to LAPACK.
