//! Theory: how far samples of the uniform law on [0, 1] are expected to be apart, at every n.

use statrs::function::gamma::ln_gamma;

use crate::error::{Error, Result, check_count, check_finite};

/// lim √n · E W₁(U, μ̂_n) = ∫₀¹ E|B(t)| dt = √(2/π) · π/8 = √(π/32) ≈ 0.3133, with B the Brownian bridge, for the uniform law U
/// on \[0, 1\] and the empirical measure of n of its points. Between two samples of n points it is √2 times as much.
///
/// # Reference
/// Janson 2007, "Brownian excursion area, Wright's constants in graph enumeration, and other Brownian areas",
/// doi:10.1214/07-PS104.
#[must_use]
pub fn uniform_constant() -> f64 {
    (std::f64::consts::PI / 32.0).sqrt()
}

/// E W₁(U, μ̂_n), exactly.
///
/// # Formula
/// (1/n) ∫₀¹ E|B_{n,t} − nt| dt with B_{n,t} binomial, whose mean absolute deviation is 2m C(n, m) t^m (1 − t)^{n−m+1},
/// m = ⌊nt⌋ + 1 (de Moivre). Integrated over each \[(m − 1)/n, m/n\] by Gauss and Legendre's rule with 8 places.
///
/// # Errors
/// n is 0.
///
/// # Reference
/// Diaconis & Zabell 1991, "Closed form summation for classical distributions: variations on a theme of de Moivre",
/// doi:10.1214/ss/1177011699.
pub fn expected_to_law(n: usize) -> Result<f64> {
    check_count("the number of points", n)?;
    let size = n as f64;
    let log_factorial = |k: f64| ln_gamma(k + 1.0);
    let mut total = 0.0;
    for m in 1..=n {
        let m = m as f64;
        let log_choose = log_factorial(size) - log_factorial(m) - log_factorial(size - m);
        let deviation = |t: f64| {
            let log = log_choose + m * t.ln() + (size - m + 1.0) * (-t).ln_1p();
            2.0 * m * log.exp()
        };
        total += gauss_legendre((m - 1.0) / size, m / size, deviation);
    }
    Ok(total / size)
}

/// E W₁(μ̂_n, ν̂_n) of two independent samples of n points of the uniform law, exactly.
///
/// # Formula
/// 4ⁿ/(2(2n + 1) C(2n, n)). The 2n points cut \[0, 1\] into pieces of expected length 1/(2n + 1), whatever their order;
/// between two of them n(F − G) is the height of a walk of n steps up and n down in random order, whose expected absolute
/// area is 2n 4^{n−1}/C(2n, n).
///
/// # Errors
/// n is 0.
///
/// ```
/// use dltheory::transport::line_law::expected_between_samples;
/// // Two points: E|X − Y| = 1/3.
/// assert!((expected_between_samples(1)? - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn expected_between_samples(n: usize) -> Result<f64> {
    check_count("the number of points", n)?;
    // 4ⁿ/C(2n, n) = Π 2k/(2k − 1).
    let ratio: f64 = (1..=n)
        .map(|k| 2.0 * k as f64 / (2.0 * k as f64 - 1.0))
        .product();
    Ok(ratio / (2.0 * (2.0 * n as f64 + 1.0)))
}

/// E W₂²(U, μ̂_n) = 1/(6n), exactly: W_p^p(U, μ̂_n) = ∫|F_n(t) − t|^p dt, and F_n(t) has the variance t(1 − t)/n.
///
/// # Errors
/// n is 0.
pub fn expected_square_to_law(n: usize) -> Result<f64> {
    check_count("the number of points", n)?;
    Ok(1.0 / (6.0 * n as f64))
}

/// E W₂²(μ̂_n, ν̂_n) of two independent samples of n points of the uniform law, exactly.
///
/// # Formula
/// (1/n) Σ_i 2 Var x₍ᵢ₎ = 1/(3(n + 1)), as Var x₍ᵢ₎ = i(n + 1 − i)/((n + 1)²(n + 2)).
///
/// # Errors
/// n is 0.
///
/// # Reference
/// Caracciolo, D'Achille & Sicuro 2017, "Random Euclidean matching problems in one dimension", arXiv:1707.05541.
pub fn expected_square_between_samples(n: usize) -> Result<f64> {
    check_count("the number of points", n)?;
    Ok(1.0 / (3.0 * (n as f64 + 1.0)))
}

/// W_p^p(U, μ̂_n) of the uniform law on \[0, 1\] and the empirical measure of `points`, exactly; W₁ itself for p = 1.
///
/// # Formula
/// Σ_i ∫ |x₍ᵢ₎ − t|^p dt over t from (i − 1)/n to i/n.
///
/// # Errors
/// No points, one that is not finite, p below 1.
pub fn power_to_law(points: &[f64], p: f64) -> Result<f64> {
    super::cost::check_power(p)?;
    check_finite("the points", points)?;
    if points.is_empty() {
        return Err(Error::shape("the points", "at least one", &[0]));
    }
    let n = points.len() as f64;
    let mut sorted = points.to_vec();
    sorted.sort_by(f64::total_cmp);
    // ∫₀^s |t|^p dt.
    let primitive = |s: f64| s.signum() * s.abs().powf(p + 1.0) / (p + 1.0);
    let parts = sorted.into_iter().enumerate();
    Ok(parts
        .map(|(i, x)| primitive((i as f64 + 1.0) / n - x) - primitive(i as f64 / n - x))
        .sum())
}

/// Places of Gauss and Legendre's rule on [−1, 1] with their weights; the other four are their mirror images.
const GAUSS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_361_98),
    (0.525_532_409_916_329, 0.313_706_645_877_887_29),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_2, 0.101_228_536_290_376_26),
];

fn gauss_legendre(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (middle, half) = (f64::midpoint(from, to), 0.5 * (to - from));
    let pairs = GAUSS.iter();
    half * pairs
        .map(|(x, w)| w * (f(middle + half * x) + f(middle - half * x)))
        .sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::uniform_cube;
    use crate::rng::stream;
    use crate::stats::Estimate;
    use crate::transport::{LineMeasure, line_distance};

    #[test]
    fn one_point_by_hand() {
        // E(x² + (1 − x)²)/2 = 1/3.
        assert!((expected_to_law(1).unwrap() - 1.0 / 3.0).abs() < 1e-12);
        assert!((power_to_law(&[0.25], 1.0).unwrap() - 0.3125).abs() < 1e-15);
        assert!((power_to_law(&[0.5], 2.0).unwrap() - 1.0 / 12.0).abs() < 1e-15);
    }

    #[test]
    fn the_limits_are_those_of_the_bridge() {
        let n = 20_000;
        let root = (n as f64).sqrt();
        let c = uniform_constant();
        assert!((c - 0.313_329).abs() < 1e-6);
        assert!((expected_to_law(n).unwrap() * root - c).abs() < 1e-3 * c);
        let two = expected_between_samples(n).unwrap() * root;
        assert!((two - c * 2.0_f64.sqrt()).abs() < 1e-4);
    }

    /// Means over draws, within 4 standard errors.
    #[test]
    fn draws_have_the_expected_distances() {
        for n in [2, 7, 40] {
            let draws = (0..2000).map(|i| {
                let x = uniform_cube(2, n, &mut stream(1, "line law", i)).unwrap();
                let [a, b] = [0, 1].map(|row| x.row(row).to_vec());
                let between = [&a, &b].map(|x| LineMeasure::sample(x).unwrap());
                [
                    power_to_law(&a, 1.0).unwrap(),
                    power_to_law(&a, 2.0).unwrap(),
                    line_distance(&between[0], &between[1], 1.0).unwrap(),
                    line_distance(&between[0], &between[1], 2.0).unwrap().powi(2),
                ]
            });
            let draws: Vec<[f64; 4]> = draws.collect();
            let exact = [
                expected_to_law(n).unwrap(),
                expected_square_to_law(n).unwrap(),
                expected_between_samples(n).unwrap(),
                expected_square_between_samples(n).unwrap(),
            ];
            for (k, exact) in exact.into_iter().enumerate() {
                let mean = Estimate::of(&draws, |draw| draw[k]).unwrap();
                assert!(mean.distance(exact) < 4.0, "{n} {k}: {mean} {exact}");
            }
        }
    }

    /// A sample with many points stands for the law.
    #[test]
    fn the_distance_to_the_law_is_that_to_a_fine_grid() {
        let x = uniform_cube(1, 9, &mut stream(1, "grid", 0))
            .unwrap()
            .row(0)
            .to_vec();
        let grid: Vec<f64> = (0..90_000)
            .map(|i| (f64::from(i) + 0.5) / 90_000.0)
            .collect();
        let [a, b] = [&x, &grid].map(|x| LineMeasure::sample(x).unwrap());
        for p in [1.0, 2.0, 3.0] {
            let exact = power_to_law(&x, p).unwrap();
            assert!((line_distance(&a, &b, p).unwrap().powf(p) / exact - 1.0).abs() < 1e-6);
        }
        assert!(expected_to_law(0).is_err() && power_to_law(&[], 1.0).is_err());
    }
}
