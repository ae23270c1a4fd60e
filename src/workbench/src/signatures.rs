//! The signature of every exercise, once: the graded program, the notebook's `check::…` and the
//! stubs are made from this list.

use ndarray::{Array1, Array2};

use crate::Call;
use crate::rng::{Rng, stream};
use crate::value::{FromValue, Value};

/// The list of signatures, given to the macro `$then`.
///
/// An entry is `name(argument: type, …) -> type` under its doc comment. Types are numbers
/// (`f64`), counts (`usize`), `bool`, arrays, `Vec`s and pairs of these; `&T` for arrays and
/// lists; `&mut Rng` for a generator. A result may have a text in it, `&'static str`.
#[macro_export]
macro_rules! signatures {
    ($then:path) => {
        $then! {
            /// Chapter 01: the gradient of cross-entropy by the logits.
            logit_gradient(f: &Array1<f64>, class: usize) -> Array1<f64>;
            /// Chapter 01: the deviation along a saddle's way out after steps with noise.
            escape_deviation(steps: &Vec<f64>, sigma: f64) -> f64;
            /// Chapter 01: one step of Langevin dynamics.
            langevin_step(x: &Array1<f64>, gradient: &Array1<f64>, step: f64, temperature: f64, rng: &mut Rng) -> Array1<f64>;
            /// Chapter 01: the constant step at which SGD on a quadratic hovers at a given mean square.
            hovering_step(lambda: f64, sigma: f64, square: f64) -> f64;
            /// Chapter 01: Nesterov's method on ½xᵀAx − bᵀx from 0.
            nesterov_point(a: &Array2<f64>, b: &Array1<f64>, rate: f64, steps: usize) -> Array1<f64>;
            /// Chapter 01: the places AMSGrad goes to from 0, one after each gradient.
            amsgrad_path(gradients: &Array1<f64>, rate: f64, beta1: f64, beta2: f64) -> Array1<f64>;
            /// Chapter 02: the worst margin of a linear model within a ball of the p-norm.
            worst_margin(w: &Array1<f64>, x: &Array1<f64>, y: f64, epsilon: f64, p: f64) -> f64;
            /// Chapter 02: the change of least p-norm that brings an input to a linear model's boundary.
            least_perturbation(w: &Array1<f64>, x: &Array1<f64>, p: f64) -> Array1<f64>;
            /// Chapter 02: the pixels after k of them were changed to raise g·z the most.
            free_pixels(g: &Array1<f64>, x: &Array1<f64>, k: usize) -> Array1<f64>;
            /// Chapter 02: the prediction at a after one more training point.
            poisoned_prediction(inverse: &Array2<f64>, w: &Array1<f64>, a: &Array1<f64>, z: &Array1<f64>, t: f64) -> f64;
            /// Chapter 02: the sign step that maximises the minoriser within the ℓ∞ ball.
            sign_step(eta: &Array1<f64>, gradient: &Array1<f64>, epsilon: f64, smoothness: f64) -> Array1<f64>;
            /// Chapter 02: the nearest image within an ℓ2 ball around a digit and within 0 and 1.
            project_digit(digit: &Array1<f64>, moved: &Array1<f64>, epsilon: f64) -> Array1<f64>;
            /// Chapter 03: the directional derivative of a worst case over attacks.
            directional_derivative(values: &Array1<f64>, gradients: &Array2<f64>, gamma: &Array1<f64>, slack: f64) -> f64;
            /// Chapter 03: the shortest vector on the segment between two gradients.
            least_norm_of_two(a: &Array1<f64>, b: &Array1<f64>) -> Array1<f64>;
            /// Chapter 03: the shortest subgradient of a linear model's logistic loss under attack.
            robust_loss_gradient(w: &Array1<f64>, x: &Array1<f64>, y: f64, epsilon: f64) -> Array1<f64>;
            /// Chapter 04: how sharply the payoff of the player who gains most by moving alone rises at a critical point.
            local_nash(xx: &Array2<f64>, yy: &Array2<f64>) -> f64;
            /// Chapter 04: extragradient on V(z) = Az + b.
            extragradient_point(a: &Array2<f64>, b: &Array1<f64>, z: &Array1<f64>, rate: f64, steps: usize) -> Array1<f64>;
            /// Chapter 04: by what an optimistic step multiplies the distance on xy in the end.
            optimistic_factor(alpha: f64) -> f64;
            /// Chapter 04: the radius of the cycle that a method ends on in the almost bilinear game.
            cycle_radius(epsilon: f64, alpha: f64, ahead: f64) -> f64;
            /// Chapter 04: the largest share of the step at which EG+ converges on the quadratic game.
            largest_extragradient_share(lipschitz: f64, rho: f64) -> f64;
            /// Chapter 04: the largest ρ of a linear field in the weak Minty inequality.
            weak_minty_constant(a: &Array2<f64>) -> f64;
            /// Chapter 04: a step of entropic mirror descent on the simplex.
            mirror_step(p: &Array1<f64>, losses: &Array1<f64>, rate: f64) -> Array1<f64>;
            /// Chapter 04: what both players of a matrix game could gain by better replies.
            duality_gap(a: &Array2<f64>, p: &Array1<f64>, q: &Array1<f64>) -> f64;
            /// Chapter 05: W_p of two samples of as many numbers.
            sorted_distance(x: &Array1<f64>, y: &Array1<f64>, p: f64) -> f64;
            /// Chapter 05: W₂ of two Gaussians.
            bures_distance(m1: &Array1<f64>, s1: &Array2<f64>, m2: &Array1<f64>, s2: &Array2<f64>) -> f64;
            /// Chapter 05: the density of h(ω) at y, ω standard normal, from all ω that go to y and the slopes of h there.
            pushed_density(omegas: &Array1<f64>, slopes: &Array1<f64>) -> f64;
            /// Chapter 06: the tangent kernel of the first layer of an infinitely wide ReLU network.
            infinite_width_kernel(x: &Array2<f64>) -> Array2<f64>;
            /// Chapter 06: the largest μ in ½‖∇L‖² ≥ μL for L = ½‖Aw − y‖², y within reach.
            pl_constant(a: &Array2<f64>) -> f64;
            /// Chapter 06: the steps that gradient descent needs by its bound, and the ball it stays in.
            descent_budget(beta: f64, mu: f64, loss: f64, target: f64) -> (usize, f64);
            /// Chapter 06: the loss of gradient descent after many steps, from the largest margin.
            late_loss(margin: f64, rate: f64, steps: f64) -> f64;
            /// Chapter 06: the multipliers of the largest margin of two examples.
            two_multipliers(z: &Array2<f64>) -> Array1<f64>;
            /// Chapter 07: the map of m random Fourier features, one row an input.
            fourier_features(x: &Array2<f64>, m: usize, sigma: f64, rng: &mut Rng) -> Array2<f64>;
            /// Chapter 07: how many random Fourier features an error asks for.
            features_for_error(k: f64, error: f64) -> usize;
            /// Chapter 07: the tangent kernel of a two-layer ReLU network, from its weights.
            tangent_of_weights(a: &Array2<f64>, b: &Array1<f64>, x: &Array2<f64>) -> Array2<f64>;
            /// Chapter 07: the residual after time t of gradient flow with a fixed kernel.
            flow_residual(k: &Array2<f64>, u0: &Array1<f64>, t: f64) -> Array1<f64>;
            /// Chapter 07: a second input that makes the tangent kernel of the two singular.
            unfittable_pair(x: &Array1<f64>) -> Array1<f64>;
            /// Chapter 08: a weight matrix, drawn as He et al. do.
            he_weights(outputs: usize, inputs: usize, rng: &mut Rng) -> Array2<f64>;
            /// Chapter 08: the mean square of the last layer's pre-activations at the start.
            mean_square_at_depth(a: &Array1<f64>, sizes: &Vec<usize>, variances: &Vec<f64>, relu: bool) -> f64;
            /// Chapter 08: a matrix of small spectral radius whose k-th power is large.
            growing_powers(rho: f64, k: usize, factor: f64) -> Array2<f64>;
            /// Chapter 08: a gradient, shortened to a limit.
            clip_by_norm(g: &Array1<f64>, limit: f64) -> Array1<f64>;
            /// Chapter 08: what every batch weighs in a running mean, the oldest first.
            running_mean_weights(rho: f64, batches: usize) -> Array1<f64>;
            /// Chapter 09: perturbation stability by sampling, and its standard error.
            ball_stability(gradient: &Array1<f64>, epsilon: f64, draws: usize, rng: &mut Rng) -> (f64, f64);
            /// Chapter 09: the product of the layers' spectral norms.
            product_bound(weights: &Vec<Array2<f64>>) -> f64;
            /// Chapter 09: a network of Lipschitz constant 1 with a large product bound.
            loose_product(factor: f64) -> (Array2<f64>, Array1<f64>);
            /// Chapter 09: the share of the sphere within an angle of a half sphere.
            near_half_sphere(d: usize, epsilon: f64) -> f64;
            /// Chapter 10: how many examples make all m classifiers' gaps small.
            examples_needed(m: usize, gap: f64, delta: f64) -> usize;
            /// Chapter 10: a finite class's complexity and its standard error.
            sampled_complexity(values: &Array2<f64>, draws: usize, rng: &mut Rng) -> (f64, f64);
            /// Chapter 10: a name, and the gap that Massart's lemma promises for its numbers.
            promised_gap() -> (&'static str, f64);
            /// Chapter 10: the complexity of an ℓ2 ball of linear functions, over all signs.
            ball_complexity(x: &Array2<f64>, radius: f64) -> f64;
            /// Chapter 10: labels of d + 1 points that no hyperplane through 0 separates.
            inseparable_labels(x: &Array2<f64>) -> Array1<f64>;
            /// Chapter 11: the mean of labels with weights 1/distance^a.
            singular_mean(x: &Array2<f64>, y: &Array1<f64>, test: &Array2<f64>, exponent: f64) -> Array1<f64>;
            /// Chapter 11: the mean of the k nearest labels.
            neighbour_mean(x: &Array2<f64>, y: &Array1<f64>, test: &Array2<f64>, k: usize) -> Array1<f64>;
            /// Chapter 11: the error of a vote of k labels.
            vote_error(k: usize, eta: f64) -> f64;
            /// Chapter 11: labels for which the polynomial through them is largest at t.
            worst_labels(x: &Array1<f64>, t: f64) -> Array1<f64>;
            /// Chapter 12: the largest singular value by power iteration.
            power_iteration(a: &Array2<f64>, start: &Array1<f64>, steps: usize) -> f64;
            /// Chapter 12: the path norm of a network.
            norm_of_paths(layers: &Vec<Array2<f64>>) -> f64;
            /// Chapter 12: the same function with a given parameter norm.
            larger_norm(first: &Array2<f64>, second: &Array2<f64>, norm: f64) -> (Array2<f64>, Array2<f64>);
            /// Chapter 12: Kendall's τ.
            rank_correlation(measure: &Array1<f64>, gap: &Array1<f64>) -> f64;
            /// Chapter 13: the expected test error of least squares with p of D features.
            expected_risk(beta: &Array1<f64>, n: usize, p: usize, sigma: f64) -> f64;
            /// Chapter 13: the same coefficients in two orders with opposite best widths.
            two_orders(n: usize, dims: usize) -> (Array1<f64>, Array1<f64>);
            /// Chapter 13: a name, and the factor by which more data change the error for its numbers.
            more_data() -> (&'static str, f64);
            /// Chapter 13: the shortest w with X w = y.
            min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64>;
            /// Chapter 13: bias² and variance of predictions.
            bias_and_variance(predictions: &Array2<f64>, targets: &Array1<f64>) -> (f64, f64);
            /// Chapter 13: ridge regression.
            ridge_weights(x: &Array2<f64>, y: &Array1<f64>, lambda: f64) -> Array1<f64>;
            /// Chapter 13: leave-one-out residuals of ridge regression, by one fit.
            loo_residuals(x: &Array2<f64>, y: &Array1<f64>, lambda: f64) -> Array1<f64>;
            /// Chapter 14: a two-layer network of quadratic units that adds modulo p.
            adding_circuit(p: usize) -> (Array2<f64>, Array2<f64>);
            /// Chapter 14: the weights after steps of AdamW.
            adamw_weights(w: &Array1<f64>, gradients: &Array2<f64>, rate: f64, decay: f64) -> Array1<f64>;
            /// Chapter 14: the share of the largest wave in a column of numbers.
            largest_share(column: &Array1<f64>) -> f64;
        }
    };
}

/// How an argument is handed to a solution: owned by the caller, lent if the signature says so.
pub trait Pass<'a> {
    /// What the caller keeps.
    type Owned: 'a;

    /// The argument from its value.
    fn decode(value: Value) -> Option<Self::Owned>;

    /// The argument as the signature wants it.
    fn pass(owned: &'a mut Self::Owned) -> Self;
}

impl<'a, T: FromValue + 'a> Pass<'a> for &'a T {
    type Owned = T;
    fn decode(value: Value) -> Option<T> {
        T::from_value(value)
    }
    fn pass(owned: &'a mut T) -> Self {
        owned
    }
}

impl<'a> Pass<'a> for &'a mut Rng {
    type Owned = Rng;
    fn decode(value: Value) -> Option<Rng> {
        match value {
            Value::Seed(seed) => Some(stream(seed, "exercise", 0)),
            _ => None,
        }
    }
    fn pass(owned: &'a mut Rng) -> Self {
        owned
    }
}

macro_rules! by_value {
    ($($type:ty),*) => {$(
        impl<'a> Pass<'a> for $type {
            type Owned = $type;
            fn decode(value: Value) -> Option<$type> {
                <$type>::from_value(value)
            }
            fn pass(owned: &'a mut $type) -> Self {
                *owned
            }
        }
    )*};
}
by_value!(f64, usize, bool);

/// The next argument of the solution `name`.
///
/// # Errors
/// There is none, or it is of another type.
pub fn decode<'a, T: Pass<'a>>(
    name: &str,
    argument: &str,
    values: &mut std::slice::Iter<'_, Value>,
) -> Result<T::Owned, String> {
    let value = values
        .next()
        .ok_or_else(|| format!("{name}: no value for {argument}"))?;
    T::decode(value.clone()).ok_or_else(|| format!("{name}: {argument} is {}", value.kind()))
}

/// Makes the adapters.
macro_rules! adapters {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $returns:ty;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(solution: fn($($type),*) -> $returns) -> Call {
            Box::new(move |values| {
                #[allow(unused_mut, unused_variables)] // a signature may have no arguments
                let mut values = values.iter();
                $(let mut $argument =
                    decode::<$type>(stringify!($name), stringify!($argument), &mut values)?;)*
                Ok(Value::from(solution($(<$type as Pass>::pass(&mut $argument)),*)))
            })
        }
    )*};
}

/// One function an exercise: from a solution to a [`Call`].
pub mod call {
    use super::*;

    signatures!(adapters);
}
