//! What a method does to a linear field, by one number.
//!
//! Along an eigenvector of V(z) = Az with the eigenvalue c every step of a method is a multiplication by a complex number, its factor,
//! that depends on w = αc. In the plane a field that turns and stretches, V = (bx + ay, by − ax), is multiplication of x + iy by c = b − ia:
//! minₓ maxᵧ xy has c = −i. The modulus of the factor is what the length is multiplied by.
//!
//! | method | factor |
//! |---|---|
//! | [`gda`] | 1 − w |
//! | [`ppm`] | 1/(1 + w) = 1 − w + w² − w³ + … |
//! | [`eg`] | 1 − w + w² |
//! | [`ogda`], RFBS | the larger root of λ² − (1 − 2w)λ − w = 0, which is 1 − w + w² + O(w³) |
//!
//! # Reference
//! Mokhtari, Ozdaglar & Pattathil 2020, arXiv:1901.08511; slide "Basic algorithms for minimax".

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex {
    /// Its real part.
    pub re: f64,
    /// Its imaginary part.
    pub im: f64,
}

impl Complex {
    /// 1.
    pub const ONE: Self = Self { re: 1.0, im: 0.0 };

    /// re + i·im.
    #[must_use]
    pub fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    /// A point of the plane as x + iy; its first two coordinates.
    #[must_use]
    pub fn of(z: &[f64]) -> Self {
        Self { re: z[0], im: z[1] }
    }

    /// Its modulus.
    #[must_use]
    pub fn abs(self) -> f64 {
        self.re.hypot(self.im)
    }

    /// Its conjugate.
    #[must_use]
    pub fn conjugate(self) -> Self {
        Self::new(self.re, -self.im)
    }

    /// The root with a real part that is not negative.
    #[must_use]
    pub fn sqrt(self) -> Self {
        let modulus = self.abs();
        let part = |sign: f64| (0.5 * (modulus + sign * self.re).abs()).sqrt();
        Self::new(part(1.0), part(-1.0).copysign(self.im))
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.re + other.re, self.im + other.im)
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.re - other.re, self.im - other.im)
    }
}

impl Neg for Complex {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.re, -self.im)
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let re = self.re * other.re - self.im * other.im;
        Self::new(re, self.re * other.im + self.im * other.re)
    }
}

impl Mul<Complex> for f64 {
    type Output = Complex;
    fn mul(self, z: Complex) -> Complex {
        Complex::new(self * z.re, self * z.im)
    }
}

impl Div for Complex {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let square = other.re * other.re + other.im * other.im;
        let product = self * other.conjugate();
        Self::new(product.re / square, product.im / square)
    }
}

/// The root of λ² = pλ + q of the larger modulus.
#[must_use]
pub fn larger_root(p: Complex, q: Complex) -> Complex {
    let root = (p * p + 4.0 * q).sqrt();
    let [one, other] = [0.5 * (p + root), 0.5 * (p - root)];
    if one.abs() >= other.abs() { one } else { other }
}

/// Of descent–ascent: 1 − w.
#[must_use]
pub fn gda(w: Complex) -> Complex {
    Complex::ONE - w
}

/// Of the proximal point method: 1/(1 + w).
#[must_use]
pub fn ppm(w: Complex) -> Complex {
    Complex::ONE / (Complex::ONE + w)
}

/// Of extragradient: 1 − w + w².
#[must_use]
pub fn eg(w: Complex) -> Complex {
    Complex::ONE - w + w * w
}

/// Of optimistic descent–ascent: the larger root of λ² − (1 − 2w)λ − w = 0, which rules in the end.
#[must_use]
pub fn ogda(w: Complex) -> Complex {
    larger_root(Complex::ONE - 2.0 * w, w)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The moduli at α = ½ on xy.
    #[test]
    fn factors_on_the_bilinear_game() {
        let w = Complex::new(0.0, -0.5);
        let moduli = [gda(w), ppm(w), eg(w), ogda(w)].map(Complex::abs);
        for (modulus, square) in moduli.into_iter().zip([1.25, 0.8, 0.8125, 0.5]) {
            assert!((modulus * modulus - square).abs() < 1e-15);
        }
    }

    #[test]
    fn roots_solve_their_equations() {
        for (re, im) in [
            (0.3, -2.0),
            (-1.5, 0.2),
            (-2.0, 0.0),
            (0.0, 0.0),
            (0.0, -1.0),
        ] {
            let z = Complex::new(re, im);
            let root = z.sqrt();
            assert!((root * root - z).abs() < 1e-14 && root.re >= 0.0);
            let q = Complex::new(0.4, 0.7);
            let larger = larger_root(z, q);
            assert!((larger * larger - z * larger - q).abs() < 1e-13);
            assert!((z / q * q - z).abs() < 1e-14);
        }
    }
}
