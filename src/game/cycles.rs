//! Cycles of the flow in the plane: where they are, how long a turn takes, and what they do to what is beside them.
//!
//! A ray from a point inside, to the right, is crossed once a turn. The return map P takes the distance of one crossing to that
//! of the next; a cycle is where P(r) = r. It attracts for P′(r) < 1 and repels for P′(r) > 1; one that repels attracts when
//! time runs backward, and is found so.

use super::flow::{FlowSettings, Time, Walk, field_norm};
use crate::error::{Error, Result, check_count, check_positive};
use crate::optimise::Field;
use crate::stats::{largest, least, mean};

/// The next crossing of the ray.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Return {
    /// P(r), the distance from the centre.
    pub radius: f64,
    /// How long the turn took.
    pub time: f64,
}

/// P(`radius`) around `centre`; none where the flow does not come back, or runs along the ray.
///
/// # Errors
/// A field that is not in the plane or cannot be asked; a radius that is not positive; as [`Walk::new`].
pub fn return_map(
    field: &impl Field,
    centre: [f64; 2],
    radius: f64,
    time: Time,
    settings: &FlowSettings,
) -> Result<Option<Return>> {
    check_planar(field)?;
    check_positive("the distance on the ray", radius)?;
    let start = [centre[0] + radius, centre[1]];
    let mut walk = Walk::new(field, &start, time, settings)?;
    let way = walk.speed[1].signum();
    if walk.speed[1] == 0.0 {
        return Ok(None);
    }
    loop {
        let before = way * (walk.z[1] - centre[1]);
        if !walk.step(f64::INFINITY)? {
            return Ok(None);
        }
        let after = way * (walk.z[1] - centre[1]);
        if before < 0.0 && after >= 0.0 && walk.z[0] > centre[0] {
            walk.settle(|z| z[1] - centre[1], |speed| speed[1])?;
            return Ok(Some(Return {
                radius: walk.z[0] - centre[0],
                time: walk.t,
            }));
        }
    }
}

/// A closed orbit of ż = −V(z): an internally chain-transitive set that holds no critical point.
#[derive(Clone, Debug, PartialEq)]
pub struct Cycle {
    /// Its distance from the centre on the ray.
    pub crossing: f64,
    /// How long a turn takes.
    pub period: f64,
    /// P′ there, by the divergence along it: exp ∮ div(−V) dt. Below 1 it attracts, above it repels.
    pub multiplier: f64,
    /// Its points at equal times forward, from the ray on.
    pub path: Vec<[f64; 2]>,
    /// The least ‖z‖ on it.
    pub radius_min: f64,
    /// The largest ‖z‖ on it.
    pub radius_max: f64,
    /// The mean of ‖z‖ over time.
    pub radius_mean: f64,
    /// The least ‖V‖ on it: above 0 there is no critical point.
    pub field_min: f64,
    /// The area inside.
    pub area: f64,
    /// ∮ ‖dz‖.
    pub length: f64,
    /// w: noise ασζ a step, with E ζ_iζ_j = δ_ij, decides as if it had moved the start by a normal distance of deviation
    /// wσ√α along the ray: see [`Cycle::outward`]. NaN where the cycle attracts.
    pub width: f64,
}

/// Points of the path.
const POINTS: usize = 2000;

/// A displacement this small is rounding.
const ROUNDING: f64 = 1e-8;

impl Cycle {
    /// Whether it attracts.
    #[must_use]
    pub fn attracts(&self) -> bool {
        self.multiplier < 1.0
    }

    /// The probability that a run which starts `distance` outside of this repelling cycle, on the ray, leaves it outwards,
    /// with steps α and noise of deviation σ in each entry.
    ///
    /// # Formula
    /// f = −V. In the plane η = f⊥·δz, the area that a small δz spans with f, obeys η̇ = (div f)η along the flow. Noise adds
    /// √α σ f⊥·dW. So e^(−D)η, D = ∫div f dt, ends normal with mean f⊥·δz₀ and variance ασ²∫₀^∞ e^(−2D)‖f‖² dt, whose sign is
    /// the side. The probability is Φ(distance/(wσ√α)), w² = ∫₀^∞ e^(−2D)‖f‖² dt/f_y(0)². Terms left out are of order √α.
    #[must_use]
    pub fn outward(&self, distance: f64, alpha: f64, sigma: f64) -> f64 {
        let scaled = distance / (self.width * sigma * alpha.sqrt());
        0.5 * statrs::function::erf::erfc(-scaled / std::f64::consts::SQRT_2)
    }

    /// The distance from z to the nearest point of the path.
    #[must_use]
    pub fn distance(&self, z: &[f64]) -> f64 {
        let squares = self.path.iter().map(|p| {
            let (x, y) = (p[0] - z[0], p[1] - z[1]);
            x * x + y * y
        });
        least(squares).sqrt()
    }

    /// Whether z is inside, by the number of times the path crosses the ray from z to the right.
    #[must_use]
    pub fn holds(&self, z: &[f64]) -> bool {
        let after = self.path.iter().cycle().skip(1);
        let crossings = self.path.iter().zip(after).filter(|(a, b)| {
            (a[1] > z[1]) != (b[1] > z[1])
                && a[0] + (z[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) > z[0]
        });
        crossings.count() % 2 == 1
    }

    /// The orbit through the ray at this distance, which must be closed.
    fn trace(
        field: &impl Field,
        centre: [f64; 2],
        crossing: f64,
        period: f64,
        time: Time,
        settings: &FlowSettings,
    ) -> Result<Option<Self>> {
        let start = [centre[0] + crossing, centre[1]];
        let mut walk = Walk::new(field, &start, time, settings)?;
        let mut path = Vec::with_capacity(POINTS);
        for index in 0..POINTS {
            if index > 0 && !walk.until(period * index as f64 / POINTS as f64)? {
                return Ok(None);
            }
            path.push([walk.z[0], walk.z[1]]);
        }
        if time == Time::Backward {
            path[1..].reverse();
        }
        let norms = path.iter().map(|z| field_norm(field, z));
        let norms = norms.collect::<Result<Vec<f64>>>()?;
        let rates = path.iter().map(|z| divergence(field, z));
        let rates = rates.collect::<Result<Vec<f64>>>()?;
        let radii: Vec<f64> = path.iter().map(|z| z[0].hypot(z[1])).collect();
        let step = period / POINTS as f64;
        // At equal times around a closed curve a plain sum is as exact as the curve is smooth.
        let growth = mean(rates.iter().copied()) * period;
        let (mut d, mut sum) = (0.0, 0.0);
        for (index, norm) in norms.iter().enumerate() {
            let after = (index + 1) % POINTS;
            let grown = d + 0.5 * step * (rates[index] + rates[after]);
            let ends =
                (-2.0 * d).exp() * norm * norm + (-2.0 * grown).exp() * norms[after] * norms[after];
            sum += 0.5 * step * ends;
            d = grown;
        }
        let mut v = [0.0; 2];
        field.at(&start, &mut v)?;
        let width = match growth > 0.0 {
            true => (sum / (1.0 - (-2.0 * growth).exp())).sqrt() / v[1].abs(),
            false => f64::NAN,
        };
        let sides = || path.iter().zip(path.iter().cycle().skip(1));
        let area: f64 = sides().map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum();
        Ok(Some(Self {
            crossing,
            period,
            multiplier: growth.exp(),
            radius_min: least(&radii),
            radius_max: largest(&radii),
            radius_mean: mean(radii.iter().copied()),
            field_min: least(&norms),
            area: 0.5 * area.abs(),
            length: sides().map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).sum(),
            width,
            path,
        }))
    }
}

/// div(−V), by differences of order 4 between neighbours 10⁻³ away.
fn divergence(field: &impl Field, z: &[f64; 2]) -> Result<f64> {
    const H: f64 = 1e-3;
    let mut sum = 0.0;
    for axis in 0..2 {
        for (steps, share) in [(-2.0, 1.0), (-1.0, -8.0), (1.0, 8.0), (2.0, -1.0)] {
            let (mut beside, mut v) = (*z, [0.0; 2]);
            beside[axis] += steps * H;
            field.at(&beside, &mut v)?;
            sum -= share * v[axis] / (12.0 * H);
        }
    }
    Ok(sum)
}

/// All cycles around `centre` that cross the ray between the distances `from` and `to`, from within outwards: P(r) − r is looked
/// at in `places` places, and between two of opposite sign its root is found, backward in time where the cycle repels.
///
/// # Errors
/// A field that is not in the plane or cannot be asked; distances that are not positive or not in order; fewer than two
/// places; as [`Walk::new`].
///
/// ```
/// use dltheory::game::{FlowSettings, arena::Polar, cycles};
/// let found = cycles(&Polar::default(), [0.0; 2], (0.1, 1.2), 12, &FlowSettings::default())?;
/// assert_eq!(found.iter().map(|c| c.attracts()).collect::<Vec<_>>(), [false, true]);
/// assert!((found[0].crossing - 0.75).abs() < 1e-9 && (found[1].crossing - 1.0).abs() < 1e-9);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn cycles(
    field: &impl Field,
    centre: [f64; 2],
    (from, to): (f64, f64),
    places: usize,
    settings: &FlowSettings,
) -> Result<Vec<Cycle>> {
    check_planar(field)?;
    check_positive("the inner distance", from)?;
    check_count("the number of places less one", places.saturating_sub(1))?;
    if !(to.is_finite() && to > from) {
        let expected = format!("above the inner one, {from}");
        return Err(Error::domain("the outer distance", expected, to));
    }
    let mut found = Vec::new();
    let mut last: Option<(f64, f64)> = None;
    for index in 0..places {
        let r = from + (to - from) * index as f64 / (places - 1) as f64;
        let back = return_map(field, centre, r, Time::Forward, settings)?;
        let here = back.map(|back| (r, back.radius - r));
        let clear = here.filter(|(r, gap)| gap.abs() > ROUNDING * (1.0 + r));
        if let (Some(a), Some(b)) = (last, clear)
            && a.1 * b.1 < 0.0
        {
            let time = match a.1 > 0.0 {
                true => Time::Forward,
                false => Time::Backward,
            };
            if let Some((r, period)) = root(field, centre, (a.0, b.0), time, settings)? {
                found.extend(Cycle::trace(field, centre, r, period, time, settings)?);
            }
        }
        if clear.is_some() || here.is_none() {
            last = clear;
        }
    }
    Ok(found)
}

/// Where P(r) = r between two distances, in the direction of time in which P(r) − r falls, and how long the turn takes.
fn root(
    field: &impl Field,
    centre: [f64; 2],
    (mut low, mut high): (f64, f64),
    time: Time,
    settings: &FlowSettings,
) -> Result<Option<(f64, f64)>> {
    let ask = |r: f64| return_map(field, centre, r, time, settings);
    // One that attracts is come to by going around; halving is what is always sure.
    let mut r = 0.5 * (low + high);
    let mut last = None;
    for _ in 0..200 {
        // Backward, what is outside may run away.
        let Some(back) = ask(r)? else {
            high = r;
            r = 0.5 * (low + high);
            continue;
        };
        last = Some((r, back.time));
        let gap = back.radius - r;
        if gap.abs() <= 1e-14 * (1.0 + r) || high - low <= 1e-13 * (1.0 + r) {
            break;
        }
        if gap > 0.0 {
            low = r;
        } else {
            high = r;
        }
        let next = back.radius;
        r = match low < next && next < high && gap.abs() < 1e-3 * (high - low) {
            true => next,
            false => 0.5 * (low + high),
        };
    }
    Ok(last)
}

fn check_planar(field: &impl Field) -> Result<()> {
    match field.dimension() {
        2 => Ok(()),
        p => Err(Error::domain("the field's dimension", "2", p)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::{AlmostBilinear, Bilinear, Forsaken, GlobalForsaken, Polar};

    fn find(field: &impl Field, centre: [f64; 2], to: f64) -> Vec<Cycle> {
        cycles(field, centre, (0.02, to), 40, &FlowSettings::default()).expect("planar")
    }

    /// Radii, periods, rates and areas of the polar game are known; w² = 1/2λ.
    #[test]
    fn polar_cycles_are_where_they_were_put() {
        let (a, b) = (0.8, 1.5);
        let found = find(&Polar { a, b }, [0.0; 2], 1.3);
        assert_eq!(found.len(), 2);
        let pi = std::f64::consts::PI;
        for (cycle, r, rate) in [
            (&found[0], 0.75, 63.0 * a / 128.0),
            (&found[1], 1.0, -7.0 * a / 8.0),
        ] {
            assert!((cycle.crossing - r).abs() < 1e-9, "{}", cycle.crossing);
            assert!((cycle.period - 2.0 * pi / b).abs() < 1e-8);
            assert!((cycle.multiplier.ln() / cycle.period - rate).abs() < 1e-8);
            assert!((cycle.radius_max - cycle.radius_min).abs() < 1e-8);
            assert!((cycle.radius_mean - r).abs() < 1e-9);
            assert!((cycle.field_min - b * r).abs() < 1e-8);
            assert!((cycle.area - pi * r * r).abs() < 1e-4);
            assert!(cycle.holds(&[0.1, 0.2]) && !cycle.holds(&[0.8, 0.8]));
            assert!((cycle.distance(&[0.0, r + 0.1]) - 0.1).abs() < 1e-5);
        }
        assert!((found[0].width - (2.0 * 63.0 * a / 128.0).powf(-0.5)).abs() < 1e-5);
        assert!(found[1].width.is_nan());
        assert!((found[0].outward(0.0, 0.1, 0.1) - 0.5).abs() < 1e-12);
    }

    /// The derivative of the return map is the exponential of the divergence.
    #[test]
    fn the_multiplier_is_the_slope_of_the_return_map() {
        let game = Forsaken { offset: 0.45 };
        let centre = [0.07803, 0.41193];
        let found = find(&game, centre, 1.9);
        let kinds: Vec<bool> = found.iter().map(Cycle::attracts).collect();
        assert_eq!(kinds, [false, true], "{found:?}");
        let settings = FlowSettings::default();
        for cycle in &found {
            let at = |r: f64| {
                let back = return_map(&game, centre, r, Time::Forward, &settings);
                back.expect("planar").expect("it turns").radius
            };
            let h = 1e-4;
            let slope = (at(cycle.crossing + h) - at(cycle.crossing - h)) / (2.0 * h);
            // What the attracting one leaves of a difference, 10⁻¹⁵, is below all rounding.
            match cycle.attracts() {
                true => assert!(slope.abs() < 1e-6 && cycle.multiplier < 1e-6, "{slope}"),
                false => assert!((slope / cycle.multiplier - 1.0).abs() < 1e-4, "{slope}"),
            }
            assert!(cycle.field_min > 0.1);
        }
    }

    /// The reference's ranges of ‖z‖, and 2/√3.
    #[test]
    fn known_radii() {
        let found = find(&AlmostBilinear::default(), [0.0; 2], 2.0);
        assert_eq!(found.len(), 1);
        assert!(
            (found[0].radius_mean - 1.1553).abs() < 2e-4,
            "{:?}",
            found[0].radius_mean
        );
        for (offset, centre, range) in [
            (0.1, [0.0392, 0.0805], [1.307, 1.685]),
            (0.5, [0.0460, 0.4772], [1.196, 1.812]),
        ] {
            let found = find(&Forsaken { offset }, centre, 1.9);
            let outer = found.last().expect("one attracts");
            assert!(outer.attracts());
            assert!(
                (outer.radius_min - range[0]).abs() < 1e-3,
                "{}",
                outer.radius_min
            );
            assert!(
                (outer.radius_max - range[1]).abs() < 1e-3,
                "{}",
                outer.radius_max
            );
        }
        assert!(find(&Bilinear, [0.0; 2], 2.0).is_empty());
        let global: Vec<bool> = find(&GlobalForsaken, [0.0; 2], 1.6)
            .iter()
            .map(Cycle::attracts)
            .collect();
        assert_eq!(global, [false, true]);
    }

    #[test]
    fn bad_input_is_named() {
        let settings = FlowSettings::default();
        let ask = |from, to, places| cycles(&Bilinear, [0.0; 2], (from, to), places, &settings);
        assert!(ask(0.0, 1.0, 5).is_err() && ask(1.0, 1.0, 5).is_err());
        assert!(ask(0.1, 1.0, 1).is_err() && ask(0.1, f64::NAN, 5).is_err());
    }
}
