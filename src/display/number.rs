//! Numbers as text: four digits for a reader, all of them for a file.

/// `v` for a reader: four significant digits without trailing zeros, whole numbers below
/// ten million in full, powers of ten below 0.001 and from 100,000.
///
/// ```
/// use dltheory::display::format_number;
/// assert_eq!(format_number(0.231_24), "0.2312");
/// assert_eq!(format_number(148.249), "148.2");
/// assert_eq!(format_number(1.3e-21), "1.3e-21");
/// assert_eq!(format_number(600.0), "600");
/// assert_eq!(format_number(f64::INFINITY), "∞");
/// ```
#[must_use]
pub fn format_number(v: f64) -> String {
    if v.is_nan() {
        return "NaN".to_owned();
    }
    if v.is_infinite() {
        return if v > 0.0 { "∞" } else { "-∞" }.to_owned();
    }
    if v == v.trunc() && v.abs() < 1e7 {
        return format!("{}", v as i64);
    }
    // Rounding first settles 0.00099999 and 99999.9, which round over a boundary.
    let scientific = format!("{v:.3e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-3..5).contains(&exponent) {
        let decimals = (3 - exponent).max(0) as usize;
        return trim_zeros(&format!("{v:.decimals$}")).to_owned();
    }
    format!("{}e{exponent}", trim_zeros(digits))
}

fn trim_zeros(digits: &str) -> &str {
    if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        digits
    }
}

/// `value` in full: the shortest text that reads back as the same number.
///
/// Numbers that are not finite are `inf`, `-inf` and `nan`, in CSV as in JSON.
pub(crate) fn exact(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() || value == 0.0 || (1e-5..1e15).contains(&size) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// `value` as JSON: a number, or `"inf"`, `"-inf"`, `"nan"`, which JSON has no numbers for.
pub(crate) fn json_number(value: f64) -> serde_json::Value {
    match serde_json::Number::from_f64(value) {
        Some(number) => serde_json::Value::Number(number),
        None => serde_json::Value::String(exact(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_short_and_right() {
        for (v, want) in [
            (0.0, "0"),
            (-0.0, "0"),
            (0.25, "0.25"),
            (-0.231_24, "-0.2312"),
            (1.0 / 3.0, "0.3333"),
            (-1.5, "-1.5"),
            (9.999_96, "10"),
            (148.24, "148.2"),
            (12_345.678, "12346"),
            (99_999.9, "1e5"),
            (123_456.0, "123456"),
            (1.234_56e7, "1.235e7"),
            (1.5e22, "1.5e22"),
            (1e-20, "1e-20"),
            (1.204e-21, "1.204e-21"),
            (0.001, "0.001"),
            (0.000_999_99, "0.001"),
            (0.000_123_4, "1.234e-4"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-∞"),
            (5e-324, "4.941e-324"),
            (f64::MAX, "1.798e308"),
        ] {
            assert_eq!(format_number(v), want, "{v:e}");
        }
    }

    proptest! {
        #[test]
        fn exact_text_reads_back_as_the_same_number(value in any::<f64>()) {
            let back: f64 = exact(value).parse().expect("a number");
            prop_assert!(back.to_bits() == value.to_bits() || (back.is_nan() && value.is_nan()));
        }

        #[test]
        fn four_digits_are_within_half_a_unit(value in -1e12..1e12_f64) {
            let back: f64 = format_number(value).parse().expect("a number");
            prop_assert!((back - value).abs() <= 0.5001e-3 * value.abs());
        }
    }
}
