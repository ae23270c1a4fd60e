//! Averages of mirror descent.

use ndarray::{Array1, concatenate, s};

use super::fits;
use crate::error::Result;
use crate::game::arena::MatrixGame;
use crate::game::method::MirrorDescent;
use crate::game::mixed::bracket;
use crate::game::{PlaySettings, play};
use crate::optimise::{Field, Trajectory, Unconstrained};
use crate::plot::{Figure, Panel};
use crate::rng::stream;

/// The numbers of steps that are shown.
const STEPS: [usize; 8] = [1, 3, 10, 30, 100, 300, 1000, 3000];

/// η.
const RATE: f64 = 0.05;

/// The duality gap of the average strategies of stone–paper–scissors with the stakes 1, 2, 3 by the number of steps: the line is the
/// library's mirror descent, the points are yours. `step` takes a strategy `(3,)`, the losses of its entries `(3,)` and the rate η, and
/// returns the next strategy, `(3,)`.
///
/// # Errors
/// A strategy of another length, or with an entry that is negative or not finite.
pub fn gap_by_steps(
    step: impl Fn(&Array1<f64>, &Array1<f64>, f64) -> Array1<f64>,
) -> Result<Figure> {
    let game = MatrixGame::stone_paper_scissors([1.0, 2.0, 3.0])?;
    let most = STEPS[STEPS.len() - 1];
    let third = vec![1.0 / 3.0; 6];
    let mut path = Trajectory::every(1).with_points();
    let settings = PlaySettings {
        steps: most,
        ..PlaySettings::default()
    };
    let method = MirrorDescent {
        rate: RATE,
        n_first: 3,
    };
    // Nothing is drawn.
    let rng = &mut stream(0, "none", 0);
    play(
        &game,
        &method,
        &Unconstrained,
        &third,
        &settings,
        rng,
        &mut path,
    )?;
    let points = path.points();

    let mut z = Array1::from(third);
    let (mut sum, mut own) = (Array1::<f64>::zeros(6), Array1::<f64>::zeros(6));
    let (mut theory, mut yours) = (Vec::new(), Vec::new());
    let gap = |sum: &Array1<f64>, count: usize| {
        let mean = sum / count as f64;
        bracket(&game, &mean.to_vec()[..3], &mean.to_vec()[3..]).map(|b| b.gap())
    };
    for k in 0..most {
        sum += &points.row(k);
        own += &z;
        if STEPS.contains(&(k + 1)) {
            theory.push(gap(&sum, k + 1)?);
            yours.push(gap(&own, k + 1)?);
        }
        let mut v = vec![0.0; 6];
        game.at(&z.to_vec(), &mut v)?;
        let v = Array1::from(v);
        let next = |part: ndarray::Slice| {
            let (old, losses) = (z.slice(s![part]).to_owned(), v.slice(s![part]).to_owned());
            let new = step(&old, &losses, RATE);
            fits("your strategy", &[3], new.shape()).map(|()| new)
        };
        let (p, q) = (next((..3).into())?, next((3..).into())?);
        z = concatenate![ndarray::Axis(0), p, q];
    }
    let at = STEPS.map(|steps| steps as f64);
    Ok(
        Figure::new("Averages of mirror descent, with your step").panel(
            Panel::new("steps k", "duality gap of the averages")
                .log_x()
                .log_y()
                .line("mirror descent", &at, &theory)
                .points("yours", &at, &yours),
        ),
    )
}
