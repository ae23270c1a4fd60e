//! Finite classes: random ±1 patterns, nested, from one function to all of them.

use ndarray::{Array2, s};
use rand::seq::SliceRandom;

use super::settings::{Class, LEVEL, Rademacher};
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::measure::{exact_finite_class_complexity, finite_class_complexity, massart_bound};
use crate::plot::{LegendPosition, Panel};
use crate::rng::stream;
use crate::stats::largest;

impl Rademacher {
    pub(super) fn finite(&self, seed: u64) -> Result<Vec<Class>> {
        let n = self.finite_n;
        let mut patterns: Vec<u32> = (0..1 << n).collect();
        patterns.shuffle(&mut stream(seed, "finite class", 0));
        let all = Array2::from_shape_fn((patterns.len(), n), |(j, i)| {
            if patterns[j] >> i & 1 == 1 { -1.0 } else { 1.0 }
        });
        let class = |power: usize| {
            let functions = 1 << power;
            let values = all.slice(s![..functions, ..]);
            Ok(Class {
                class: "finite",
                n,
                functions: Some(functions),
                exact: exact_finite_class_complexity(&values)?,
                measured: finite_class_complexity(&values, self.draws, seed ^ power as u64)?,
                lower: None,
                upper: Some(massart_bound(&values)?),
            })
        };
        (0..=n).map(class).collect()
    }
}

pub(super) fn claims(found: Draft, classes: &[Class]) -> Result<Draft> {
    let last = &classes[classes.len() - 1];
    let n = last.n;
    Ok(found
        .claim(Claim::at_most(
            &format!(
                "finite classes on {n} inputs: √(2 ln m/n) is never below the exact value: largest \
                 excess"
            ),
            0.0,
            largest(classes.iter().map(|class| class.exact - class.bounds().1)),
            1e-12,
        ))
        .bound()
        .claim(Claim::equals(
            &format!("all 2^{n} patterns follow any signs: complexity 1"),
            1.0,
            last.exact,
            1e-12,
        ))
        .identity()
        .claim(Claim::all_within(
            "finite classes: Monte Carlo against all sign patterns",
            classes.iter().map(Class::distance),
            LEVEL,
            None,
        )?))
}

pub(super) fn panel(classes: &[Class]) -> Panel {
    let m = |class: &Class| class.functions.map_or(f64::NAN, |m| m as f64);
    let n = classes[0].n;
    Panel::new("functions in the class, m", "complexity R")
        .title(&format!(
            "random patterns on {n} inputs, up to all {}",
            1_u32 << n
        ))
        .log_x()
        .line_of("exact", classes, m, |c| c.exact)
        .line_of("Massart's bound √(2 ln m/n)", classes, m, |c| {
            c.bounds().1
        })
        .points_of("Monte Carlo", classes, m, |c| c.measured.mean)
        .color(0)
        .legend(LegendPosition::Below)
}
