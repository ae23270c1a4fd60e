fn extragradient_point(a: &Array2<f64>, b: &Array1<f64>, z: &Array1<f64>, rate: f64, steps: usize) -> Array1<f64> {
    let mut z = z.clone();
    for _ in 0..steps {
        let ahead = &z - &((a.dot(&z) + b) * rate);
        z = &z - &((a.dot(&ahead) + b) * rate);
    }
    z
}
