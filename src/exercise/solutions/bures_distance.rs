fn bures_distance(m1: &Array1<f64>, s1: &Array2<f64>, m2: &Array1<f64>, s2: &Array2<f64>) -> f64 {
    let root = |s: &Array2<f64>| {
        let eigen = linalg::eigh(s);
        let roots = eigen.values.mapv(|value| value.max(0.0).sqrt());
        (&eigen.vectors * &roots).dot(&eigen.vectors.t())
    };
    let half = root(s1);
    let common = root(&half.dot(s2).dot(&half)).diag().sum();
    let apart = m1 - m2;
    let square = apart.dot(&apart) + s1.diag().sum() + s2.diag().sum() - 2.0 * common;
    square.max(0.0).sqrt()
}
