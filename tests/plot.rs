//! Figures for any data: well-formed, within the page, the same bytes each time.

#[path = "plot/any.rs"]
mod any;
#[path = "plot/check.rs"]
mod check;
#[path = "plot/gallery.rs"]
mod gallery;
#[path = "plot/shapes.rs"]
mod shapes;

use any::{any_number, numbers, panel};
use check::{check, check_texts_inside};
use dltheory::display::Html;
use dltheory::plot::{Figure, Layer, Line, Motion, Panel};
use proptest::prelude::*;

#[test]
fn the_gallery_is_drawn_and_kept_for_looking_at() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("plot");
    std::fs::create_dir_all(&folder).expect("the build folder is writable");
    for (name, figure) in gallery::all().into_iter().chain(shapes::all()) {
        let svg = check(&figure);
        check_texts_inside(&svg);
        assert!(svg.len() < 300_000, "{name}: {} bytes", svg.len());
        let path = folder.join(format!("{name}.svg"));
        figure.save(&path).expect("saved");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), svg);
    }
}

#[test]
fn a_motion_is_drawn_and_kept_for_looking_at() {
    let path = |factor: f64, steps: i32| -> (Vec<f64>, Vec<f64>) {
        let at = |k: i32| (factor.powi(k), 0.3 * f64::from(k));
        let planar = |(r, angle): (f64, f64)| (r * angle.cos(), r * angle.sin());
        (0..=steps).map(|k| planar(at(k))).unzip()
    };
    let (inward, outward) = (path(0.98, 120), path(1.01, 80));
    let panel = Panel::new("x", "y").equal_aspect();
    let panel = panel
        .title("(a) two spirals")
        .path("in", &inward.0, &inward.1)
        .path("out", &outward.0, &outward.1);
    let figure = Figure::new("Paths that run").panel(panel);
    let motion = Motion::of(figure).seconds(8.0);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("plot");
    std::fs::create_dir_all(&folder).expect("the build folder is writable");
    motion.save(folder.join("motion.svg")).expect("saved");
    let svg = std::fs::read_to_string(folder.join("motion.svg")).expect("readable");
    check_texts_inside(&svg);
    assert!(svg.len() < 60_000, "{} bytes", svg.len());
    let page = motion.html();
    std::fs::write(folder.join("motion.html"), page.as_str()).expect("saved");
}

#[test]
fn a_log_axis_leaves_out_what_it_cannot_show() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0];
    let on_log = |y: &[f64]| {
        let panel = Panel::new("x", "y").log_y().points("", &x, y);
        let svg = check(&Figure::default().panel(panel));
        // Markers are strokes of no length.
        svg.matches("h0").count()
    };
    assert_eq!(on_log(&[1.0, 10.0, 0.1, 2.0, 3.0]), 5);
    assert_eq!(on_log(&[1.0, 0.0, -3.0, f64::NAN, f64::INFINITY]), 1);
    assert_eq!(on_log(&[0.0, -0.0, -1.0, f64::NEG_INFINITY, f64::NAN]), 0);
}

#[test]
fn a_missing_point_leaves_a_gap() {
    let lines = |y: &[f64]| {
        let x: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
        let svg = check(&Figure::default().panel(Panel::new("", "").line("", &x, y)));
        svg.matches("stroke=\"#0072B2\"").count()
    };
    assert_eq!(lines(&[1.0, 2.0, 3.0, 2.0, 1.0]), 1);
    assert_eq!(lines(&[1.0, 2.0, f64::NAN, 2.0, 1.0]), 2);
    assert_eq!(lines(&[1.0, 2.0, f64::INFINITY, f64::NAN, 1.0]), 2);
}

#[test]
fn a_label_appears_once_however_many_layers_bear_it() {
    let (x, y) = ([1.0, 2.0, 3.0], [1.0, 4.0, 9.0]);
    let panel = Panel::new("x", "y")
        .line("theory", &x, &y)
        .points("theory", &x, &y);
    let svg = check(&Figure::default().panel(panel.clone()).panel(panel.clone()));
    assert_eq!(svg.matches("theory").count(), 2);
    let svg = check(
        &Figure::default()
            .panel(panel.clone())
            .panel(panel)
            .shared_legend(),
    );
    assert_eq!(svg.matches("theory").count(), 1);
}

#[test]
fn a_legend_hides_no_data_or_goes_below() {
    let x: Vec<f64> = (0..200).map(f64::from).collect();
    let everywhere: Vec<f64> = x.iter().map(|v| (v * 0.7).sin()).collect();
    let corner: Vec<f64> = x.iter().map(|v| v * v).collect();
    let box_count = |y: &[f64]| {
        let svg = check(&Figure::default().panel(Panel::new("x", "y").line("f", &x, y)));
        svg.matches("opacity=\"0.85\"").count()
    };
    assert_eq!(box_count(&corner), 1, "room top left");
    assert_eq!(box_count(&everywhere), 0, "no room");
}

#[test]
fn inconsistent_layers_and_ranges_are_named() {
    let error = |panel: Panel| {
        Figure::new("demo")
            .panel(panel)
            .svg()
            .expect_err("inconsistent")
            .to_string()
    };
    let short = error(Panel::new("x", "y").line("loss", &[1.0, 2.0], &[1.0]));
    assert_eq!(
        short,
        "figure `demo`: layer `loss`: y has 1 numbers, expected 2"
    );
    let empty = error(Panel::new("x", "y").x_range(2.0, 2.0));
    assert!(empty.contains("the x axis runs from 2 to 2"), "{empty}");
    let edges = ndarray::Array2::zeros((2, 2));
    let map = error(Panel::new("x", "y").heatmap("", &[0.0, 1.0, 1.0], &[0.0, 1.0, 2.0], &edges));
    assert!(map.contains("x_edges: expected finite, ascending"), "{map}");
    let shown = Figure::new("demo")
        .panel(Panel::new("", "").line("", &[1.0], &[]))
        .html();
    assert!(
        shown.as_str().contains("y has 0 numbers"),
        "a display never fails"
    );
}

#[test]
fn long_series_stay_small_and_keep_their_peak() {
    let n = 200_000;
    let x: Vec<f64> = (0..n).map(f64::from).collect();
    let mut y: Vec<f64> = x.iter().map(|v| (v * 12.9898).sin()).collect();
    let flat = Figure::default().panel(Panel::new("x", "y").y_range(-1.0, 50.0).line("", &x, &y));
    y[123_456] = 49.0;
    let peak = Figure::default().panel(Panel::new("x", "y").y_range(-1.0, 50.0).line("", &x, &y));
    let (flat, peak) = (check(&flat), check(&peak));
    assert!(peak.len() < 100_000, "{} bytes", peak.len());
    assert_ne!(flat, peak);
}

#[test]
fn a_crowded_figure_stays_below_300_kb() {
    let x: Vec<f64> = (0..20_000).map(f64::from).collect();
    let noise = |seed: f64| -> Vec<f64> { x.iter().map(|v| (v * seed).sin()).collect() };
    let mut crowded = Figure::new("crowded");
    for k in 0..4 {
        let mut panel =
            Panel::new("x", "y").points("points", &noise(12.3 + f64::from(k)), &noise(7.7));
        for j in 0..6 {
            panel = panel.line(&format!("line {j}"), &x, &noise(1.1 + f64::from(k + j)));
        }
        crowded = crowded.panel(panel);
    }
    let svg = check(&crowded);
    assert!(svg.len() < 300_000, "{} bytes", svg.len());

    let edges: Vec<f64> = (0..=150).map(f64::from).collect();
    let z =
        ndarray::Array2::from_shape_fn((150, 150), |(i, j)| ((i * 151 + j) as f64 * 12.9898).sin());
    let map = Panel::new("x", "y").heatmap("z", &edges, &edges, &z);
    let svg = check(&Figure::default().panel(map.clone()).panel(map));
    assert!(svg.len() < 300_000, "{} bytes", svg.len());
}

#[test]
fn saving_into_no_folder_is_an_error_that_names_the_file() {
    let error = Figure::default()
        .save("no/such/folder/f.svg")
        .expect_err("no folder");
    assert!(
        error.to_string().starts_with("no/such/folder/f.svg"),
        "{error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_figure_is_drawn_or_refused_but_never_panics(
        title in any::<String>(),
        caption in any::<String>(),
        panels in prop::collection::vec(panel(), 0..4),
        columns in 0_usize..5,
        size in prop::option::of((any_number(), any_number())),
        flags in any::<[bool; 3]>(),
    ) {
        let mut figure = Figure::new(&title).caption(&caption).columns(columns);
        figure.panels = panels;
        [figure.shared_legend, figure.share_x, figure.share_y] = flags;
        if let Some((width, height)) = size {
            figure = figure.panel_size(width, height);
        }
        // Only a range that makes no sense may be refused.
        match figure.svg() {
            Ok(_) => check_texts_inside(&check(&figure)),
            Err(error) => prop_assert!(error.to_string().contains("axis"), "{}", error),
        }
        let html: Html = figure.html();
        prop_assert!(!html.as_str().is_empty());
    }

    #[test]
    fn any_line_is_drawn(x in numbers(0..60), y in numbers(0..60), log in any::<[bool; 2]>()) {
        let n = x.len().min(y.len());
        let mut panel = Panel::new("x", "y").layer(Layer::Line(Line {
            x: x[..n].to_vec(),
            y: y[..n].to_vec(),
            label: "any".to_owned(),
            ..Line::default()
        }));
        if log[0] { panel = panel.log_x(); }
        if log[1] { panel = panel.log_y(); }
        check_texts_inside(&check(&Figure::new("Any line").panel(panel)));
    }
}
