//! Sign steps as majorisation–minimisation: with the whole surrogate f rises at every step; as printed it need not.

use ndarray::Array2;
use rand::RngExt;

use crate::attack::{SignStep, sign_step};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draw, Findings, Study, row, settings};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{Estimate, larger, largest, least, mean};

/// Pairs of points at which the minoriser is tried, and points that are tried against its maximiser, a draw.
const TRIED: usize = 200;

/// The length of the steps that are all of one length.
const FIXED: f64 = 0.25;

/// From this curvature on a step into the corner lowers f in some draw: below, f may be near enough to a linear function.
const CURVED: f64 = 2.0;

settings! {
    /// Settings of `sign_steps`.
    pub struct SignSteps {
        /// d, the entries of a perturbation η in \[−1, 1\]ᵈ.
        dim: usize = 10, in 1..=14;
        /// c of the concave f(η) = b·η − (c/2) ηᵀAη, A = BBᵀ/d with a Gaussian B, b Gaussian.
        curvature: f64 = 4.0, in 0.01..=1000.0;
        /// Steps of each method.
        steps: usize = 40, in 2..=10_000;
        /// Functions drawn.
        draws: usize = 40, in 10..=10_000;
    }
}

row! {
    /// How far below its maximum f is after k steps, mean over draws.
    struct Point {
        /// step k
        step: usize;
        /// f* − f by the maximiser of the whole minoriser
        full: Estimate, and full_se "its standard error";
        /// 2L·2²/(k + 2): what the steps of the whole minoriser stay below, from k = 1 on
        bound: f64;
        /// f* − f by steps of length 1/4
        fixed: f64;
        /// f* − f by the t* of the linear part alone, as printed, with the sign put right
        corner: f64;
        /// f* − f with the sign as printed, and the right t*
        minus: f64;
    }
}

/// What one function gives.
struct Run {
    /// f* − f after each step, by the methods in the order of the row.
    gaps: [Vec<f64>; 4],
    smoothness: f64,
    /// The least f − minoriser with L, and with 0.9 L.
    slack: f64,
    slack_of_less: f64,
    /// The most by which a point tried beats the step's gain, relative to 1 + gain.
    beaten: f64,
    /// |gain by ternary search over t − the step's| relative to 1 + gain, the largest.
    searched: f64,
    /// The least rise of f beyond the minoriser's gain.
    rise: f64,
    /// The largest change of f by the first step with a minus sign.
    minus: f64,
    /// The largest fall of f in a step by the t* of the linear part alone.
    fall: f64,
}

/// f(η) = b·η − ½ ηᵀMη.
struct Concave {
    b: Vec<f64>,
    m: Array2<f64>,
}

impl Concave {
    fn times(&self, x: &[f64]) -> Vec<f64> {
        let rows = self.m.rows().into_iter();
        rows.map(|row| row.iter().zip(x).map(|(m, x)| m * x).sum())
            .collect()
    }

    fn value(&self, x: &[f64]) -> f64 {
        dot(&self.b, x) - 0.5 * dot(&self.times(x), x)
    }

    fn gradient(&self, x: &[f64]) -> Vec<f64> {
        self.b
            .iter()
            .zip(self.times(x))
            .map(|(b, m)| b - m)
            .collect()
    }

    /// L = max of vᵀMv over the corners of the cube, and a corner where it is: vᵀMv is convex, so no other point has more.
    fn smoothness(&self) -> (f64, Vec<f64>) {
        let d = self.b.len();
        let corner = |bits: usize| -> Vec<f64> {
            (0..d)
                .map(|i| if bits >> i & 1 == 1 { 1.0 } else { -1.0 })
                .collect()
        };
        let mut best = (f64::NEG_INFINITY, Vec::new());
        // v and −v have the same.
        for bits in 0..1_usize << (d - 1) {
            let v = corner(bits);
            let square = dot(&self.times(&v), &v);
            if square > best.0 {
                best = (square, v);
            }
        }
        best
    }

    /// The maximum over the cube, by ascent in one entry after the other: a route without signs of gradients.
    fn maximum(&self) -> f64 {
        let d = self.b.len();
        let mut x = vec![0.0; d];
        for _ in 0..3000 {
            for i in 0..d {
                let others = dot(&self.m.row(i).to_vec(), &x) - self.m[[i, i]] * x[i];
                x[i] = ((self.b[i] - others) / self.m[[i, i]]).clamp(-1.0, 1.0);
            }
        }
        self.value(&x)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Study for SignSteps {
    const ABOUT: About = About {
        id: "sign_steps",
        title: "A sign step maximises a minoriser",
        what: "Concave quadratics on the cube, whose smoothness constant L in ℓ∞ is known exactly. The minoriser lies below f, and no smaller \
               constant will do; one sign step, clip(ζ + t* sign ∇f), is its maximiser when t* is that of the whole minoriser; f then rises at \
               every step, at a proved rate. The slide's minus sign goes down. Its t*, of the linear part alone, always goes into a \
               corner, and f falls.",
        slide: "Adversarial machine learning and GANs (EE-556): \"Multiple steps of FGSM: A connection to majorization-minimization\"",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let runs = context.draws("functions", self.draws, seed, |draw| self.one(draw))?;
        self.findings(&runs)
    }
}

impl SignSteps {
    fn one(&self, draw: Draw) -> Result<Run> {
        let (d, rng) = (self.dim, &mut draw.rng("function"));
        let factor = gaussian(d, d, rng)?;
        let f = Concave {
            b: gaussian(1, d, rng)?.into_raw_vec_and_offset().0,
            m: factor.dot(&factor.t()) * (self.curvature / d as f64),
        };
        let (smoothness, worst) = f.smoothness();
        let point = |rng: &mut crate::rng::Rng| -> Vec<f64> {
            (0..d).map(|_| rng.random_range(-1.0..1.0)).collect()
        };
        let minoriser = |from: &[f64], to: &[f64], constant: f64| {
            let moves: Vec<f64> = to.iter().zip(from).map(|(a, b)| a - b).collect();
            let far = largest(moves.iter().map(|m| m.abs()));
            f.value(from) + dot(&f.gradient(from), &moves) - 0.5 * constant * far * far
        };
        let middle = vec![0.0; d];
        // From the middle into the corner where vᵀMv is largest, then random pairs.
        let scale = 1.0 + smoothness;
        let mut slack = (f.value(&worst) - minoriser(&middle, &worst, smoothness)) / scale;
        let slack_of_less =
            (f.value(&worst) - minoriser(&middle, &worst, 0.9 * smoothness)) / scale;
        let (mut beaten, mut searched) = (f64::NEG_INFINITY, 0.0);
        for _ in 0..TRIED {
            let (from, to) = (point(rng), point(rng));
            slack = crate::stats::smaller(
                slack,
                (f.value(&to) - minoriser(&from, &to, smoothness)) / scale,
            );
            let step = sure(&from, &f.gradient(&from), smoothness)?;
            let base = f.value(&from);
            beaten = larger(
                beaten,
                (minoriser(&from, &to, smoothness) - base - step.gain) / (1.0 + step.gain),
            );
            let gain = search(&from, &f.gradient(&from), smoothness);
            searched = larger(searched, (gain - step.gain).abs() / (1.0 + step.gain));
        }
        let mut best = f.maximum();
        let (mut rise, mut fall) = (f64::INFINITY, f64::NEG_INFINITY);
        type Next<'a> = dyn FnMut(&[f64], &[f64]) -> Result<Vec<f64>> + 'a;
        let climb = |next: &mut Next<'_>| {
            let (mut at, mut values) = (middle.clone(), vec![f.value(&middle)]);
            for _ in 0..self.steps {
                at = next(&at, &f.gradient(&at))?;
                values.push(f.value(&at));
            }
            Ok::<_, crate::Error>(values)
        };
        let mut gains = Vec::new();
        let full = climb(&mut |at, g| {
            let step = sure(at, g, smoothness)?;
            gains.push(step.gain);
            Ok(step.point)
        })?;
        for (pair, gain) in full.windows(2).zip(&gains) {
            rise = crate::stats::smaller(rise, (pair[1] - pair[0] - gain) / scale);
        }
        let fixed = climb(&mut |at, g| Ok(moved(at, g, FIXED)))?;
        let corner = climb(&mut |at, g| Ok(sure(at, g, 0.0)?.point))?;
        for pair in corner.windows(2) {
            fall = larger(fall, pair[0] - pair[1]);
        }
        let minus = climb(&mut |at, g| Ok(moved(at, g, -sure(at, g, smoothness)?.length)))?;
        // What an ascent found belongs to the maximum too.
        for values in [&full, &fixed, &corner] {
            best = larger(best, largest(values));
        }
        let first = minus[1] - minus[0];
        let gaps =
            [full, fixed, corner, minus].map(|values| values.iter().map(|v| best - v).collect());
        Ok(Run {
            gaps,
            smoothness,
            slack,
            slack_of_less,
            beaten,
            searched,
            rise,
            minus: first,
            fall,
        })
    }

    fn findings(&self, runs: &[Run]) -> Result<Findings> {
        let gap = |method: usize, k: usize| mean(runs.iter().map(|r| r.gaps[method][k]));
        let bound = |run: &Run, k: usize| 8.0 * run.smoothness / (k + 2) as f64;
        let points = (0..=self.steps).map(|k| {
            Ok(Point {
                step: k,
                full: Estimate::of(runs, |r| r.gaps[0][k])?,
                bound: mean(runs.iter().map(|r| bound(r, k))),
                fixed: gap(1, k),
                corner: gap(2, k),
                minus: gap(3, k),
            })
        });
        let points = points.collect::<Result<Vec<Point>>>()?;
        let share = runs
            .iter()
            .flat_map(|r| (1..=self.steps).map(move |k| r.gaps[0][k] / bound(r, k)));
        Ok(Findings::of(&points)
            .claim(Claim::at_least(
                "the minoriser with L = max vᵀMv over corners v is nowhere above f: least f − minoriser, by 1 + L",
                0.0,
                least(runs.iter().map(|r| r.slack)),
                1e-12,
            ).against(largest(runs.iter().map(|r| r.slack_of_less)), "with nine tenths of L"))
            .bound()
            .measured_as("least_slack")
            .claim(Claim::at_most(
                "the sign step maximises the whole minoriser: most by which one of 200 random points a draw beats it, by 1 + its gain",
                0.0,
                largest(runs.iter().map(|r| r.beaten)),
                1e-12,
            ))
            .bound()
            .claim(Claim::equals(
                "the gain of a step is that of a search over t: largest difference, by 1 + the gain",
                0.0,
                largest(runs.iter().map(|r| r.searched)),
                1e-9,
            ))
            .identity()
            .claim(Claim::at_least(
                "with the whole minoriser f rises at every step, by the minoriser's gain or more: least rise − gain, by 1 + L",
                0.0,
                least(runs.iter().map(|r| r.rise)),
                1e-12,
            ).headline())
            .bound()
            .measured_as("least_rise")
            .claim(Claim::at_most(
                "after k steps f is at most 2L·2²/(k + 2) below its maximum, largest share of that",
                1.0,
                largest(share),
                0.0,
            ))
            .bound()
            .measured_as("share_of_rate")
            .claim(Claim::less_than(
                "the printed minus sign goes down: largest change of f in the first step, over functions",
                0.0,
                largest(runs.iter().map(|r| r.minus)),
                0.0,
            ).headline())
            .measured_as("change_with_minus")
            .claim(Claim::greater_than(
                "the printed t*, of the linear part alone, goes into a corner, and f falls in some step: largest fall",
                0.0,
                largest(runs.iter().map(|r| r.fall)),
                0.0,
            ).headline())
            .measured_as("fall_of_corner")
            .not_measured_if(self.curvature < CURVED || self.dim < 4, "f may be so nearly linear that a corner is the right step: set curvature to 2 or more, dim to 4 or more")
            .figure(self.figure(&points)))
    }

    fn figure(&self, points: &[Point]) -> Figure {
        let own = || points.iter();
        // Gaps that are nothing but rounding have no place on a logarithmic axis.
        let shown = |gap: f64| if gap > 1e-12 { gap } else { f64::NAN };
        let k = |p: &Point| p.step as f64;
        let gaps = Panel::new("step k", "f* − f, mean over functions")
            .title("how far below the maximum")
            .log_y()
            .legend(LegendPosition::Below)
            .line_of("proved for t*", own().filter(|p| p.step > 0), k, |p| {
                p.bound
            })
            .line_of("t* of the whole minoriser", own(), k, |p| {
                shown(p.full.mean)
            })
            .line_of("steps of 1/4", own(), k, |p| shown(p.fixed))
            .line_of("t* of the linear part", own(), k, |p| shown(p.corner))
            .line_of("minus sign", own(), k, |p| shown(p.minus));
        Figure::new(Self::ABOUT.title)
            .panel(one_dimension())
            .panel(gaps)
    }
}

/// f = η − 2η², its minoriser with L = 4 at ζ = −0.5, which is f itself, and with L = 8; where the steps go.
fn one_dimension() -> Panel {
    let (zeta, value) = (-0.5, |eta: f64| eta - 2.0 * eta * eta);
    let slope = 1.0 - 4.0 * zeta;
    let at: Vec<f64> = (0..=80).map(|i| -1.0 + f64::from(i) / 40.0).collect();
    let f: Vec<f64> = at.iter().map(|eta| value(*eta)).collect();
    let below = |eta: f64| value(zeta) + slope * (eta - zeta) - 4.0 * (eta - zeta) * (eta - zeta);
    let minoriser: Vec<f64> = at.iter().map(|eta| below(*eta)).collect();
    let step = zeta + slope / 8.0;
    Panel::new("η", "f and a minoriser")
        .title("one entry: f = η − 2η², from ζ = −1/2")
        .legend(LegendPosition::Below)
        .y_range(-6.0, 1.0)
        .line("f", &at, &f)
        .line("minoriser, L = 8", &at, &minoriser)
        .points("ζ", &[zeta], &[value(zeta)])
        .points("its maximiser", &[step], &[value(step)])
        .points("t* of the linear part", &[1.0], &[value(1.0)])
}

/// The step within the cube.
fn sure(at: &[f64], g: &[f64], smoothness: f64) -> Result<SignStep> {
    let d = at.len();
    sign_step(at, g, &vec![-1.0; d], &vec![1.0; d], smoothness)
}

/// clip(at + t sign g).
fn moved(at: &[f64], g: &[f64], t: f64) -> Vec<f64> {
    let pairs = at.iter().zip(g);
    let signed = |g: f64| if g == 0.0 { 0.0 } else { g.signum() };
    pairs
        .map(|(at, g)| (at + t * signed(*g)).clamp(-1.0, 1.0))
        .collect()
}

/// max over t of Σ|g_i| min(t, r_i) − L t²/2 by ternary search.
fn search(at: &[f64], g: &[f64], smoothness: f64) -> f64 {
    let gain = |t: f64| {
        let end = moved(at, g, t);
        let linear: f64 = end
            .iter()
            .zip(at)
            .zip(g)
            .map(|((e, a), g)| g * (e - a))
            .sum();
        linear - 0.5 * smoothness * t * t
    };
    let (mut low, mut high) = (0.0, 2.0);
    for _ in 0..200 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        match gain(a) < gain(b) {
            true => low = a,
            false => high = b,
        }
    }
    gain(f64::midpoint(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constant_is_the_largest_square_of_a_corner() {
        let f = Concave {
            b: vec![0.0, 1.0],
            m: ndarray::array![[2.0, -1.0], [-1.0, 1.0]],
        };
        // 2 + 1 + 2 at (1, −1), against 1 at (1, 1).
        let (l, v) = f.smoothness();
        assert_eq!(l, 5.0);
        assert_eq!(v[0], -v[1]);
        // −∇ = 0 at M x = b: x = (1, 2), outside: on the edge x₂ = 1, x₁ = 1/2, f = 1 − ½(½ − 1 + 1) = 3/4.
        assert!((f.maximum() - 0.75).abs() < 1e-12);
    }
}
