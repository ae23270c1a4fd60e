//! Fewer parameters than examples: one neuron with a minimum that is provably poor.

/// f(w) = tanh(wx), one parameter: one example (10, −1), and n − 1 with x from 0.08 to 0.12 that w = W fits exactly.
#[derive(Clone, Debug)]
pub(super) struct Neuron {
    examples: Vec<(f64, f64)>,
}

/// What fits all examples but the first.
pub(super) const W: f64 = 15.0;

/// The first example's input.
const STEEP: f64 = 10.0;

/// A minimum lies between: L' is negative at the first and positive at the second.
pub(super) const BRACKET: (f64, f64) = (-1.0, 0.0);

impl Neuron {
    pub(super) fn new(n: usize) -> Self {
        let mut examples = vec![(STEEP, -1.0)];
        examples.extend((0..n - 1).map(|i| {
            let x = 0.08 + 0.04 * i as f64 / (n - 2) as f64;
            (x, (W * x).tanh())
        }));
        Self { examples }
    }

    fn mean(&self, of: impl Fn(f64, f64) -> f64) -> f64 {
        self.examples.iter().map(|&(x, y)| of(x, y)).sum::<f64>() / self.examples.len() as f64
    }

    /// L(w) = (1/n) Σ (tanh(w x_i) − y_i)².
    pub(super) fn loss(&self, w: f64) -> f64 {
        self.mean(|x, y| ((w * x).tanh() - y).powi(2))
    }

    /// L'(w).
    pub(super) fn slope(&self, w: f64) -> f64 {
        self.mean(|x, y| {
            let f = (w * x).tanh();
            2.0 * (f - y) * x * (1.0 - f * f)
        })
    }

    /// L''(w).
    pub(super) fn curvature(&self, w: f64) -> f64 {
        self.mean(|x, y| {
            let f = (w * x).tanh();
            let bend = 1.0 - f * f;
            2.0 * x * x * bend * (bend - 2.0 * f * (f - y))
        })
    }

    /// The poor minimum, by bisection of L'.
    pub(super) fn poor(&self) -> f64 {
        let (mut low, mut high) = BRACKET;
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            match self.slope(middle) < 0.0 {
                true => low = middle,
                false => high = middle,
            }
        }
        f64::midpoint(low, high)
    }

    /// What L is at least for every w ≤ 0: there tanh(wx) ≤ 0 < y for all examples but the first.
    pub(super) fn floor(&self) -> f64 {
        self.examples[1..].iter().map(|(_, y)| y * y).sum::<f64>() / self.examples.len() as f64
    }
}
