//! The notebooks, read: their form, their links, their numbers. What they compute is checked in the kernel.
#![allow(clippy::unwrap_used)] // helpers of tests stop where a test would

mod chapter;
mod claims;
mod form;
mod links;
mod numbers;
mod pattern;
#[path = "../rules/mod.rs"]
mod rules;
