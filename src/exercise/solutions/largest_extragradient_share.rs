fn largest_extragradient_share(lipschitz: f64, rho: f64) -> f64 {
    (1.0 + 2.0 * rho * lipschitz).clamp(0.0, 1.0)
}
