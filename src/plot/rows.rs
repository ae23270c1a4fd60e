//! Layers from rows: one closure a coordinate.

use super::panel::Panel;

impl Panel {
    /// [`Panel::line`] through `(x(row), y(row))`, for each of `rows`.
    ///
    /// ```
    /// use dltheory::plot::Panel;
    /// struct Point {
    ///     ratio: f64,
    ///     mse: f64,
    /// }
    /// let points = [0.5, 0.9, 2.0].map(|ratio: f64| Point { ratio, mse: 1.0 / (ratio - 1.0).abs() });
    /// let panel = Panel::new("m / n", "test MSE")
    ///     .line_of("min-norm", &points, |p| p.ratio, |p| p.mse)
    ///     .band_of(&points, |p| p.ratio, |p| (0.9 * p.mse, 1.1 * p.mse));
    /// assert_eq!(panel.layers.len(), 2);
    /// ```
    #[must_use]
    pub fn line_of<T: Copy>(
        self,
        label: &str,
        rows: impl IntoIterator<Item = T>,
        x: impl Fn(T) -> f64,
        y: impl Fn(T) -> f64,
    ) -> Self {
        let (x, y) = pairs(rows, |row| (x(row), y(row)));
        self.line(label, &x, &y)
    }

    /// [`Panel::points`] at `(x(row), y(row))`, for each of `rows`.
    #[must_use]
    pub fn points_of<T: Copy>(
        self,
        label: &str,
        rows: impl IntoIterator<Item = T>,
        x: impl Fn(T) -> f64,
        y: impl Fn(T) -> f64,
    ) -> Self {
        let (x, y) = pairs(rows, |row| (x(row), y(row)));
        self.points(label, &x, &y)
    }

    /// [`Panel::band`] between the two `ends(row)` at `x(row)`, for each of `rows`.
    #[must_use]
    pub fn band_of<T: Copy>(
        self,
        rows: impl IntoIterator<Item = T>,
        x: impl Fn(T) -> f64,
        ends: impl Fn(T) -> (f64, f64),
    ) -> Self {
        let (x, (low, high)): (Vec<f64>, (Vec<f64>, Vec<f64>)) =
            rows.into_iter().map(|row| (x(row), ends(row))).unzip();
        self.band(&x, &low, &high)
    }

    /// [`Panel::error_bars`] between the two `ends(row)`, for each of the `rows` of the last scatter or bars:
    /// `.error_bars_of(&points, |p| p.risk.bar(2.0))`.
    #[must_use]
    pub fn error_bars_of<T>(
        self,
        rows: impl IntoIterator<Item = T>,
        ends: impl Fn(T) -> (f64, f64),
    ) -> Self {
        let (low, high) = pairs(rows, ends);
        self.error_bars(&low, &high)
    }
}

fn pairs<T>(
    rows: impl IntoIterator<Item = T>,
    of: impl Fn(T) -> (f64, f64),
) -> (Vec<f64>, Vec<f64>) {
    rows.into_iter().map(of).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_give_what_columns_give() {
        let rows = [(1.0, 2.0), (3.0, 4.0)];
        let (x, y) = (&[1.0, 3.0], &[2.0, 4.0]);
        let ends = |(_, y): (f64, f64)| (y - 1.0, y + 1.0);
        let by_rows = Panel::new("x", "y")
            .line_of("line", rows, |r| r.0, |r| r.1)
            .band_of(rows, |r| r.0, ends)
            .points_of("points", &rows, |r| r.0, |r| r.1)
            .error_bars_of(rows, ends);
        let by_columns = Panel::new("x", "y")
            .line("line", x, y)
            .band(x, &[1.0, 3.0], &[3.0, 5.0])
            .points("points", x, y)
            .error_bars(&[1.0, 3.0], &[3.0, 5.0]);
        assert_eq!(by_rows, by_columns);
    }
}
