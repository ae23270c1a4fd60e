//! Exercises of `13_double_descent`.

use super::inputs::{normal_matrix, normal_vector};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::linalg::thin_svd;

pub(super) static EXERCISES: &[Exercise] = &[Exercise {
    name: "min_norm",
    chapter: "13_double_descent",
    title: "The minimum-norm solution",
    hints: &[
        "Of all w with X w = y, the shortest is a combination of the rows of X: w = Xᵀ a.",
        "Put w = Xᵀ a into X w = y: (X Xᵀ) a = y. That system is square, (n, n).",
        "let a = linalg::solve(&x.dot(&x.t()), y); x.t().dot(&a)",
    ],
    checks: &[
        Check {
            name: "interpolates",
            about: "X w = y, for n = 8 equations in d = 20 unknowns",
            run: interpolates,
        },
        Check {
            name: "shortest",
            about: "w lies in the row space of X, so no other solution is shorter",
            run: shortest,
        },
    ],
}];

fn interpolates(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(8, 20, &mut trial.rng);
    let y = normal_vector(8, &mut trial.rng);
    let w = trial.vector(args![x, y], 20)?;
    let residual = &x.dot(&w) - &y;
    Ok(Outcome::at_most(
        "‖X w − y‖ / ‖y‖",
        1e-8,
        (residual.dot(&residual) / y.dot(&y)).sqrt(),
    ))
}

fn shortest(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(8, 20, &mut trial.rng);
    let y = normal_vector(8, &mut trial.rng);
    let w = trial.vector(args![x, y], 20)?;
    let svd = thin_svd(&x)?;
    // Zero is in the row space too, so the solution must not be too short either.
    let exact = svd.vt.t().dot(&(svd.u.t().dot(&y) / &svd.s));
    let inside = svd.vt.dot(&w);
    let outside = (w.dot(&w) - inside.dot(&inside)).max(0.0);
    Ok(Outcome::at_most(
        "share of w outside the row space",
        1e-6,
        (outside / w.dot(&w)).sqrt(),
    )
    .and(Outcome::close(
        "‖w‖",
        exact.dot(&exact).sqrt(),
        w.dot(&w).sqrt(),
        1e-8,
    )))
}
