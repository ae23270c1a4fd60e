//! Hidden checks: only in the instructor's version. `dltheory release` empties this folder.

mod chapter_01;
mod chapter_02_inputs;
mod chapter_02_linear;
mod chapter_02_steps;
mod chapter_03;
mod chapter_04_methods;
mod chapter_04_minty;
mod chapter_04_mixed;
mod chapter_04_points;
mod chapter_05_transport;
mod chapter_06;
mod chapter_07;
mod chapter_08;
mod chapter_09;
mod chapter_10;
mod chapter_11;
mod chapter_12;
mod chapter_13;
mod chapter_14;
mod draws;

use super::Check;

/// The hidden checks of the exercise `name`.
#[must_use]
pub fn checks(name: &str) -> &'static [Check] {
    [
        chapter_01::CHECKS,
        chapter_02_inputs::CHECKS,
        chapter_02_linear::CHECKS,
        chapter_02_steps::CHECKS,
        chapter_03::CHECKS,
        chapter_04_methods::CHECKS,
        chapter_04_minty::CHECKS,
        chapter_04_mixed::CHECKS,
        chapter_04_points::CHECKS,
        chapter_05_transport::CHECKS,
        chapter_06::CHECKS,
        chapter_07::CHECKS,
        chapter_08::CHECKS,
        chapter_09::CHECKS,
        chapter_10::CHECKS,
        chapter_11::CHECKS,
        chapter_12::CHECKS,
        chapter_13::CHECKS,
        chapter_14::CHECKS,
    ]
    .into_iter()
    .flatten()
    .find(|(exercise, _)| *exercise == name)
    .map_or(&[], |(_, checks)| checks)
}

/// Hidden checks of a chapter: the exercise's name and its checks.
pub(crate) type Hidden = &'static [(&'static str, &'static [Check])];

/// What makes the inputs of grading unknown to whoever has not got these files.
pub(crate) const SOURCES: &[&str] = &[
    include_str!("chapter_01.rs"),
    include_str!("chapter_02_inputs.rs"),
    include_str!("chapter_02_linear.rs"),
    include_str!("chapter_02_steps.rs"),
    include_str!("chapter_03.rs"),
    include_str!("chapter_04_methods.rs"),
    include_str!("chapter_04_minty.rs"),
    include_str!("chapter_04_mixed.rs"),
    include_str!("chapter_04_points.rs"),
    include_str!("chapter_05_transport.rs"),
    include_str!("chapter_06.rs"),
    include_str!("chapter_07.rs"),
    include_str!("chapter_08.rs"),
    include_str!("chapter_09.rs"),
    include_str!("chapter_10.rs"),
    include_str!("chapter_11.rs"),
    include_str!("chapter_12.rs"),
    include_str!("chapter_13.rs"),
    include_str!("chapter_14.rs"),
    include_str!("draws.rs"),
];

#[cfg(test)]
mod tests {
    use super::SOURCES;

    /// A file left out would compile, and no grade would be anew when its checks change.
    #[test]
    fn the_sources_are_all_files_of_this_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/exercise/hidden");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let listed = path.ends_with("mod.rs") || SOURCES.contains(&text.as_str());
            let file = path.file_name().unwrap().display();
            assert!(listed, "{file} is not in SOURCES of hidden/mod.rs");
        }
    }
}
