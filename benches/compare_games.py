"""Compare stochastic extragradient on a planar game with a loop in numpy and a scan in JAX, and time basins on a grid.

Run by `./lab bench games`; needs numpy and jax. SEG+ on V(z) = (bx + ay, by − ax) with a² + b² = 1, b = −0.1, from (1, 1): γ = 0.5, α_k = 0.055/(1 + k/100),
normal noise 0.1 an entry, drawn inside the loop by each: two samples a step. JAX runs the steps as one compiled scan, numpy one after the other, fewer of
them. Without noise all three must come to the same point. The grid is of ours alone: starts on [−1.5, 1.5]² of the forsaken game.
"""

import argparse
import math
import statistics
import sys
import time

import common

RHO, GAMMA, ALPHA, SCALE, NOISE = -0.1, 0.5, 0.055, 100.0, 0.1
A, B = math.sqrt(1.0 - RHO * RHO), RHO


def jax_runs(steps, early, rounds):
    import jax
    import jax.numpy as jnp

    def field(z):
        return jnp.array([B * z[0] + A * z[1], B * z[1] - A * z[0]])

    def play(key, sigma, steps):
        def step(carry, k):
            z, key = carry
            key, one, other = jax.random.split(key, 3)
            ahead = z - GAMMA * (field(z) + sigma * jax.random.normal(one, (2,)))
            alpha = ALPHA / (1.0 + k / SCALE)
            z = z - alpha * GAMMA * (field(ahead) + sigma * jax.random.normal(other, (2,)))
            return (z, key), None

        return jax.lax.scan(step, (jnp.ones(2), key), jnp.arange(steps, dtype=jnp.float64))[0][0]

    run = jax.jit(lambda key: play(key, NOISE, steps))
    jax.block_until_ready(run(jax.random.PRNGKey(0)))  # compiles
    seconds = []
    for index in range(rounds):
        started = time.perf_counter()
        jax.block_until_ready(run(jax.random.PRNGKey(index + 1)))
        seconds.append(time.perf_counter() - started)
    point = jax.jit(lambda key: play(key, 0.0, early))(jax.random.PRNGKey(0))
    return seconds, [float(c) for c in point]


def numpy_run(steps, sigma):
    import numpy as np

    rng = np.random.default_rng(1)
    matrix = np.array([[B, A], [-A, B]])
    z = np.ones(2)
    started = time.perf_counter()
    for k in range(steps):
        ahead = z - GAMMA * (matrix @ z + sigma * rng.standard_normal(2))
        alpha = ALPHA / (1.0 + k / SCALE)
        z = z - alpha * GAMMA * (matrix @ ahead + sigma * rng.standard_normal(2))
    return time.perf_counter() - started, z.tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=500_000)
    parser.add_argument("--early", type=int, default=500, help="steps without noise after which all are compared")
    parser.add_argument("--numpy-steps", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--side", type=int, default=400, help="starts along each side of the grid")
    parser.add_argument("--basin-steps", type=int, default=10_000)
    arguments = parser.parse_args()

    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    sizes = (arguments.steps, arguments.early, arguments.rounds, arguments.side, arguments.basin_steps)
    ours = common.bench("games", *sizes)
    print(common.machine(f"JAX {jax.__version__}", f"numpy {np.__version__}"))
    print(f"ours: {ours['engine']}")
    jax_seconds, jax_point = jax_runs(arguments.steps, arguments.early, arguments.rounds)
    numpy_seconds = statistics.median(numpy_run(arguments.numpy_steps, NOISE)[0] for _ in range(arguments.rounds))
    numpy_point = numpy_run(arguments.early, 0.0)[1]
    mine = statistics.median(ours["seconds"]) / arguments.steps
    theirs, slow = statistics.median(jax_seconds) / arguments.steps, numpy_seconds / arguments.numpy_steps
    print(f"SEG+ on a planar game, {arguments.steps} steps; medians of {arguments.rounds} rounds, nanoseconds a step")
    print(f"{'ours':>9} {'JAX':>9} {'numpy':>9} {'JAX/ours':>9} {'numpy/ours':>11}")
    print(f"{1e9 * mine:>9.1f} {1e9 * theirs:>9.0f} {1e9 * slow:>9.0f} {theirs / mine:>9.1f} {slow / mine:>11.0f}")
    print(
        f"basins: {arguments.side} x {arguments.side} starts, {arguments.basin_steps} steps each: {ours['basin_seconds']:.1f} s; "
        f"{ours['to_point']} end at the point, {ours['to_cycle']} on the cycle"
    )
    for name, point in (("JAX", jax_point), ("numpy", numpy_point)):
        if not all(abs(p - q) <= 1e-12 for p, q in zip(point, ours["early"])):
            sys.exit(f"the paths differ: {ours['early']} and {name}'s {point}")


if __name__ == "__main__":
    main()
