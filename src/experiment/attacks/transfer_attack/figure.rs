//! The picture.

use ndarray::Array2;

use super::matrix::Matrix;
use super::queries::Asked;
use super::settings::TransferAttack;
use crate::plot::{Figure, Panel};

pub(super) fn figure(settings: &TransferAttack, matrix: &Matrix, asked: &Asked) -> Figure {
    let names = &settings.substitute;
    let count = names.len();
    // The clean images and random signs lie below the attacks.
    let z = Array2::from_shape_fn((count + 2, count), |(row, column)| {
        matrix.pairs[row * count + column].accuracy
    });
    let edges = |n: usize| (0..=n).map(|i| i as f64 - 0.5).collect::<Vec<f64>>();
    let mut table = Panel::new("shown to", "made on")
        .title("accuracy by origin of the inputs")
        .heatmap("accuracy", &edges(count), &edges(count + 2), &z)
        .color_range(0.0, 1.0);
    for ((row, column), accuracy) in z.indexed_iter() {
        table = table.note(column as f64 - 0.3, row as f64, &format!("{accuracy:.2}"));
    }
    let named = |names: Vec<&str>| {
        let named = names.into_iter().enumerate();
        named
            .map(|(i, name)| (i as f64, name.replace('_', " ")))
            .collect()
    };
    table.x.ticks = named(names.clone());
    table.y.ticks = named(
        ["clean", "random"]
            .into_iter()
            .chain(names.iter().copied())
            .collect(),
    );
    let mut by_queries = Panel::new("queries an image", "accuracy")
        .title("black box: accuracy by queries")
        .log_x()
        .y_range(-0.02, 1.02);
    let x: Vec<f64> = settings.queries.iter().map(|q| *q as f64).collect();
    for (color, (name, accuracy)) in names.iter().zip(&asked.accuracy).enumerate() {
        let label = name.replace('_', " ");
        by_queries = by_queries
            .line(&label, &x, accuracy)
            .color(color)
            .points("", &x, accuracy)
            .color(color);
    }
    Figure::new("Attacks without the victim's gradient")
        .panel(table)
        .panel(by_queries)
        .columns(2)
        .caption(&format!(
            "Pixels move by ε = {} at most. (a): rows, where inputs come from; columns, who sees them; the diagonal is the white box. (b): pixels \
             are tried one after another, by scores alone.",
            settings.epsilon
        ))
}
