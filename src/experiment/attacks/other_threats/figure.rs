//! The picture.

use ndarray::{Array2, Axis};

use super::cells::{Cell, share_wrong};
use super::poison::Poisons;
use super::settings::OtherThreats;
use super::victims::{Model, Victims};
use crate::attack::Motion;
use crate::error::Result;
use crate::plot::{Figure, Panel};
use crate::stats::{largest, least};

pub(super) fn figure(
    settings: &OtherThreats,
    victims: &Victims,
    shifted: bool,
    cells: &[Cell],
    poison: Option<&Poisons>,
) -> Result<Figure> {
    let mut figure =
        Figure::new("Threats that no norm sees: error of a linear model and of a network");
    for (kind, label, title) in [
        (
            "transport",
            "W₁ budget, pixels",
            "grey carried to other pixels",
        ),
        ("rotation", "largest angle, degrees", "turned and shifted"),
        ("patch", "side of the patch, pixels", "a square patch"),
        ("pixels", "free pixels k", "k free pixels"),
    ] {
        if settings.kind.contains(&kind) {
            let title = match kind {
                "rotation" => format!("{title} by up to {} px", settings.shift),
                _ => title.to_owned(),
            };
            figure = figure.panel(errors(victims, cells, kind, label, &title)?);
        }
    }
    if let Some(poison) = poison {
        figure = figure.panel(poisoned(poison));
    }
    let figure = figure.panel(gallery(victims, shifted, cells)?);
    Ok(figure.columns(2).caption(
        "Solid: the worst that was found, exact for the linear model with a patch or free pixels; dashed: a change of the same \
         size at random. Turned pictures are shifted too; at the angle 0 they are only that. The gallery shows one picture, clean \
         and after the largest change of each kind against the linear model.",
    ))
}

fn errors(
    victims: &Victims,
    cells: &[Cell],
    kind: &str,
    label: &str,
    title: &str,
) -> Result<Panel> {
    let mut panel = Panel::new(label, "test error")
        .title(title)
        .y_range(-0.02, 1.02);
    for (color, model) in [Model::Linear, Model::Network].into_iter().enumerate() {
        let own = cells.iter().filter(|c| c.kind == kind && c.model == model);
        let own: Vec<&Cell> = own.collect();
        let clean = share_wrong(&victims.objective(model, &victims.test.x)?);
        let line = |values: Vec<f64>| {
            // At the angle 0 pictures are shifted: the clean ones have no place of their own.
            let start = (kind != "rotation").then_some((0.0, clean));
            let marks = own.iter().map(|c| c.size).zip(values);
            let marks: (Vec<f64>, Vec<f64>) = start.into_iter().chain(marks).unzip();
            marks
        };
        let (x, y) = line(own.iter().map(|c| c.error()).collect());
        panel = panel
            .line(model.name(), &x, &y)
            .color(color)
            .points("", &x, &y)
            .color(color);
        let (x, y) = line(own.iter().map(|c| share_wrong(&c.random)).collect());
        panel = panel
            .line(&format!("{}, at random", model.name()), &x, &y)
            .color(color)
            .dashed();
    }
    Ok(panel)
}

fn poisoned(poison: &Poisons) -> Panel {
    let anew: Vec<f64> = poison.points.iter().map(|p| p.retrained).collect();
    let predicted: Vec<f64> = poison.points.iter().map(|p| p.predicted).collect();
    let first: Vec<f64> = poison.points.iter().map(|p| p.first_order).collect();
    let ends = [least(&anew), largest(&anew)];
    Panel::new("change of the score, fitted anew", "change, predicted")
        .title("one poisoned training point")
        .line("equal", &ends, &ends)
        .color(2)
        .dotted()
        .points("Sherman–Morrison", &anew, &predicted)
        .color(0)
        .points("to first order", &anew, &first)
        .color(1)
}

/// One test picture that the linear model tells right.
fn gallery(victims: &Victims, shifted: bool, cells: &[Cell]) -> Result<Panel> {
    let clean = victims.objective(Model::Linear, &victims.test.x)?;
    let row = clean.iter().position(|v| *v < 0.0).unwrap_or(0);
    let picture = |values: &ndarray::ArrayRef1<f64>| {
        let (height, width) = victims.shape;
        Array2::from_shape_fn((height, width), |(r, c)| values[r * width + c])
    };
    let score = |objective: f64| format!("margin {:.2}", -objective).replace('-', "−");
    let mut images = vec![picture(&victims.test.x.row(row))];
    let mut captions = vec![format!("clean, {}", score(clean[row]))];
    if shifted {
        let one = victims.test.x.select(Axis(0), &[row]);
        let motion = Motion {
            right: 1.0,
            ..Motion::default()
        };
        let moved = motion.of(&one, victims.picture(), 0.0)?;
        let mut all = victims.test.x.clone();
        all.row_mut(row).assign(&moved.row(0));
        let objective = victims.objective(Model::Linear, &all)?[row];
        images.push(picture(&moved.row(0)));
        captions.push(format!("shift, {}", score(objective)));
    }
    for kind in ["transport", "rotation", "patch", "pixels"] {
        let mut own = cells
            .iter()
            .filter(|c| c.kind == kind && c.model == Model::Linear);
        if let Some(cell) = own.next_back() {
            images.push(picture(&cell.inputs.row(row)));
            captions.push(format!("{kind}, {}", score(cell.values[row])));
        }
    }
    Ok(Panel::images(&images, 0)
        .color_range(0.0, 1.0)
        .captions(&captions)
        .title("one picture"))
}
