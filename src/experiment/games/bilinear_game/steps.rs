//! Paths on xy, and the factor by which a step multiplies.

use crate::error::Result;
use crate::game::arena::Bilinear;
use crate::game::linear::{Complex, eg, gda, larger_root, ogda, ppm};
use crate::game::{Eg, Gda, Method, Ogda, PlaySettings, Ppm, Rfbs, StochasticField, play};
use crate::optimise::{Prox, Trajectory, Unconstrained};
use crate::rng::stream;

/// The methods, in the order of the table.
pub(super) const METHODS: [&str; 6] = ["gda", "ppm", "eg", "ogda", "rfbs", "printed_eg"];

/// Extragradient as the slide has it: z_(k+1) = z_k − αV(z_k − αV(z_(k−1))), from z₋₁ = z₀.
#[derive(Clone, Copy, Debug)]
pub(super) struct PrintedEg(f64);

impl Method for PrintedEg {
    /// The point before, and V.
    type Memory<S> = (Vec<f64>, Vec<f64>, S);

    fn check(&self) -> Result<()> {
        Eg::new(self.0).check()
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Self::Memory<F::Sample>> {
        Ok((z.to_vec(), vec![0.0; z.len()], field.blank()))
    }

    fn step<F: StochasticField>(
        &self,
        field: &F,
        _prox: &impl Prox,
        _k: usize,
        z: &mut [f64],
        (before, v, sample): &mut Self::Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        field.draw(sample, rng);
        field.sampled(before, sample, v)?;
        before.copy_from_slice(z);
        let ahead: Vec<f64> = z.iter().zip(&*v).map(|(z, v)| z - self.0 * v).collect();
        field.draw(sample, rng);
        field.sampled(&ahead, sample, v)?;
        z.iter_mut().zip(&*v).for_each(|(z, v)| *z -= self.0 * v);
        Ok(())
    }
}

/// What a step of `method` multiplies by, in closed form.
pub(super) fn factor(method: &str, alpha: f64) -> f64 {
    let w = Complex::new(0.0, -alpha);
    let factor = match method {
        "gda" => gda(w),
        "ppm" => ppm(w),
        "eg" => eg(w),
        "printed_eg" => larger_root(Complex::ONE - w, w * w),
        _ => ogda(w),
    };
    factor.abs()
}

/// A path of `steps` steps from (1, 0), as complex numbers.
pub(super) fn path(method: &str, alpha: f64, steps: usize) -> Result<Vec<Complex>> {
    match method {
        "gda" => path_of(&Gda::together(alpha), steps),
        "ppm" => path_of(&Ppm::new(alpha), steps),
        "eg" => path_of(&Eg::new(alpha), steps),
        "ogda" => path_of(&Ogda::new(alpha), steps),
        "rfbs" => path_of(&Rfbs::new(alpha), steps),
        "alternating" => path_of(&Gda::alternating(alpha, 1), steps),
        _ => path_of(&PrintedEg(alpha), steps),
    }
}

fn path_of(method: &impl Method, steps: usize) -> Result<Vec<Complex>> {
    let settings = PlaySettings {
        steps,
        stop: None,
        limit: 1e300,
    };
    let mut seen = Trajectory::every(1).with_points();
    // There is no noise to draw.
    let mut rng = stream(0, "no noise", 0);
    let all = &Unconstrained;
    play(
        &Bilinear,
        method,
        all,
        &[1.0, 0.0],
        &settings,
        &mut rng,
        &mut seen,
    )?;
    let points = seen.points();
    Ok(points
        .rows()
        .into_iter()
        .map(|z| Complex::new(z[0], z[1]))
        .collect())
}

/// One step from `z`, with `before` as the point before.
pub(super) fn one_step(method: &str, alpha: f64, before: Complex, z: Complex) -> Result<Complex> {
    match method {
        "ppm" => one_step_of(&Ppm::new(alpha), before, z),
        "eg" => one_step_of(&Eg::new(alpha), before, z),
        _ => one_step_of(&Ogda::new(alpha), before, z),
    }
}

fn one_step_of(method: &impl Method, before: Complex, z: Complex) -> Result<Complex> {
    let mut memory = method.begin(&Bilinear, &[before.re, before.im])?;
    let mut moved = [z.re, z.im];
    let mut rng = stream(0, "no noise", 0);
    method.step(
        &Bilinear,
        &Unconstrained,
        0,
        &mut moved,
        &mut memory,
        &mut rng,
    )?;
    Ok(Complex::of(&moved))
}

/// The factor from a path: of a method without memory from its length at both ends; of one that remembers a point, z_(k+1) = pz_k + qz_(k−1),
/// from p and q, which four points determine, also where both roots are one.
pub(super) fn measured(method: &str, path: &[Complex]) -> f64 {
    if matches!(method, "gda" | "ppm" | "eg") {
        let steps = path.len() - 1;
        return (path[steps].abs() / path[0].abs()).powf(1.0 / steps as f64);
    }
    let &[a, b, c, d, ..] = path else {
        return f64::NAN;
    };
    let determinant = b * b - a * c;
    let p = (b * c - a * d) / determinant;
    let q = (b * d - c * c) / determinant;
    larger_root(p, q).abs()
}

/// How far rounding may move [`measured`]: some roundings of every step; for a memory those of p and q, which dividing by the determinant
/// enlarges, α² or of the printed method α³, over the distance of the two roots, or their square root where that is smaller.
pub(super) fn rounding(method: &str, alpha: f64) -> f64 {
    const FEW: f64 = 64.0 * f64::EPSILON;
    match method {
        "gda" | "eg" => return FEW,
        // A step is found to 2·10⁻¹⁴ of ‖z‖.
        "ppm" => return 4.0 * FEW,
        _ => {}
    }
    let w = Complex::new(0.0, -alpha);
    let (p, q, determinant) = match method {
        "printed_eg" => (Complex::ONE - w, w * w, alpha.powi(3)),
        _ => (Complex::ONE - 2.0 * w, w, alpha.powi(2)),
    };
    // The four points are no longer than (1 + α²)^(3/2) each.
    let coefficients = FEW * (1.0 + alpha * alpha).powi(3) / determinant;
    let apart = (p * p + 4.0 * q).abs().sqrt();
    let (smooth, double) = (coefficients / apart, coefficients.sqrt());
    4.0 * if smooth < double { smooth } else { double }
}

/// The step between `low` and `high` at which the measured factor is 1, by bisection; below it the factor is smaller.
pub(super) fn limit(method: &str, mut low: f64, mut high: f64) -> Result<f64> {
    for _ in 0..48 {
        let middle = f64::midpoint(low, high);
        match measured(method, &path(method, middle, 8)?) < 1.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_those_of_paths() {
        for method in METHODS {
            for alpha in [0.02, 0.3, 0.5, 0.9, 1.5] {
                let got = measured(method, &path(method, alpha, 20).expect("valid"));
                let away = (got - factor(method, alpha)).abs();
                assert!(away <= rounding(method, alpha), "{method} {alpha}: {away}");
            }
        }
        assert!((factor("printed_eg", 0.5) - 1.0405).abs() < 1e-4);
    }
}
