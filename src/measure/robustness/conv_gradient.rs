//! The input gradient of a convolutional network before training: its exact mean square.

use ndarray::{Array1, ArrayRef1};

use crate::error::{Error, Result, check_finite, within_range};
use crate::model::conv::Grid;
use crate::model::{Activation, ConvSettings};

/// E‖∇h(x)‖² of one output over the draw of the weights, at the input `x`, `(d,)`.
///
/// # Formula
/// q_l(s) is the mean square of the derivatives of h_l at position s by all inputs, summed over channels. It begins with
/// q_0 = c_0. With v_l the variance of a weight (multipliers squared included) and the sum over the up to nine positions
/// t that the window around s sees,
///
/// q_l(s) = ½ v_l c_l Σ_t q_{l−1}(t),   E‖∇h‖² = v_L Σ_s q_{L−1}(s);
///
/// a block of a residual network adds q(s) += v c Σ_t q'(t), q' the line above. With circular padding every position is seen
/// nine times, so that He's 2/(9·c_{l−1}) keeps Σ_s q/c, and E‖∇h‖² = 2 as for a perceptron, whatever channels and
/// depth; every block multiplies it by 1 + 2α². With zeros around an image of height and width n it is
/// 2·(1ᵀB^{L−1}1/(3^{L−1}n))², B the matrix of ones next to the diagonal and on it: less than 2, and less with depth.
///
/// *Why.* Given all layers below, a row of the Jacobian is 1\[k·φ > 0\]·kᵀΦ, with k the kernel of a channel, φ what its window
/// sees and Φ the derivatives of that. Its square is even in k, and k and −k are equally likely, so that the gate
/// takes half: ½ v‖Φ‖². Weights that positions share correlate the gates of these positions, but the sum of squares
/// needs no two gates at once; the last layer's weights are independent and add nothing else. A branch has mean 0 given
/// its block's input, so that no cross term remains.
///
/// *Blank windows.* Where a window of the *image* is all 0 and there is no bias, k·φ = 0 and the gate is shut: such
/// windows count 0 in the first layer. Further up a window is 0 only where its derivatives are too.
///
/// # Errors
/// `x` has another length than the settings' image or is not finite; an activation other than ReLU; no positions, channels or
/// outputs; a residual network of an even number of hidden layers; numbers beyond the range of f64.
///
/// # Reference
/// Derived here, after the recursion of second moments in He, Zhang, Ren & Sun 2015, arXiv:1502.01852, section 2.2.
///
/// ```
/// use dltheory::measure::robustness::initial_conv_gradient;
/// use dltheory::model::ConvSettings;
/// use ndarray::Array1;
/// for channels in [vec![4; 3], vec![64; 9]] {
///     let settings = ConvSettings { image: (7, 7, 1), channels, outputs: 1, ..ConvSettings::default() };
///     let square = initial_conv_gradient(&settings, &Array1::ones(49))?;
///     assert!((square - 2.0).abs() < 1e-12);
/// }
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn initial_conv_gradient(settings: &ConvSettings, x: &ArrayRef1<f64>) -> Result<f64> {
    let (height, width, colours) = settings.image;
    let sizes = [height, width, colours, settings.outputs];
    let counts = sizes.iter().chain(&settings.channels);
    let small = |&count: &usize| (1..=1 << 28).contains(&count);
    let d = height.saturating_mul(width).saturating_mul(colours);
    let odd = settings.channels.len() % 2 == 1;
    if !counts.into_iter().all(small)
        || settings.channels.is_empty()
        || settings.residual.is_some() && !odd
    {
        let got = format!("{sizes:?} and {:?}", settings.channels);
        let expected =
            "sizes of at least 1, hidden layers, in a residual network an odd number of them";
        return Err(Error::domain("the settings of the network", expected, got));
    }
    if settings.activation != Activation::Relu {
        let got = settings.activation;
        return Err(Error::domain("the activation", "relu", got));
    }
    if x.len() != d {
        return Err(Error::shape("the input", format!("({d},)"), x.shape()));
    }
    check_finite("the input", x)?;
    let grid = Grid {
        height,
        width,
        padding: settings.padding,
    };
    let depth = settings.channels.len() + 1;
    let fan_in = |index: usize| match index {
        0 => 9 * colours,
        _ => 9 * settings.channels[index - 1],
    };
    let biased = settings.biases && settings.init.bias_std > 0.0;
    let mut q = Array1::from_elem(grid.positions(), colours as f64);
    let mut entered = Array1::zeros(0);
    for (index, &channels) in settings.channels.iter().enumerate() {
        let variance = settings
            .init
            .rule(index, depth)
            .effective_variance(fan_in(index), channels);
        let gain = variance * channels as f64;
        let seen = windows(&grid, &q);
        let branch = settings.residual.filter(|_| index > 0 && index % 2 == 0);
        if let Some(factor) = branch {
            q = &entered + &(seen * (gain * factor * factor));
        } else {
            entered = std::mem::replace(&mut q, seen * (0.5 * gain));
        }
        if index == 0 && !biased {
            for (position, q) in q.indexed_iter_mut() {
                *q *= f64::from(u8::from(!blank(&grid, colours, x, position)));
            }
        }
    }
    let last = settings.init.rule(depth - 1, depth);
    let fan_in = grid.positions() * settings.channels[depth - 2];
    let square = last.effective_variance(fan_in, settings.outputs) * q.sum();
    within_range("the mean square of the gradient", square)
}

/// The sums over the window around every position.
fn windows(grid: &Grid, q: &Array1<f64>) -> Array1<f64> {
    let sum = |position| {
        let seen = (0..9).filter_map(|tap| grid.neighbour(position, tap));
        seen.map(|at| q[at]).sum::<f64>()
    };
    (0..grid.positions()).map(sum).collect()
}

/// Whether the window around a position sees nothing but zeros.
fn blank(grid: &Grid, colours: usize, x: &ArrayRef1<f64>, position: usize) -> bool {
    let places = 0..colours;
    let seen = |at: usize| places.clone().all(|c| x[c * grid.positions() + at] == 0.0);
    let mut windows = (0..9).filter_map(|tap| grid.neighbour(position, tap));
    windows.all(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::{ConvNet, Differentiable, Init, Padding};
    use crate::rng::stream;
    use crate::stats::{Estimate, parallel_draws};
    use ndarray::{Array2, Axis};

    fn settings() -> ConvSettings {
        ConvSettings {
            image: (4, 4, 1),
            channels: vec![6; 3],
            outputs: 1,
            biases: false,
            ..ConvSettings::default()
        }
    }

    fn of(settings: &ConvSettings) -> f64 {
        let (height, width, colours) = settings.image;
        initial_conv_gradient(settings, &Array1::ones(height * width * colours)).expect("valid")
    }

    #[test]
    fn the_constants() {
        let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
        near(of(&settings()), 2.0);
        near(
            of(&ConvSettings {
                init: Init::LECUN,
                ..settings()
            }),
            0.125,
        );
        for (factor, blocks) in [(1.0, 1), (0.5, 3)] {
            let residual = ConvSettings {
                residual: Some(factor),
                channels: vec![5; 2 * blocks as usize + 1],
                ..settings()
            };
            near(
                of(&residual),
                2.0 * (1.0 + 2.0 * factor * factor).powi(blocks),
            );
        }
        // Two rows of B = [[1, 1], [1, 1]]: B^3 has entries 4, so (16/(27·2))² · 2.
        let small = ConvSettings {
            image: (2, 2, 1),
            padding: Padding::Zero,
            ..settings()
        };
        near(of(&small), 2.0 * (16.0_f64 / 54.0).powi(2));
    }

    /// Kinds of networks, at an image of one pixel, against 4,000 draws each: within 4.5 standard errors.
    #[test]
    fn mean_squares_of_drawn_networks() {
        let cases = [
            settings(),
            ConvSettings {
                padding: Padding::Zero,
                ..settings()
            },
            ConvSettings {
                residual: Some(0.8),
                ..settings()
            },
            ConvSettings {
                residual: Some(1.0),
                padding: Padding::Zero,
                init: Init::LECUN,
                ..settings()
            },
            ConvSettings {
                channels: vec![3, 7],
                image: (5, 3, 2),
                init: Init::NTK_PARAMETRISED,
                ..settings()
            },
            ConvSettings {
                init: Init {
                    bias_std: 0.3,
                    ..Init::HE_UNIFORM
                },
                biases: true,
                ..settings()
            },
        ];
        for (index, settings) in cases.iter().enumerate() {
            let (height, width, colours) = settings.image;
            let rng = &mut stream(7, "image", index as u64);
            let mut x = gaussian(1, height * width * colours, rng).expect("valid");
            for position in 1..height * width {
                (0..colours).for_each(|c| x[[0, c * height * width + position]] = 0.0);
            }
            let exact = initial_conv_gradient(settings, &x.index_axis(Axis(0), 0)).expect("valid");
            let squares = parallel_draws(4000, 1, "conv gradient", |rng| {
                let net = ConvNet::new(settings, rng)?;
                let checked = net.checked()?;
                let slopes = checked
                    .vjp(&checked.trace(&x)?, &Array2::ones((1, 1)))?
                    .inputs;
                Ok(slopes.iter().map(|v| v * v).sum::<f64>())
            });
            let estimate = Estimate::from_values(&squares.expect("valid")).expect("finite");
            assert!(
                estimate.distance(exact) < 4.5,
                "{index}: {estimate} {exact}"
            );
            let blind = of(settings);
            assert!(
                settings.biases || estimate.distance(blind) > 6.0,
                "{index}: {blind}"
            );
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let refused =
            |settings: ConvSettings, d| initial_conv_gradient(&settings, &Array1::ones(d)).is_err();
        assert!(refused(settings(), 15));
        assert!(refused(
            ConvSettings {
                channels: vec![],
                ..settings()
            },
            16
        ));
        assert!(refused(
            ConvSettings {
                channels: vec![2, 0],
                ..settings()
            },
            16
        ));
        assert!(refused(
            ConvSettings {
                image: (0, 4, 1),
                ..settings()
            },
            0
        ));
        assert!(refused(
            ConvSettings {
                outputs: 0,
                ..settings()
            },
            16
        ));
        assert!(refused(
            ConvSettings {
                activation: Activation::Tanh,
                ..settings()
            },
            16
        ));
        let even = ConvSettings {
            channels: vec![2; 2],
            residual: Some(1.0),
            ..settings()
        };
        assert!(refused(even, 16));
        assert!(refused(
            ConvSettings {
                init: Init::normal(1e200),
                ..settings()
            },
            16
        ));
        let nan = Array1::from_elem(16, f64::NAN);
        assert!(initial_conv_gradient(&settings(), &nan).is_err());
    }
}
