//! Changes to the layer a panel got last.

use super::layer::Layer;
use super::panel::Panel;
use super::style::{ColorScale, LineStyle, Marker};

impl Panel {
    /// Dashes the last line or reference line.
    #[must_use]
    pub fn dashed(self) -> Self {
        self.stroked(LineStyle::Dashed)
    }

    /// Dots the last line or reference line.
    #[must_use]
    pub fn dotted(self) -> Self {
        self.stroked(LineStyle::Dotted)
    }

    /// Draws the last line or reference line solid.
    #[must_use]
    pub fn solid(self) -> Self {
        self.stroked(LineStyle::Solid)
    }

    fn stroked(mut self, style: LineStyle) -> Self {
        match self.layers.last_mut() {
            Some(Layer::Line(l)) => l.style = style,
            Some(Layer::VerticalLine(l) | Layer::HorizontalLine(l)) => l.style = style,
            _ => {}
        }
        self
    }

    /// Gives the last layer the palette colour `index`.
    #[must_use]
    pub fn color(mut self, index: usize) -> Self {
        match self.layers.last_mut() {
            Some(Layer::Line(l)) => l.color = index,
            Some(Layer::Points(l)) => l.color = index,
            Some(Layer::Band(l)) => l.color = index,
            Some(Layer::Bars(l)) => l.color = index,
            Some(Layer::Histogram(l)) => l.color = index,
            Some(Layer::VerticalLine(l) | Layer::HorizontalLine(l)) => l.color = Some(index),
            Some(Layer::Arrows(l)) => l.color = Some(index),
            _ => {}
        }
        self
    }

    /// Strokes the last line `px` wide.
    #[must_use]
    pub fn width(mut self, px: f64) -> Self {
        if let Some(Layer::Line(l)) = self.layers.last_mut() {
            l.width = px;
        }
        self
    }

    /// Gives the last line, scatter or band an opacity from 0 (invisible) to 1.
    #[must_use]
    pub fn opacity(mut self, opacity: f64) -> Self {
        match self.layers.last_mut() {
            Some(Layer::Line(l)) => l.opacity = opacity,
            Some(Layer::Points(l)) => l.opacity = opacity,
            Some(Layer::Band(l)) => l.opacity = opacity,
            _ => {}
        }
        self
    }

    /// Gives the last scatter a marker.
    #[must_use]
    pub fn marker(mut self, marker: Marker) -> Self {
        if let Some(Layer::Points(l)) = self.layers.last_mut() {
            l.marker = marker;
        }
        self
    }

    /// Gives the last scatter markers of `px` diameter.
    #[must_use]
    pub fn size(mut self, px: f64) -> Self {
        if let Some(Layer::Points(l)) = self.layers.last_mut() {
            l.size = px;
        }
        self
    }

    /// Gives the last scatter or bars error bars from `low[i]` to `high[i]`.
    #[must_use]
    pub fn error_bars(mut self, low: &[f64], high: &[f64]) -> Self {
        match self.layers.last_mut() {
            Some(Layer::Points(l)) => (l.y_low, l.y_high) = (low.to_vec(), high.to_vec()),
            Some(Layer::Bars(l)) => (l.low, l.high) = (low.to_vec(), high.to_vec()),
            _ => {}
        }
        self
    }

    /// Puts the last band into the legend.
    #[must_use]
    pub fn band_label(mut self, label: &str) -> Self {
        if let Some(Layer::Band(l)) = self.layers.last_mut() {
            l.label = label.to_owned();
        }
        self
    }

    /// Draws the last arrows at `scale` times their components instead of choosing a scale.
    #[must_use]
    pub fn arrow_scale(mut self, scale: f64) -> Self {
        if let Some(Layer::Arrows(l)) = self.layers.last_mut() {
            l.scale = Some(scale);
        }
        self
    }

    /// Gives the last heatmap or images a colour scale.
    #[must_use]
    pub fn colors(mut self, colors: ColorScale) -> Self {
        match self.layers.last_mut() {
            Some(Layer::Heatmap(l)) => l.colors = colors,
            Some(Layer::Images(l)) => l.colors = colors,
            _ => {}
        }
        self
    }

    /// Gives the last heatmap or images the numbers at the ends of their colour scale.
    #[must_use]
    pub fn color_range(mut self, low: f64, high: f64) -> Self {
        match self.layers.last_mut() {
            Some(Layer::Heatmap(l)) => l.range = Some((low, high)),
            Some(Layer::Images(l)) => l.range = Some((low, high)),
            _ => {}
        }
        self
    }

    /// Spaces the colours of the last heatmap logarithmically.
    #[must_use]
    pub fn log_colors(mut self) -> Self {
        if let Some(Layer::Heatmap(l)) = self.layers.last_mut() {
            l.scale = super::axis::Scale::Log10;
        }
        self
    }

    /// Puts a caption under each of the last images.
    #[must_use]
    pub fn captions(mut self, captions: &[String]) -> Self {
        if let Some(Layer::Images(l)) = self.layers.last_mut() {
            l.captions = captions.to_vec();
        }
        self
    }
}
