//! A figure: panels in a grid, as SVG, as a file, or in a notebook.

use std::io::Write as _;
use std::path::Path;

use super::draw::{self, Piece};
use super::panel::Panel;
use crate::display::{DARK, Html, escape};
use crate::error::{Error, Result};

/// Panels in a grid, with a title and a caption.
///
/// ```
/// use dltheory::plot::{Figure, Panel};
/// let x: Vec<f64> = (1..50).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|x| 1.0 / x).collect();
/// let figure = Figure::new("Gradient descent")
///     .panel(Panel::new("step k", "f(x_k) − f*").log_x().log_y().line("measured", &x, &y))
///     .caption("A smooth convex function; the bound falls as 1/k.");
/// assert!(figure.svg()?.starts_with("<svg"));
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// Stands on top; empty for none.
    pub title: String,
    /// The panels, row by row.
    pub panels: Vec<Panel>,
    /// Panels in a row; 0: chosen from their number.
    pub columns: usize,
    /// Stands below; empty for none.
    pub caption: String,
    /// Width of a panel with its labels, in px; none: chosen from the columns.
    pub panel_width: Option<f64>,
    /// Height of a panel's frame, in px; none: chosen from the columns.
    pub panel_height: Option<f64>,
    /// One legend for all panels, at the bottom.
    pub shared_legend: bool,
    /// All horizontal axes show the same interval.
    pub share_x: bool,
    /// All vertical axes show the same interval.
    pub share_y: bool,
}

impl Figure {
    /// A figure without panels.
    #[must_use]
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a panel.
    #[must_use]
    pub fn panel(mut self, panel: Panel) -> Self {
        self.panels.push(panel);
        self
    }

    /// Sets how many panels stand in a row.
    #[must_use]
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = columns;
        self
    }

    /// Sets the caption.
    #[must_use]
    pub fn caption(mut self, caption: &str) -> Self {
        self.caption = caption.to_owned();
        self
    }

    /// Sets the width of each panel and the height of its frame, in px.
    #[must_use]
    pub fn panel_size(mut self, width: f64, height: f64) -> Self {
        (self.panel_width, self.panel_height) = (Some(width), Some(height));
        self
    }

    /// Draws one legend for all panels.
    #[must_use]
    pub fn shared_legend(mut self) -> Self {
        self.shared_legend = true;
        self
    }

    /// Gives all panels the same horizontal interval.
    #[must_use]
    pub fn share_x(mut self) -> Self {
        self.share_x = true;
        self
    }

    /// Gives all panels the same vertical interval.
    #[must_use]
    pub fn share_y(mut self) -> Self {
        self.share_y = true;
        self
    }

    /// The figure as SVG. The same figure gives the same bytes.
    ///
    /// # Errors
    /// [`Error::Plot`] if arrays that belong together differ in length, edges do not ascend,
    /// or an axis range is empty or not on its scale. Any numbers are fine: what a scale
    /// cannot show is left out.
    pub fn svg(&self) -> Result<String> {
        draw::svg(self, None).map_err(|reason| self.error(reason))
    }

    pub(crate) fn error(&self, reason: String) -> Error {
        Error::Plot {
            what: if self.title.is_empty() {
                "without title".to_owned()
            } else {
                format!("`{}`", self.title)
            },
            reason,
        }
    }

    /// Writes the SVG to `path`; the file appears whole or not at all.
    ///
    /// # Errors
    /// As [`Figure::svg`]; [`Error::Io`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write_whole(path.as_ref(), &self.svg()?)
    }

    /// The figure in HTML, each panel an image with what it shows in words as its alternative text: side by side where the
    /// page is wide, below each other where it is narrow. Or a sentence saying why it could not be drawn.
    #[must_use]
    pub fn html(&self) -> Html {
        let pieces = draw::pieces(self, None).map_err(|reason| self.error(reason));
        match pieces {
            Ok((pieces, width)) => self.framed(&beside(&pieces, width)),
            Err(error) => Html::message(&error.to_string()),
        }
    }

    /// The title above `inside`, the caption below it.
    pub(crate) fn framed(&self, inside: &Html) -> Html {
        let mut html = Html::new(DARK);
        if !self.title.trim().is_empty() {
            let title = escape(self.title.trim());
            html.push(&Html::new(format!("<p><b>{title}</b></p>\n")));
        }
        html.push(inside);
        if !self.caption.trim().is_empty() {
            html.push(&Html::paragraph(self.caption.trim()));
        }
        html
    }

    /// Shows the figure in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }

    pub(crate) fn columns_used(&self) -> usize {
        let count = self.panels.len().max(1);
        match (self.columns, count) {
            (0, 1..=3) => count,
            (0, 4) => 2,
            (0, _) => 3,
            (columns, _) => columns.min(count),
        }
    }

    /// Width of a panel and height of its frame, in px.
    pub(crate) fn sizes(&self) -> (f64, f64) {
        let (width, height) = match self.columns_used() {
            1 => (640.0, 340.0),
            2 => (430.0, 280.0),
            3 => (320.0, 220.0),
            _ => (260.0, 180.0),
        };
        // Too small for its texts, or too large for any screen: the nearest size that works.
        let usable = |size: Option<f64>, default: f64, least: f64| {
            size.filter(|s| s.is_finite())
                .map_or(default, |s| s.clamp(least, 4000.0))
        };
        (
            usable(self.panel_width, width, 160.0),
            usable(self.panel_height, height, 60.0),
        )
    }
}

/// Pieces of a figure that is `width` px wide, side by side where the page is wide.
pub(crate) fn beside(pieces: &[Piece], width: f64) -> Html {
    let mut html = Html::new(format!(
        "<div style=\"display:flex;flex-wrap:wrap;align-items:flex-start;max-width:{}px\">\n",
        width.ceil()
    ));
    for piece in pieces {
        html.push(&Html::svg_beside(&piece.seen, &piece.svg, piece.width));
    }
    html.push(&Html::new("</div>\n"));
    html
}

/// Writes `svg` to `path`; the file appears whole or not at all.
pub(crate) fn write_whole(path: &Path, svg: &str) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let failed = |source| Error::io(path, source);
    #[cfg_attr(not(unix), expect(unused_mut, reason = "for permissions"))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Temporary files are private; a figure is as readable as any new file.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(svg.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}
