//! The picture.

use super::images::{Images, Kind, Place};
use super::settings::ConvStability;
use super::start::Start;
use super::training::End;
use crate::error::Result;
use crate::measure::robustness::ball_constant;
use crate::plot::{Figure, Panel};

pub(super) fn figure(
    settings: &ConvStability,
    images: &Images,
    starts: &[Start],
    ends: &[End],
) -> Result<Figure> {
    let constant = ball_constant(images.data.x.ncols())?;
    let most = settings.channels[settings.channels.len() - 1];
    let mut figure =
        Figure::new("Convolutional networks: the input gradient by depth and channels")
            .panel(by_depth(settings, images, starts, most)?);
    for (kind, title) in [
        (Kind::Plain, "P/ε before training, plain"),
        (Kind::Residual, "P/ε before training, residual"),
    ] {
        let mut panel = Panel::new("channels", "P/ε").title(title).log_x().log_y();
        let last = settings.depths.len() - 1;
        for (index, &depth) in settings.depths.iter().enumerate() {
            let own = || {
                let own = starts.iter();
                own.filter(move |s| s.place.kind == kind && s.place.depth == depth)
            };
            let limit = constant * own().next().map_or(f64::NAN, |s| s.exact).sqrt();
            let ends = [settings.channels[0] as f64, most as f64];
            // Side by side, so that no bar hides another.
            let aside = 1.05_f64.powf(index as f64 - 0.5 * last as f64);
            let color = KINDS.len() + index;
            panel = panel
                .points_of(
                    &format!("L = {depth}"),
                    own(),
                    |s| aside * s.place.channels as f64,
                    |s| s.stability.mean,
                )
                .error_bars_of(own(), |s| s.stability.bar(2.0))
                .color(color);
            // The limit of a plain network is that of every depth.
            if kind != Kind::Plain {
                panel = panel.line("", &ends, &[limit; 2]).color(color).dotted();
            } else if index == last {
                panel = panel.horizontal(limit, "").dotted();
            }
        }
        figure = figure.panel(panel);
    }
    if !ends.is_empty() {
        figure = figure.panel(after(settings, ends));
    }
    Ok(figure.columns(2).caption(
        "Bars: ± 2 standard errors. (b), (c): dotted, c_p times the root of the exact mean square, which the mean length \
         cannot exceed; marks side by side have the same number of channels.",
    ))
}

/// The kinds of networks in the order of their colours.
const KINDS: [Kind; 3] = [Kind::Residual, Kind::Plain, Kind::Zeros];

/// The mean square of the gradient, exact and measured.
fn by_depth(
    settings: &ConvStability,
    images: &Images,
    starts: &[Start],
    most: usize,
) -> Result<Panel> {
    let title = format!("E‖∇h‖² before training, {most} channels");
    let mut panel = Panel::new("layers L", "E‖∇h‖²").title(&title).log_y();
    let depths = (
        settings.depths[0],
        settings.depths[settings.depths.len() - 1],
    );
    for (color, kind) in KINDS.into_iter().enumerate() {
        let label = match kind {
            Kind::Plain => "plain",
            Kind::Residual => "residual",
            Kind::Zeros => "plain, zeros around",
        };
        let exact = |depth: usize| {
            let place = Place {
                kind,
                depth,
                channels: most,
            };
            Ok((depth as f64, settings.exact(place, images, 0)?))
        };
        // A residual network has an even depth.
        let line: Result<Vec<(f64, f64)>> = (depths.0..=depths.1).step_by(2).map(exact).collect();
        let own = || {
            let own = starts.iter().filter(move |s| s.place.kind == kind);
            own.filter(move |s| s.place.channels == most)
        };
        panel = panel
            .line_of(label, &line?, |p| p.0, |p| p.1)
            .color(color)
            .points_of("", own(), |s| s.place.depth as f64, |s| s.square.mean)
            .error_bars_of(own(), |s| s.square.bar(2.0))
            .color(color);
    }
    Ok(panel)
}

/// P/ε after training, by channels.
fn after(settings: &ConvStability, ends: &[End]) -> Panel {
    let title = format!("P/ε after {} steps of training", settings.steps);
    let mut panel = Panel::new("channels", "P/ε").title(&title).log_x().log_y();
    let mut places: Vec<(Kind, usize)> = Vec::new();
    for end in ends {
        let place = (end.place.kind, end.place.depth);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    for &(kind, depth) in &places {
        // A colour is a kind, as in the first panel; the deeper network is dashed.
        let color = KINDS.iter().position(|k| *k == kind).unwrap_or_default();
        let deepest = depth == settings.depths[settings.depths.len() - 1];
        let own = || {
            let own = ends.iter();
            own.filter(move |e| e.place.kind == kind && e.place.depth == depth)
        };
        let channels = |e: &End| e.place.channels as f64;
        panel = panel
            .line_of(
                &format!("{}, L = {depth}", kind.name()),
                own(),
                channels,
                |e| e.after.mean,
            )
            .color(color);
        panel = if deepest {
            panel.dashed()
        } else {
            panel.solid()
        };
        panel = panel
            .points_of("", own(), channels, |e| e.after.mean)
            .error_bars_of(own(), |e| e.after.bar(2.0))
            .color(color);
    }
    panel
}
