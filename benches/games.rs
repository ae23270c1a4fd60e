//! Times stochastic extragradient on a planar game, beside `compare_games.py`, and basins on a grid.
//!
//! Run by `./lab bench games`. `cargo bench --bench games -- STEPS EARLY ROUNDS SIDE BASIN_STEPS` prints one JSON line: the seconds of every
//! round of so many steps of SEG+ on the quadratic game (L = 1, ρ = −0.1, γ = 0.5, α_k = 0.055/(1 + k/100), normal noise 0.1 an entry) from
//! (1, 1); the point after the first EARLY of them without noise; the seconds of a SIDE × SIDE grid of starts on the forsaken game,
//! BASIN_STEPS steps of extragradient each, on all threads; and how many of them end at its critical point and on its cycle.

use std::hint::black_box;
use std::time::Instant;

use dltheory::engine;
use dltheory::game::arena::{Forsaken, Quadratic};
use dltheory::game::{
    Attractors, Eg, EgPlus, End, FlowSettings, Grid, Noisy, PlaySettings, basins, cycles, play,
};
use dltheory::optimise::{Schedule, Unconstrained, Unseen};
use dltheory::rng::stream;
use serde_json::json;

fn main() {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let [steps, early, rounds, side, basin_steps] = numbers[..] else {
        eprintln!("games: run it through `./lab bench games`, which names the sizes");
        return;
    };
    let game = Quadratic::weak_minty(1.0, -0.1).expect("a game there is");
    let method = EgPlus {
        gamma: 0.5,
        alpha: 0.055,
        schedule: Schedule::InverseTime { scale: 100.0 },
    };
    let run = |noise: f64, steps: usize, index: usize| {
        let field = Noisy::gaussian(game, noise).expect("a size");
        let settings = PlaySettings {
            steps,
            ..PlaySettings::default()
        };
        let mut rng = stream(1, "bench", index as u64);
        let all = &Unconstrained;
        play(
            &field,
            &method,
            all,
            &[1.0, 1.0],
            &settings,
            &mut rng,
            &mut Unseen,
        )
        .expect("valid settings")
        .z
    };
    let round = |index: usize| {
        let started = Instant::now();
        black_box(run(0.1, steps, index));
        started.elapsed().as_secs_f64()
    };
    let seconds: Vec<f64> = (0..rounds).map(round).collect();

    let forsaken = Forsaken::default();
    // Its critical point: beside it extragradient comes to it.
    let near = PlaySettings {
        steps: 20_000,
        ..PlaySettings::default()
    };
    let mut rng = stream(1, "unused", 0);
    let all = &Unconstrained;
    let point = play(
        &forsaken,
        &Eg::new(0.05),
        all,
        &[0.08, 0.41],
        &near,
        &mut rng,
        &mut Unseen,
    );
    let point = point.expect("valid settings").z;
    let centre = [point[0], point[1]];
    let found = cycles(&forsaken, centre, (0.1, 2.0), 24, &FlowSettings::default());
    let attracting: Vec<_> = found
        .expect("a planar game")
        .into_iter()
        .filter(|cycle| cycle.attracts())
        .collect();
    let known = Attractors {
        points: &[centre],
        cycles: &attracting,
        near: 0.1,
    };
    let grid = Grid::square([0.0; 2], 1.5, side);
    let settings = PlaySettings {
        steps: basin_steps,
        ..PlaySettings::default()
    };
    let started = Instant::now();
    let ends = basins(
        &forsaken,
        &Eg::new(0.01),
        &Unconstrained,
        &grid,
        &settings,
        known,
        1,
    );
    let basin_seconds = started.elapsed().as_secs_f64();
    let ends = ends.expect("valid settings");
    let count = |end: End| ends.iter().filter(|e| **e == end).count();
    println!(
        "{}",
        json!({
            "engine": engine::about().to_string(),
            "seconds": seconds,
            "early": run(0.0, early, 0),
            "basin_seconds": basin_seconds,
            "to_point": count(End::Point(0)),
            "to_cycle": count(End::Cycle(0)),
        })
    );
}
