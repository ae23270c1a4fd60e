"""Compare Adam on a diagonal quadratic with JAX and with a loop in numpy.

Run by `./lab bench`; needs numpy and jax. f = ½Σλ_i x_i² in 100 dimensions, λ evenly spaced in ln λ from 1 to 10⁻⁴, from x = 1: so many
steps of Adam at the rate 0.001 with both corrections. JAX runs them as one compiled scan, numpy step by step, fewer of them; all in the
same type, f32 and f64. After the first steps ours and JAX's must have the same length; where the minimum is reached, both hover by rounding.
"""

import argparse
import statistics
import sys
import time

import common

BETA1, BETA2, EPSILON, RATE = 0.9, 0.999, 1e-8, 0.001
TOLERANCE = {"f32": 1e-4, "f64": 1e-12}


def jax_seconds(lam, steps, early, rounds, dtype):
    import jax
    import jax.numpy as jnp

    lam = jnp.asarray(lam, dtype)

    def step(carry, t):
        x, m, v = carry
        g = lam * x
        m = BETA1 * m + (1 - BETA1) * g
        v = BETA2 * v + (1 - BETA2) * g * g
        t = t.astype(dtype)
        x = x - RATE * (m / (1 - BETA1**t)) / (jnp.sqrt(v / (1 - BETA2**t)) + EPSILON)
        return (x, m, v), None

    def descend(x, steps):
        return jax.lax.scan(step, (x, jnp.zeros_like(x), jnp.zeros_like(x)), jnp.arange(1, steps + 1))[0][0]

    run = jax.jit(lambda x: descend(x, steps))
    start = jnp.ones(len(lam), dtype)
    jax.block_until_ready(run(start))  # compiles
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        jax.block_until_ready(run(start))
        seconds.append(time.perf_counter() - started)
    x = jax.jit(lambda x: descend(x, early))(start)
    return seconds, float(jnp.sqrt(jnp.sum(x.astype(jnp.float64) ** 2)))


def numpy_seconds(lam, steps, dtype):
    import numpy as np

    lam = lam.astype(dtype)
    x, m, v = np.ones_like(lam), np.zeros_like(lam), np.zeros_like(lam)
    started = time.perf_counter()
    for t in range(1, steps + 1):
        g = lam * x
        m = BETA1 * m + (1 - BETA1) * g
        v = BETA2 * v + (1 - BETA2) * g * g
        x = x - RATE * (m / (1 - BETA1**t)) / (np.sqrt(v / (1 - BETA2**t)) + EPSILON)
    return time.perf_counter() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dimension", type=int, default=100)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--early", type=int, default=500, help="steps after which the two are compared")
    parser.add_argument("--numpy-steps", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    lam = 10.0 ** (-4.0 * np.arange(arguments.dimension) / max(arguments.dimension - 1, 1))
    ours = common.bench("optimise", arguments.dimension, arguments.steps, arguments.early, arguments.rounds)
    print(common.machine(f"JAX {jax.__version__}", f"numpy {np.__version__}"))
    print(f"ours: {ours['engine']}")
    print(f"Adam in {arguments.dimension} dimensions; medians of {arguments.rounds} rounds, nanoseconds a step")
    print(f"{'type':>5} {'ours':>9} {'JAX':>9} {'numpy':>9} {'JAX/ours':>9} {'numpy/ours':>11}")
    failed = False
    for run in ours["runs"]:
        dtype = {"f32": np.float32, "f64": np.float64}[run["type"]]
        seconds, length = jax_seconds(lam, arguments.steps, arguments.early, arguments.rounds, dtype)
        loop = statistics.median(numpy_seconds(lam, arguments.numpy_steps, dtype) for _ in range(arguments.rounds))
        mine, theirs = statistics.median(run["seconds"]) / arguments.steps, statistics.median(seconds) / arguments.steps
        slow = loop / arguments.numpy_steps
        print(f"{run['type']:>5} {1e9 * mine:>9.0f} {1e9 * theirs:>9.0f} {1e9 * slow:>9.0f} {theirs / mine:>9.2f} {slow / mine:>11.1f}")
        failed |= not abs(run["length"] - length) <= TOLERANCE[run["type"]] * length
    if failed:
        sys.exit("the paths differ")


if __name__ == "__main__":
    main()
