//! A network's gradient buffers, and what the rule remembers of each of its layers.

use ndarray::{Array, Dimension};

use super::threads::Threads;
use crate::model::mlp::{LayerGradient, MlpOf};
use crate::optimise::{Clip, Optimiser, Step};
use crate::real::Real;

/// A block of parameters w, the buffer g of its gradient, and the rule's memories, each as long as
/// w or empty.
struct Block<'a, T> {
    w: &'a mut [T],
    g: &'a mut [T],
    memory: [&'a mut [T]; 3],
}

impl<T: Real> Block<'_, T> {
    /// Updates the block; a long one in pieces, on several threads.
    fn update(self, step: Step<T>, threads: Threads) {
        let Block { w, g, memory } = self;
        if !threads.divide(w.len()) {
            return step.apply(w, g, memory);
        }
        let half = w.len() / 2;
        let (w1, w2) = w.split_at_mut(half);
        let (g1, g2) = g.split_at_mut(half);
        let [(a1, a2), (b1, b2), (c1, c2)] = memory.map(|m| m.split_at_mut(half.min(m.len())));
        let [one, two] = [(w1, g1, [a1, b1, c1]), (w2, g2, [a2, b2, c2])]
            .map(|(w, g, memory)| Block { w, g, memory });
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
    /// The rule's memories, as many as it has.
    memory: [Vec<LayerGradient<T>>; 3],
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
        let memories = rule.memories();
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
            gradients: times(rule.coupled_decay(), true),
            clip: clip.map(|clip| (clip, times(0.0, true))),
            memory: [0, 1, 2].map(|index| times(0.0, index < memories)),
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
        let step = self.rule.at(self.t, eta);
        let mut memory = self.memory.each_mut().map(|m| m.iter_mut());
        for (layer, gradient) in net.layers.iter_mut().zip(&mut self.gradients) {
            let [(a1, a2), (b1, b2), (c1, c2)] = memory.each_mut().map(|m| match m.next() {
                Some(m) => (rows(&mut m.weights), slice(m.bias.as_mut())),
                None => Default::default(),
            });
            let weights = Block {
                w: rows(&mut layer.weights),
                g: rows(&mut gradient.weights),
                memory: [a1, b1, c1],
            };
            weights.update(step, self.threads);
            let bias = Block {
                w: slice(layer.bias.as_mut()),
                g: slice(gradient.bias.as_mut()),
                memory: [a2, b2, c2],
            };
            bias.update(step, self.threads);
        }
    }
}

/// The numbers of a layer's weights, and of its bias or none.
fn blocks<T>(layer: &mut LayerGradient<T>) -> [&mut [T]; 2] {
    [rows(&mut layer.weights), slice(layer.bias.as_mut())]
}

/// All numbers of an array.
fn rows<T, D: Dimension>(array: &mut Array<T, D>) -> &mut [T] {
    array.as_slice_mut().expect(super::workspace::ROW_MAJOR)
}

/// All numbers of an array, none where there is none.
fn slice<T, D: Dimension>(array: Option<&mut Array<T, D>>) -> &mut [T] {
    array.map_or_else(Default::default, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Activation;
    use crate::model::mlp::Layer;
    use crate::optimise::{Adam, Momentum};
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
        let nesterov = Momentum {
            nesterov: true,
            weight_decay: 0.1,
            ..Momentum::default()
        };
        for rule in [
            Optimiser::momentum(0.9),
            Optimiser::Sgd(nesterov),
            Optimiser::Adam(Adam::default()),
        ] {
            let run = |threads| {
                let mut all = [wave(0.0), wave(0.5), wave(1.0), vec![0.5; n]];
                let [w, g, m, v] = all.each_mut().map(Vec::as_mut_slice);
                let memory = [m, v, &mut []];
                Block { w, g, memory }.update(rule.at(3, 0.1), threads);
                all
            };
            assert_eq!(run(Threads::of(1)), run(Threads::of(2)));
        }
    }
}
