//! The three panels; marks are triples of d, ε and the sampled share.

use std::ops::RangeInclusive;

use super::classes::classifiers;
use crate::error::Result;
use crate::measure::isoperimetry::{
    CubeBound, class_expansion_bound, cube_expansion_bound, diagonal_half_cube_outside,
    half_sphere_expansion, sphere_expansion_bound,
};
use crate::plot::Panel;

/// The last distance of the panel of classes, in hundredths.
const CLASS_END: i32 = 30;

/// Half of the sphere.
pub(super) fn sphere(marks: &[(usize, f64, f64)]) -> Result<Panel> {
    let mut panel = Panel::new("angle ε", "share within ε of half the sphere")
        .title("sphere: exact (lines), bound (dotted), sampled (marks)")
        .y_range(0.45, 1.02);
    let mut dims: Vec<usize> = marks.iter().map(|m| m.0).collect();
    dims.dedup();
    let angles = hundredths(0..=150);
    for (color, &d) in dims.iter().enumerate() {
        let exact = each(&angles, |e| half_sphere_expansion(d, e))?;
        let bound = each(&angles, |e| sphere_expansion_bound(d, e))?;
        panel = panel
            .line(&format!("d = {d}"), &angles, &exact)
            .color(color)
            .solid()
            .line("", &angles, &bound)
            .color(color)
            .dotted()
            .points_of("", marks.iter().filter(|m| m.0 == d), |m| m.1, |m| m.2)
            .color(color);
    }
    Ok(panel)
}

/// What the diagonal half of the cube leaves uncovered.
pub(super) fn cube(d: usize) -> Result<Panel> {
    let lengths = hundredths(20..=160);
    let allowed = |of: fn(CubeBound) -> f64| {
        each(&lengths, |e| Ok(1.0 - of(cube_expansion_bound(d, e, 2.0)?)))
    };
    let outside = each(&lengths, |e| diagonal_half_cube_outside(d, e))?;
    Ok(Panel::new("Euclidean distance ε", "share left uncovered")
        .title(&format!(
            "cube, d = {d}: what lies farther than ε from a half"
        ))
        .log_y()
        .y_range(1e-8, 1.0)
        .line("half Σx ≤ d/2 (at least)", &lengths, &outside)
        .line("allowed by Φ(√(2π)ε)", &lengths, &allowed(|b| b.gaussian)?)
        .line("allowed with exponent π", &lengths, &allowed(|b| b.tail)?)
        .line(
            "allowed with 2π as printed: false beyond ε ≈ 1.1",
            &lengths,
            &allowed(|b| b.printed)?,
        ))
}

/// A class on a cap, in the largest dimension of the marks.
pub(super) fn class(share: f64, marks: &[(usize, f64, f64)]) -> Result<Panel> {
    let d = marks.iter().map(|m| m.0).max().unwrap_or(2);
    let angles: Vec<f64> = hundredths(0..=2 * CLASS_END);
    let angles: Vec<f64> = angles.iter().map(|a| a / 2.0).collect();
    let last = angles[angles.len() - 1];
    let [(_, alone), (_, half)] = classifiers(d, share);
    let bound = |density: f64| each(&angles, |e| class_expansion_bound(d, e, density));
    let marks = marks.iter().filter(|m| m.0 == d && m.1 <= last);
    Ok(
        Panel::new("angle ε", "share of the class within ε of another name")
            .title(&format!("a class on {share} of the sphere, d = {d}"))
            .y_range(-0.02, 1.02)
            .line(
                "called so: the class alone",
                &angles,
                &each(&angles, |e| alone.near_others(e))?,
            )
            .color(0)
            .line(
                "called so: half the sphere",
                &angles,
                &each(&angles, |e| half.near_others(e))?,
            )
            .color(1)
            .line("bound with v_c = 1/s", &angles, &bound(1.0 / share)?)
            .color(1)
            .dotted()
            .line("bound with v_c = 1: false", &angles, &bound(1.0)?)
            .color(3)
            .dotted()
            .points_of("sampled", marks, |m| m.1, |m| m.2)
            .color(6),
    )
}

/// Every distance of a range, given in hundredths.
fn hundredths(range: RangeInclusive<i32>) -> Vec<f64> {
    range.map(|i| 0.01 * f64::from(i)).collect()
}

fn each(grid: &[f64], of: impl Fn(f64) -> Result<f64>) -> Result<Vec<f64>> {
    grid.iter().map(|&e| of(e)).collect()
}
