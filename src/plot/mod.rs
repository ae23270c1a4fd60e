//! Figures as SVG: short calls in, one self-contained picture out.
//!
//! A [`Figure`] is a grid of [`Panel`]s; a panel has two [`Axis`] and [`Layer`]s. All are
//! plain structs with public fields, and chained methods set them:
//!
//! ```
//! use dltheory::plot::{Figure, Panel};
//! let ratio = [0.5, 0.9, 1.0, 1.1, 2.0];
//! let mse = [0.2, 2.0, 150.0, 1.5, 0.1];
//! let figure = Figure::new("Double descent").panel(
//!     Panel::new("m / n", "test MSE")
//!         .log_y()
//!         .line("min-norm", &ratio, &mse)
//!         .vertical(1.0, "interpolation threshold m = n"),
//! );
//! let svg = figure.svg()?;
//! assert!(svg.contains("interpolation threshold"));
//! # Ok::<(), dltheory::Error>(())
//! ```
//!
//! Data flows one way: `kinds`, `layer`, `axis`, `panel`, `figure` hold what is asked for; `cover`,
//! `ticks`, `view`, `legend`, `layout` decide where it goes; `marks` and `draw` put it on a
//! `canvas`, which lets `plotters` write the SVG. A [`Motion`] is a figure whose paths run (`running`). `style` holds the
//! only colours and sizes.

mod add;
mod adjust;
mod arrows;
mod axis;
mod canvas;
mod cover;
mod describe;
mod draft;
mod draw;
mod figure;
mod images;
mod kinds;
mod labels;
mod layer;
mod layout;
mod legend;
mod markers;
mod marks;
mod motion;
mod panel;
mod raster;
mod rows;
mod running;
mod sample;
mod shape;
mod spot;
pub mod style;
mod text;
mod ticks;
mod view;

pub use axis::{Axis, Scale};
pub use figure::Figure;
pub use kinds::{Arrows, Band, Bars, Heatmap, Histogram, Images, Line, Note, Points, Rule};
pub use layer::Layer;
pub use motion::Motion;
pub use panel::{LegendPosition, Panel};
pub use style::{ColorScale, LineStyle, Marker};
