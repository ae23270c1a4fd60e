// loses: ties
fn rank_correlation(measure: &Array1<f64>, gap: &Array1<f64>) -> f64 {
    let n = measure.len();
    let (mut agree, mut disagree) = (0.0, 0.0);
    for i in 0..n {
        for j in 0..i {
            let product = (measure[i] - measure[j]) * (gap[i] - gap[j]);
            if product > 0.0 {
                agree += 1.0;
            } else if product < 0.0 {
                disagree += 1.0;
            }
        }
    }
    (agree - disagree) / (agree + disagree)
}
