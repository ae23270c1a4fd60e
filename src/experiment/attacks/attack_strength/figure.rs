//! The picture of `attack_strength`.

use ndarray::Array2;

use super::runs::{At, AttackStrength, Point, Run};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::mean;

impl AttackStrength {
    pub(super) fn figure(
        &self,
        title: &str,
        runs: &[Run],
        points: &[Point],
        side: Option<(usize, usize)>,
    ) -> Figure {
        let epsilon = |p: &Point| p.epsilon;
        let strength = Panel::new("ε, change of a pixel", "accuracy left")
            .title("test digits under attack")
            .log_x()
            .y_range(0.0, 1.02)
            .legend(LegendPosition::Below)
            .line_of("random signs", points, epsilon, |p| p.random.mean)
            .line_of("transferred PGD", points, epsilon, |p| p.transfer.mean)
            .line_of("FGSM", points, epsilon, |p| p.fgsm.mean)
            .line_of("PGD with restarts", points, epsilon, |p| p.pgd.mean)
            .line_of("certified", points, epsilon, |p| p.certified.mean);
        let chosen = self.epsilon.len() - 2;
        let over_runs =
            |number: &dyn Fn(&At) -> f64| mean(runs.iter().map(|run| number(&run.at[chosen])));
        let steps: Vec<f64> = (0..=self.steps).map(|k| k as f64).collect();
        let losses: Vec<f64> = (0..=self.steps)
            .map(|k| over_runs(&|at| at.by_step[k]))
            .collect();
        let one = over_runs(&|at| at.fgsm_gain) + losses[0];
        let by_step = Panel::new("step", "mean loss of the test digits")
            .title(&format!("ε = {}: step by step", self.epsilon[chosen]))
            .legend(LegendPosition::Below)
            .line("PGD from the digit itself", &steps, &losses)
            .horizontal(one, "one step, FGSM");
        let figure = Figure::new(title).panel(strength).panel(by_step);
        let Some(side) = side else {
            return figure;
        };
        let (before, after) = (&runs[0].images, &runs[0].at[chosen].worst);
        let all = || before.iter().chain(after);
        let images = all().filter_map(|seen| Array2::from_shape_vec(side, seen.image.clone()).ok());
        let images: Vec<Array2<f64>> = images.collect();
        let captions: Vec<String> = all().map(|seen| format!("as {}", seen.class)).collect();
        figure.panel(
            Panel::images(&images, before.len())
                .captions(&captions)
                .title(&format!(
                    "taken as: before, and under PGD, ε = {}",
                    self.epsilon[chosen]
                )),
        )
    }
}
