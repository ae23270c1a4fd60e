//! Training against attacks: each step finds an attack on its batch and follows the gradient there.

use ndarray::{Array1, Array2, ArrayRef2};
use rand::Rng;
use rand::seq::SliceRandom;

use super::least_norm::least_norm_of_hull;
use super::pgd::rows::{start, step};
use super::{PgdSettings, Threat, Victim};
use crate::data::Dataset;
use crate::error::{Error, Result, check_count, check_positive};
use crate::model::{Differentiable, Loss, Mlp, NormalisedMlp};
use crate::optimise::StochasticOracle;
use crate::optimise::oracle::or_nan;
use crate::real::check_array;
use crate::stats::{largest, least};

/// A network whose parameters a step replaces.
pub trait Parametrised: Differentiable<Number = f64> + Sync {
    /// A network of the same shape with these parameters, `(p,)`.
    ///
    /// # Errors
    /// There are more or fewer than the network has, or one is not finite.
    fn with(&self, parameters: &[f64]) -> Result<Self>;

    /// Its parameters, `(p,)`.
    fn all_parameters(&self) -> Array1<f64>;
}

impl Parametrised for Mlp {
    fn with(&self, parameters: &[f64]) -> Result<Self> {
        self.with_parameters(parameters)
    }

    fn all_parameters(&self) -> Array1<f64> {
        self.parameters()
    }
}

/// In training mode: rows of a batch are normalised together, attacked ones too.
impl Parametrised for NormalisedMlp {
    fn with(&self, parameters: &[f64]) -> Result<Self> {
        self.with_parameters(parameters)
    }

    fn all_parameters(&self) -> Array1<f64> {
        self.parameters()
    }
}

/// What a step follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inner {
    /// The gradient at the clean inputs: standard training.
    Clean,
    /// The gradient at one attack: adversarial training as it is usually done.
    One,
    /// The shortest vector in the hull of the gradients at this many attacks on the whole batch: DDi.
    Hull(usize),
}

/// What the hull of a step was like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HullStep {
    /// ‖g*‖, the shortest vector's length.
    pub shortest: f64,
    /// ‖g_1‖, that of the gradient at the first attack.
    pub first: f64,
    /// min_j ⟨g_1, g_j⟩/‖g_1‖²: at 0 or below, −g_1 leads down on no maximum of these attacks.
    pub agreement: f64,
    /// (‖g*‖² − min_j ⟨g*, g_j⟩)/‖g*‖²: 0 up to rounding, or g* is not the shortest.
    pub gap: f64,
}

/// The robust loss (1/n) Σ max_δ ℓ(f(a_i + δ), b_i), seen through batches and attacks: S4's stochastic adversarial training is
/// [`solve_stochastic`](crate::optimise::solve_stochastic) on it.
///
/// # Algorithm
/// A batch is the next of a random order of the data. An attack begins at the inputs, or at random points of the threat, and takes
/// [`PgdSettings::steps`] steps; its last point is used, whatever its loss, with one start. (One step as long as the
/// budget is FGSM.) With [`Inner::Hull`] all gradients found count as those of maximisers: exact ties do not occur.
///
/// # Reference
/// Madry, Makelov, Schmidt, Tsipras & Vladu 2018, arXiv:1706.06083. DDi: Latorre, Krawczuk, Dadi, Pethick & Cevher 2023,
/// "Finding actual descent directions for adversarial training", ICLR, openreview I3HCE7Ro78H.
#[derive(Debug)]
pub struct Adversarial<'a, N, H> {
    net: N,
    data: &'a Dataset,
    threat: H,
    attack: PgdSettings,
    inner: Inner,
    loss: Loss,
    batch: usize,
    order: Vec<usize>,
    used: usize,
    /// The hulls met so far, one a step, for [`Inner::Hull`].
    pub hulls: Vec<HullStep>,
}

impl<'a, N: Parametrised, H: Threat<f64>> Adversarial<'a, N, H> {
    /// Training of networks of the shape of `net`.
    ///
    /// # Errors
    /// A batch of 0 or of fewer rows than the network needs; no attacks; a step that is not positive; targets that do not suit the loss; inputs
    /// that are not finite or do not fit the threat.
    pub fn new(
        net: N,
        data: &'a Dataset,
        threat: H,
        (inner, attack): (Inner, PgdSettings),
        loss: Loss,
        batch: usize,
    ) -> Result<Self> {
        check_count("the number of examples a step", batch)?;
        if let Inner::Hull(attacks) = inner {
            check_count("the number of attacks", attacks)?;
        }
        check_positive("the step of the attack", attack.step)?;
        check_array("the inputs", &data.x)?;
        loss.check_targets(&data.y)?;
        let batch = batch.min(data.len());
        if batch < net.least_rows() {
            let expected = format!("at least {}", net.least_rows());
            return Err(Error::domain(
                "the number of examples a step",
                expected,
                batch,
            ));
        }
        for row in data.x.rows() {
            threat.check(&row.to_vec())?;
        }
        Ok(Self {
            net,
            data,
            threat,
            attack,
            inner,
            loss,
            batch,
            order: (0..data.len()).collect(),
            used: data.len(),
            hulls: Vec::new(),
        })
    }

    /// The steps of one pass over the data; a rest smaller than a batch is left out.
    #[must_use]
    pub fn steps_per_epoch(&self) -> usize {
        self.data.len() / self.batch
    }

    fn next_batch(&mut self, rng: &mut impl Rng) -> Result<Dataset> {
        if self.used + self.batch > self.order.len() {
            self.order.shuffle(rng);
            self.used = 0;
        }
        self.used += self.batch;
        self.data
            .select(&self.order[self.used - self.batch..self.used])
    }

    /// Loss and gradient at one attack on the rows.
    fn at_attack(&self, net: &N, rows: &Dataset, rng: &mut impl Rng) -> Result<(f64, Array1<f64>)> {
        let victim = net.checked()?;
        let z = match self.inner {
            Inner::Clean => rows.x.clone(),
            _ => ascend(&victim, &rows.x, &rows.y, &self.threat, &self.attack, rng)?,
        };
        let (loss, slopes) = victim.loss_gradient(&z, &rows.y, self.loss)?;
        Ok((loss, slopes.parameters))
    }

    fn step(&mut self, theta: &[f64], gradient: &mut [f64], rng: &mut impl Rng) -> Result<f64> {
        let rows = self.next_batch(rng)?;
        let net = self.net.with(theta)?;
        let attacks = match self.inner {
            Inner::Hull(attacks) => attacks,
            _ => 1,
        };
        let mut all = Array2::zeros((attacks, theta.len()));
        let mut losses = Vec::with_capacity(attacks);
        for mut row in all.rows_mut() {
            let (loss, slopes) = self.at_attack(&net, &rows, rng)?;
            row.assign(&slopes);
            losses.push(loss);
        }
        let followed = match self.inner {
            Inner::Hull(_) => self.shortest(&all)?,
            _ => all.row(0).to_owned(),
        };
        gradient
            .iter_mut()
            .zip(&followed)
            .for_each(|(to, g)| *to = *g);
        Ok(largest(losses))
    }

    fn shortest(&mut self, all: &Array2<f64>) -> Result<Array1<f64>> {
        let found = least_norm_of_hull(all)?;
        let first = all.row(0);
        let square = first.dot(&first);
        let agreement = all.rows().into_iter().map(|g| g.dot(&first) / square);
        self.hulls.push(HullStep {
            shortest: found.norm,
            first: square.sqrt(),
            agreement: least(agreement),
            gap: found.gap / (found.norm * found.norm),
        });
        Ok(found.point)
    }
}

impl<N: Parametrised, H: Threat<f64>> StochasticOracle for Adversarial<'_, N, H> {
    fn dimension(&self) -> usize {
        self.net.n_parameters()
    }

    fn draw(&mut self, x: &[f64], gradient: &mut [f64], rng: &mut impl Rng) -> Result<f64> {
        or_nan(self.step(x, gradient, rng))
    }

    /// The mean loss of the clean data: which attack would be the worst is not known.
    fn value(&mut self, x: &[f64]) -> Result<f64> {
        let net = self.net.with(x)?;
        let outputs = net.checked()?.outputs(&self.data.x);
        or_nan(outputs.and_then(|f| self.loss.mean(&f, &self.data.y)))
    }
}

/// The last point of one ascent from each row of `x`, `(n, d)`, with targets `y`, `(n, k)`: z ← P(z + α·v).
///
/// Unlike [`pgd`](fn@super::pgd) it keeps no better point on the way: what training uses.
///
/// # Errors
/// As for [`pgd`](fn@super::pgd).
pub fn ascend(
    victim: &impl Victim<f64>,
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    threat: &impl Threat<f64>,
    settings: &PgdSettings,
    rng: &mut impl Rng,
) -> Result<Array2<f64>> {
    check_positive("the step of the attack", settings.step)?;
    let x = x.as_standard_layout();
    let mut z = x.to_owned();
    if settings.random_start {
        start(&x, &mut z, threat, rng);
    }
    for _ in 0..settings.steps {
        let gradient = victim.ascent(&z, y, settings.objective)?.gradient;
        step(&x, &mut z, gradient, threat, settings);
    }
    Ok(z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{NormBall, Objective};
    use crate::data::one_hot;
    use crate::data::synthetic::gaussian;
    use crate::model::MlpSettings;
    use crate::optimise::{Norm, SolveSettings, Unconstrained, Unseen, solve_stochastic};
    use crate::rng::stream;

    fn problem() -> (Mlp, Dataset) {
        let rng = &mut stream(1, "adversarial", 0);
        let x = gaussian(20, 5, rng)
            .expect("valid")
            .mapv(|v| 1.0 / (1.0 + f64::exp(-v)));
        let labels: Vec<u8> = x
            .rows()
            .into_iter()
            .map(|r| u8::from(r[0] > r[1]))
            .collect();
        let data = Dataset::new(x, one_hot(&labels, 2).expect("two")).expect("valid");
        (
            Mlp::new(&MlpSettings::of_sizes(&[5, 12, 2]), rng).expect("valid"),
            data,
        )
    }

    fn attack() -> PgdSettings {
        PgdSettings {
            steps: 3,
            step: 0.05,
            random_start: true,
            objective: Objective::Loss(Loss::CrossEntropy),
            ..PgdSettings::default()
        }
    }

    #[test]
    fn an_ascent_stays_within_its_budget_and_raises_the_loss() {
        let (net, data) = problem();
        let ball = NormBall::new(Norm::LInf, 0.1);
        let victim = net.checked().expect("sound");
        let z = ascend(
            &victim,
            &data.x,
            &data.y,
            &ball,
            &attack(),
            &mut stream(1, "a", 0),
        )
        .expect("valid");
        assert!((&z - &data.x).iter().all(|v| v.abs() <= 0.1 + 1e-15));
        assert!(z.iter().all(|v| (0.0..=1.0).contains(v)));
        let loss = |x: &Array2<f64>| {
            Loss::CrossEntropy
                .mean(&net.forward(x).expect("sound"), &data.y)
                .expect("valid")
        };
        assert!(loss(&z) > loss(&data.x));
    }

    /// A hull of one attack is that attack; a hull of several is shorter than each and agrees with all.
    #[test]
    fn a_hull_of_one_is_one_attack() {
        let (net, data) = problem();
        let theta = net.all_parameters().to_vec();
        let gradient = |inner| {
            let ball = NormBall::new(Norm::LInf, 0.1);
            let mut oracle = Adversarial::new(
                net.clone(),
                &data,
                ball,
                (inner, attack()),
                Loss::CrossEntropy,
                20,
            )
            .expect("valid");
            let mut g = vec![0.0; theta.len()];
            oracle
                .draw(&theta, &mut g, &mut stream(1, "g", 0))
                .expect("valid");
            (g, oracle.hulls)
        };
        let ((one, none), (hull, steps)) = (gradient(Inner::One), gradient(Inner::Hull(1)));
        assert!(none.is_empty() && steps.len() == 1);
        assert!(one.iter().zip(&hull).all(|(a, b)| (a - b).abs() <= 1e-15));
        let (_, steps) = gradient(Inner::Hull(5));
        assert!(
            steps[0].shortest <= steps[0].first * (1.0 + 1e-12) && steps[0].gap.abs() < 1e-9,
            "{steps:?}"
        );
    }

    /// Bad data is an error, not a divergence of the method.
    #[test]
    fn an_unknown_input_is_refused() {
        let (net, mut data) = problem();
        data.x[[3, 2]] = f64::NAN;
        for inner in [Inner::Clean, Inner::One] {
            let ball = NormBall::unbounded(Norm::LInf, 0.1);
            let loss = Loss::CrossEntropy;
            let refused = Adversarial::new(net.clone(), &data, ball, (inner, attack()), loss, 20);
            let error = refused.expect_err("NaN").to_string();
            assert!(error.contains("the inputs"), "{error}");
        }
    }

    #[test]
    fn training_makes_the_robust_loss_small() {
        let (net, data) = problem();
        let ball = NormBall::new(Norm::LInf, 0.02);
        let victim_loss = |theta: &[f64]| {
            let net = net.with(theta).expect("finite");
            let victim = net.checked().expect("sound");
            let z = ascend(
                &victim,
                &data.x,
                &data.y,
                &ball,
                &attack(),
                &mut stream(2, "test", 0),
            )
            .expect("valid");
            Loss::CrossEntropy
                .mean(&net.forward(&z).expect("sound"), &data.y)
                .expect("valid")
        };
        let start = net.all_parameters().to_vec();
        let settings = SolveSettings {
            rate: 0.5,
            steps: 300,
            ..SolveSettings::default()
        };
        let mut oracle = Adversarial::new(
            net.clone(),
            &data,
            ball,
            (Inner::One, attack()),
            Loss::CrossEntropy,
            10,
        )
        .expect("valid");
        let end = solve_stochastic(
            &mut oracle,
            &Unconstrained,
            &start,
            &settings,
            &mut Unseen,
            &mut stream(1, "order", 0),
        )
        .expect("valid");
        assert!(victim_loss(&end.x) < 0.5 * victim_loss(&start));
    }
}
