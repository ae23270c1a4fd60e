//! The picture of `perturbation_diversity`.

use ndarray::Array2;

use super::starts::{Image, PerturbationDiversity, Point};
use crate::plot::{Figure, LegendPosition, Panel};

impl PerturbationDiversity {
    pub(super) fn figure(
        &self,
        title: &str,
        images: &[Image],
        points: &[Point],
        side: Option<(usize, usize)>,
    ) -> Figure {
        let all =
            |of: fn(&Image) -> &[f64]| images.iter().flat_map(of).copied().collect::<Vec<f64>>();
        let distances = Panel::new("ℓ2 distance of two perturbations, over ε√d", "density")
            .title("pairs of starts of one digit")
            .legend(LegendPosition::Below)
            .histogram("optimised", &all(|image| &image.distances), 30)
            .histogram(
                "at the random starts",
                &all(|image| &image.start_distances),
                8,
            )
            .vertical(0.0, "optimised, linear model");
        let number = |p: &Point| p.image as f64;
        let marks: Vec<(f64, f64)> = images
            .iter()
            .enumerate()
            .flat_map(|(i, image)| image.losses.iter().map(move |loss| (i as f64, *loss)))
            .collect();
        let (x, y): (Vec<f64>, Vec<f64>) = marks.into_iter().unzip();
        let losses = Panel::new("test digit", "loss")
            .title("what the starts end in")
            .legend(LegendPosition::Below)
            .points("after the ascent, a mark a start", &x, &y)
            .points_of("clean", points, number, |p| p.clean);
        let figure = Figure::new(title).panel(distances).panel(losses);
        let Some(side) = side else {
            return figure;
        };
        let first = &images[0];
        let shapes = |pixels: Vec<f64>| Array2::from_shape_vec(side, pixels).ok();
        let middle = |v: &Vec<f64>| v.iter().map(|v| 0.5 + 0.5 * v).collect();
        let mut gallery: Vec<Array2<f64>> = shapes(first.pixels.clone()).into_iter().collect();
        gallery.extend(first.shown.iter().map(middle).filter_map(shapes));
        let mut captions = vec!["the digit".to_owned()];
        captions.extend((1..=first.shown.len()).map(|i| format!("start {i}")));
        figure.panel(
            Panel::images(&gallery, gallery.len())
                .captions(&captions)
                .title("one digit and what was added to it from four starts, from −ε (white) to ε"),
        )
    }
}
