//! From gradients to steps: SGD with momentum, Adam, and what they remember.

use ndarray::{Array, Dimension};

use super::adam::{Adam, AdamStep};
use super::threads::Threads;
use crate::error::{Error, Result};
use crate::fit::Clip;
use crate::model::mlp::{LayerGradient, MlpOf, Real};

/// Settings of SGD with momentum.
///
/// # Formula
/// v ← βv + g + λw, then w ← w − ηv (heavy ball), or w ← w − η(g + λw + βv) with Nesterov's
/// look-ahead. β = 0 is plain gradient descent. η multiplies v as it is used, so that a change of
/// rate acts at once.
///
/// # Reference
/// Polyak 1964, doi:10.1016/0041-5553(64)90137-5; Nesterov's form as in Sutskever, Martens, Dahl &
/// Hinton 2013, "On the importance of initialization and momentum in deep learning".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Momentum {
    /// β, the part of the velocity that is kept, in \[0, 1).
    pub beta: f64,
    /// Whether the gradient counts once more, ahead of the velocity.
    pub nesterov: bool,
    /// λ ≥ 0: the objective is loss + (λ/2)‖θ‖², over weights and biases alike.
    pub weight_decay: f64,
}

impl Default for Momentum {
    /// β = 0.9, heavy ball, no decay.
    fn default() -> Self {
        Self {
            beta: 0.9,
            nesterov: false,
            weight_decay: 0.0,
        }
    }
}

/// The rule that turns gradients into steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimiser {
    /// Stochastic gradient descent, with or without momentum.
    Sgd(Momentum),
    /// Adam or AdamW.
    Adam(Adam),
}

impl Default for Optimiser {
    /// SGD with momentum 0.9.
    fn default() -> Self {
        Self::Sgd(Momentum::default())
    }
}

impl Optimiser {
    /// Plain gradient descent.
    #[must_use]
    pub fn sgd() -> Self {
        Self::momentum(0.0)
    }

    /// SGD with heavy-ball momentum `beta`.
    #[must_use]
    pub fn momentum(beta: f64) -> Self {
        Self::Sgd(Momentum {
            beta,
            ..Momentum::default()
        })
    }

    /// AdamW with this weight decay.
    #[must_use]
    pub fn adam_w(weight_decay: f64) -> Self {
        Self::Adam(Adam {
            weight_decay,
            ..Adam::default()
        })
    }

    /// Checks the numbers.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Adam(adam) => adam.check(),
            Self::Sgd(Momentum { beta, .. }) if !(0.0..1.0).contains(beta) => {
                Err(Error::domain("the momentum β", "in [0, 1)", beta))
            }
            Self::Sgd(momentum) => check_decay(momentum.weight_decay),
        }
    }
}

pub(super) fn check_decay(decay: f64) -> Result<()> {
    match decay.is_finite() && decay >= 0.0 {
        true => Ok(()),
        false => Err(Error::domain(
            "the weight decay λ",
            "a finite number ≥ 0",
            decay,
        )),
    }
}

/// The constants of one step of either rule.
#[derive(Clone, Copy)]
enum Step<T> {
    /// Descent with or without heavy-ball momentum.
    Sgd {
        beta: T,
        decay: T,
        eta: T,
    },
    Nesterov {
        beta: T,
        decay: T,
        eta: T,
    },
    Adam(AdamStep<T>),
}

/// A block of parameters w, the buffer g of its gradient, and the optimiser's memories m and v,
/// each as long as w or empty.
struct Block<'a, T> {
    w: &'a mut [T],
    g: &'a mut [T],
    m: &'a mut [T],
    v: &'a mut [T],
}

impl<T: Real> Block<'_, T> {
    /// Updates the block; a long one in pieces, on several threads.
    fn update(self, step: Step<T>, threads: Threads) {
        let Block { w, g, m, v } = self;
        if !threads.divide(w.len()) {
            return match step {
                Step::Sgd { beta, decay, eta } => {
                    for (w, g) in w.iter_mut().zip(g) {
                        *w -= eta * *g;
                        *g = beta * *g + decay * *w;
                    }
                }
                Step::Nesterov { beta, decay, eta } => {
                    for ((w, g), v) in w.iter_mut().zip(g).zip(m) {
                        *v = beta * *v + *g;
                        *w -= eta * (*g + beta * *v);
                        *g = decay * *w;
                    }
                }
                Step::Adam(step) => step.apply(w, g, m, v),
            };
        }
        let half = w.len() / 2;
        let (m_half, v_half) = (half.min(m.len()), half.min(v.len()));
        let (w1, w2) = w.split_at_mut(half);
        let (g1, g2) = g.split_at_mut(half);
        let (m1, m2) = m.split_at_mut(m_half);
        let (v1, v2) = v.split_at_mut(v_half);
        let [one, two] =
            [(w1, g1, m1, v1), (w2, g2, m2, v2)].map(|(w, g, m, v)| Block { w, g, m, v });
        rayon::join(|| one.update(step, threads), || two.update(step, threads));
    }
}

/// Gradient buffers of a network's shape, and what the optimiser remembers of each parameter.
///
/// Before a gradient is added to it, a buffer holds what the rule adds to the gradient anyway:
/// βv + λw for the heavy ball, so that buffer and velocity are one, and λw else. This way a step
/// reads and writes each number once.
pub(super) struct State<T> {
    rule: Optimiser,
    /// What the gradient of the next step is to be added to.
    gradients: Vec<LayerGradient<T>>,
    /// With clipping, the rule and a buffer for the gradient alone: what is cut must not hold the
    /// velocity.
    clip: Option<(Clip, Vec<LayerGradient<T>>)>,
    /// v of Nesterov or m of Adam; empty for the heavy ball.
    first: Vec<LayerGradient<T>>,
    /// v of Adam.
    second: Vec<LayerGradient<T>>,
    /// Steps taken.
    t: u64,
    threads: Threads,
}

impl<T: Real> State<T> {
    pub(super) fn new(
        rule: Optimiser,
        clip: Option<Clip>,
        net: &MlpOf<T>,
        threads: Threads,
    ) -> Self {
        let (first, second, decay) = match rule {
            Optimiser::Sgd(momentum) => (momentum.nesterov, false, momentum.weight_decay),
            Optimiser::Adam(adam) => (true, true, adam.coupled()),
        };
        let times = |factor: f64, wanted: bool| -> Vec<LayerGradient<T>> {
            let layers = net.layers.iter().filter(|_| wanted);
            let copies = layers.map(|layer| LayerGradient {
                weights: layer
                    .weights
                    .as_standard_layout()
                    .mapv(|w| T::of(factor) * w),
                bias: layer.bias.as_ref().map(|b| b.mapv(|b| T::of(factor) * b)),
            });
            copies.collect()
        };
        Self {
            rule,
            gradients: times(decay, true),
            clip: clip.map(|clip| (clip, times(0.0, true))),
            first: times(0.0, first),
            second: times(0.0, second),
            t: 0,
            threads,
        }
    }

    /// Where the gradient of the next step is to be added.
    pub(super) fn buffers(&mut self) -> &mut [LayerGradient<T>] {
        match &mut self.clip {
            None => &mut self.gradients,
            Some((_, alone)) => {
                for block in alone.iter_mut().flat_map(blocks) {
                    block.fill(T::zero());
                }
                alone
            }
        }
    }

    /// Moves the network, whose arrays are in row-major order, by one step at learning rate `eta`.
    pub(super) fn step(&mut self, net: &mut MlpOf<T>, eta: f64) {
        self.t += 1;
        if let Some((clip, alone)) = &mut self.clip {
            let mut alone: Vec<_> = alone.iter_mut().flat_map(blocks).collect();
            clip.cut(&mut alone);
            let sums = self.gradients.iter_mut().flat_map(blocks);
            for (sum, alone) in sums.zip(alone) {
                sum.iter_mut().zip(alone).for_each(|(to, g)| *to += *g);
            }
        }
        let step = match self.rule {
            Optimiser::Adam(adam) => Step::Adam(adam.at(self.t, eta)),
            Optimiser::Sgd(momentum) => {
                let (beta, decay) = (T::of(momentum.beta), T::of(momentum.weight_decay));
                let eta = T::of(eta);
                match momentum.nesterov {
                    true => Step::Nesterov { beta, decay, eta },
                    false => Step::Sgd { beta, decay, eta },
                }
            }
        };
        let mut first = self.first.iter_mut();
        let mut second = self.second.iter_mut();
        for (layer, gradient) in net.layers.iter_mut().zip(&mut self.gradients) {
            let (mut first, mut second) = (first.next(), second.next());
            let weights = Block {
                w: slice(Some(&mut layer.weights)),
                g: slice(Some(&mut gradient.weights)),
                m: slice(first.as_mut().map(|m| &mut m.weights)),
                v: slice(second.as_mut().map(|v| &mut v.weights)),
            };
            weights.update(step, self.threads);
            let bias = Block {
                w: slice(layer.bias.as_mut()),
                g: slice(gradient.bias.as_mut()),
                m: slice(first.and_then(|m| m.bias.as_mut())),
                v: slice(second.and_then(|v| v.bias.as_mut())),
            };
            bias.update(step, self.threads);
        }
    }
}

/// The numbers of a layer's weights, and of its bias or none.
fn blocks<T>(layer: &mut LayerGradient<T>) -> [&mut [T]; 2] {
    [slice(Some(&mut layer.weights)), slice(layer.bias.as_mut())]
}

/// All numbers of an array in row-major order; nothing where there is none.
fn slice<T, D: Dimension>(array: Option<&mut Array<T, D>>) -> &mut [T] {
    let all = array.and_then(|array| array.as_slice_mut());
    all.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Activation;
    use crate::model::mlp::Layer;
    use ndarray::array;

    /// Runs SGD on L(w) = w²/2 from w = 1 with η = 0.1 and returns w_1, w_2, w_3.
    fn path(momentum: Momentum, clip: Option<Clip>) -> [f64; 3] {
        let layer = Layer {
            weights: array![[1.0]],
            bias: None,
            multiplier: 1.0,
        };
        let mut net = MlpOf {
            layers: vec![layer],
            activation: Activation::Linear,
        };
        let mut state = State::new(Optimiser::Sgd(momentum), clip, &net, Threads::of(1));
        [(); 3].map(|()| {
            state.buffers()[0].weights += &net.layers[0].weights;
            state.step(&mut net, 0.1);
            net.layers[0].weights[[0, 0]]
        })
    }

    /// By hand, from w = 1, v = 0, β = 0.5.
    /// Plain: 0.9ᵗ. Heavy ball: v = 1, 1.4, 1.46; w = 0.9, 0.76, 0.614.
    /// Nesterov: v = 1, 1.35, 1.3725; w = 1 − 0.1(1 + 0.5) = 0.85,
    /// 0.85 − 0.1(0.85 + 0.675) = 0.6975, 0.6975 − 0.1(0.6975 + 0.68625) = 0.559125.
    /// Decay 1 doubles every gradient of this loss.
    #[test]
    fn three_steps_on_a_parabola_by_hand() {
        let with = |beta, nesterov, weight_decay| {
            let momentum = Momentum {
                beta,
                nesterov,
                weight_decay,
            };
            // A limit that no gradient reaches changes nothing.
            assert_eq!(path(momentum, None), path(momentum, Some(Clip::Norm(9.0))));
            path(momentum, None)
        };
        let cases = [
            (with(0.0, false, 0.0), [0.9, 0.81, 0.729]),
            (with(0.5, false, 0.0), [0.9, 0.76, 0.614]),
            (with(0.5, true, 0.0), [0.85, 0.6975, 0.559125]),
            (with(0.5, true, 1.0), [0.7, 0.44, 0.248]),
            (with(0.5, false, 1.0), [0.8, 0.54, 0.302]),
        ];
        for (got, expected) in cases {
            let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-15;
            assert!(got.iter().zip(&expected).all(near), "{got:?} {expected:?}");
        }
    }

    /// With c = 0.5 every gradient here is cut to 0.5, whatever the velocity. Heavy ball with
    /// β = 0.5: v = 0.5, 0.75, 0.875. Decay 1 is added after the cut: g + λw = 1.5, 1.35, 1.215.
    #[test]
    fn clipping_cuts_the_gradient_alone() {
        let with = |beta, weight_decay, clip| {
            let momentum = Momentum {
                beta,
                nesterov: false,
                weight_decay,
            };
            path(momentum, Some(clip))
        };
        for clip in [Clip::Norm(0.5), Clip::Value(0.5)] {
            let cases = [
                (with(0.0, 0.0, clip), [0.95, 0.9, 0.85]),
                (with(0.5, 0.0, clip), [0.95, 0.875, 0.7875]),
                (with(0.0, 1.0, clip), [0.85, 0.715, 0.5935]),
            ];
            for (got, expected) in cases {
                let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-15;
                assert!(got.iter().zip(&expected).all(near), "{got:?} {expected:?}");
            }
        }
    }

    #[test]
    fn pieces_on_threads_are_the_whole() {
        let n = 200_003;
        let wave = |shift: f64| -> Vec<f64> { (0..n).map(|i| (i as f64 + shift).sin()).collect() };
        let (beta, decay, eta) = (0.9, 0.1, 0.3);
        for step in [
            Step::Sgd { beta, decay, eta },
            Step::Nesterov { beta, decay, eta },
            Step::Adam(Adam::default().at(3, 0.1)),
        ] {
            let run = |threads| {
                let mut all = [wave(0.0), wave(0.5), wave(1.0), vec![0.5; n]];
                let [w, g, m, v] = &mut all;
                Block { w, g, m, v }.update(step, threads);
                all
            };
            assert_eq!(run(Threads::of(1)), run(Threads::of(2)));
        }
    }

    #[test]
    fn numbers_out_of_range_are_errors() {
        for beta in [-0.1, 1.0, f64::NAN] {
            assert!(Optimiser::momentum(beta).check().is_err());
        }
        for decay in [-1.0, f64::INFINITY, f64::NAN] {
            assert!(Optimiser::adam_w(decay).check().is_err());
            let momentum = Momentum {
                weight_decay: decay,
                ..Momentum::default()
            };
            assert!(Optimiser::Sgd(momentum).check().is_err());
        }
        assert!(Optimiser::default().check().is_ok() && Optimiser::sgd().check().is_ok());
    }
}
