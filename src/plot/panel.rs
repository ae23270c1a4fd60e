//! A panel: two axes and layers, built by short chained calls.

use ndarray::Array2;

use super::axis::{Axis, Scale};
use super::kinds::Images;
use super::layer::Layer;
use super::style::ColorScale;

/// Where the legend stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LegendPosition {
    /// Where it covers no data; below the panel if there is no such place, or if it has
    /// more than six entries.
    #[default]
    Auto,
    /// Inside, top left.
    TopLeft,
    /// Inside, top right.
    TopRight,
    /// Inside, bottom left.
    BottomLeft,
    /// Inside, bottom right.
    BottomRight,
    /// Under the panel.
    Below,
    /// Beside the panel.
    Right,
    /// Nowhere.
    None,
}

/// One pair of axes with what is drawn in them.
///
/// Every method takes the panel and returns it. A line, scatter, histogram, bars or path
/// takes the first palette colour not yet used; if it bears the label of an earlier layer it
/// takes that layer's colour and shares its legend entry. [`Panel::band`] takes the colour of
/// the layer before it. `dashed`, `dotted`, `color`, `width`, `opacity`, `marker`,
/// `error_bars` change the layer added last.
///
/// ```
/// use dltheory::plot::Panel;
/// let ratio = [0.5, 0.9, 1.0, 1.1, 2.0];
/// let mse = [0.2, 2.0, 150.0, 1.5, 0.1];
/// let panel = Panel::new("m / n", "test MSE")
///     .log_y()
///     .line("min-norm", &ratio, &mse)
///     .band(&ratio, &[0.1, 1.0, 90.0, 1.0, 0.08], &[0.3, 3.0, 300.0, 2.0, 0.13])
///     .vertical(1.0, "interpolation threshold m = n");
/// assert_eq!(panel.layers.len(), 3);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Stands above the frame; empty for none.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What is drawn.
    pub layers: Vec<Layer>,
    /// Where the legend stands.
    pub legend: LegendPosition,
    /// One unit is equally long on both axes: for trajectories in a plane.
    pub equal_aspect: bool,
}

impl Panel {
    /// An empty panel with axis labels.
    #[must_use]
    pub fn new(x_label: &str, y_label: &str) -> Self {
        Self {
            x: Axis::new(x_label),
            y: Axis::new(y_label),
            ..Self::default()
        }
    }

    /// A panel without axes that shows `images` `(rows, columns)` in rows of `columns`
    /// (0: as fits best), ink on paper.
    #[must_use]
    pub fn images(images: &[Array2<f64>], columns: usize) -> Self {
        Self::default().layer(Layer::Images(Images {
            images: images.to_vec(),
            columns,
            colors: ColorScale::Ink,
            ..Images::default()
        }))
    }

    /// Sets the title.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        self.title = title.to_owned();
        self
    }

    /// Makes the horizontal axis logarithmic.
    #[must_use]
    pub fn log_x(mut self) -> Self {
        self.x.scale = Scale::Log10;
        self
    }

    /// Makes the vertical axis logarithmic.
    #[must_use]
    pub fn log_y(mut self) -> Self {
        self.y.scale = Scale::Log10;
        self
    }

    /// Fixes the ends of the horizontal axis; an infinite end is chosen from the data.
    #[must_use]
    pub fn x_range(mut self, low: f64, high: f64) -> Self {
        self.x.range = Some((low, high));
        self
    }

    /// Fixes the ends of the vertical axis; an infinite end is chosen from the data.
    #[must_use]
    pub fn y_range(mut self, low: f64, high: f64) -> Self {
        self.y.range = Some((low, high));
        self
    }

    /// Makes one unit equally long on both axes.
    #[must_use]
    pub fn equal_aspect(mut self) -> Self {
        self.equal_aspect = true;
        self
    }

    /// Places the legend.
    #[must_use]
    pub fn legend(mut self, position: LegendPosition) -> Self {
        self.legend = position;
        self
    }

    /// Adds any layer.
    #[must_use]
    pub fn layer(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self
    }
}
