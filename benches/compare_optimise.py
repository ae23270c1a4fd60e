"""Compare Adam on a diagonal quadratic with JAX and with a loop in numpy.

Run by `./lab bench`; needs numpy and jax. f = ½Σλ_i(x_i − b_i)² in 100 dimensions, λ evenly spaced in ln λ from 1 to 10⁻⁴, b_i = √i/10, from x = 1: so many
steps of Adam at the rate 0.001 with both corrections. JAX runs them as one compiled scan, numpy step by step, fewer of them; all in the
same type, f32 and f64, in turn. After the first steps ours and JAX's must have the same length; where the minimum is reached, both hover by rounding.
"""

import argparse
import statistics
import sys
import time

import common

BETA1, BETA2, EPSILON, RATE = 0.9, 0.999, 1e-8, 0.001
TOLERANCE = {"f32": 1e-4, "f64": 1e-12}


def jax_descent(lam, b, steps, early, dtype):
    """One call of all steps, compiled, and the length after the early ones."""
    import jax
    import jax.numpy as jnp

    lam, b = jnp.asarray(lam, dtype), jnp.asarray(b, dtype)

    def step(carry, t):
        x, m, v = carry
        g = lam * (x - b)
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
    x = jax.jit(lambda x: descend(x, early))(start)
    return lambda: jax.block_until_ready(run(start)), float(jnp.sqrt(jnp.sum((x - b).astype(jnp.float64) ** 2)))


def seconds_of(call):
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def numpy_loop(lam, b, steps, dtype):
    import numpy as np

    lam, b = lam.astype(dtype), b.astype(dtype)
    x, m, v = np.ones_like(lam), np.zeros_like(lam), np.zeros_like(lam)
    for t in range(1, steps + 1):
        g = lam * (x - b)
        m = BETA1 * m + (1 - BETA1) * g
        v = BETA2 * v + (1 - BETA2) * g * g
        x = x - RATE * (m / (1 - BETA1**t)) / (np.sqrt(v / (1 - BETA2**t)) + EPSILON)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dimension", type=int, default=100)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--early", type=int, default=500, help="steps after which the two are compared")
    parser.add_argument("--numpy-steps", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5, help="each runs ours, then JAX, then numpy")
    arguments = parser.parse_args()

    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    lam = 10.0 ** (-4.0 * np.arange(arguments.dimension) / max(arguments.dimension - 1, 1))
    b = np.sqrt(np.arange(1, arguments.dimension + 1)) / 10
    types = {"f32": np.float32, "f64": np.float64}
    jaxes = {key: jax_descent(lam, b, arguments.steps, arguments.early, dtype) for key, dtype in types.items()}
    seconds, failed = {key: {"ours": [], "JAX": [], "numpy": []} for key in types}, False
    # Turn and turn about, so that a machine that slows down slows all.
    for _ in range(arguments.rounds):
        ours = common.bench("optimise", arguments.dimension, arguments.steps, arguments.early, 1)
        for run in ours["runs"]:
            (descend, length), own = jaxes[run["type"]], seconds[run["type"]]
            own["ours"].append(run["seconds"][0] / arguments.steps)
            own["JAX"].append(seconds_of(descend) / arguments.steps)
            loop = seconds_of(lambda: numpy_loop(lam, b, arguments.numpy_steps, types[run["type"]]))
            own["numpy"].append(loop / arguments.numpy_steps)
            failed |= not abs(run["length"] - length) <= TOLERANCE[run["type"]] * length
    print(common.machine(f"JAX {jax.__version__}", f"numpy {np.__version__}"))
    print(f"ours: {ours['engine']}")
    print(f"Adam in {arguments.dimension} dimensions; medians of {arguments.rounds} rounds, nanoseconds a step")
    print(f"{'type':>5} {'ours':>9} {'JAX':>9} {'numpy':>9} {'JAX/ours':>9} {'numpy/ours':>11}")
    for key, own in seconds.items():
        mine, theirs, slow = (statistics.median(own[name]) for name in ("ours", "JAX", "numpy"))
        print(f"{key:>5} {1e9 * mine:>9.0f} {1e9 * theirs:>9.0f} {1e9 * slow:>9.0f} {theirs / mine:>9.2f} {slow / mine:>11.1f}")
    if failed:
        sys.exit("the paths differ")


if __name__ == "__main__":
    main()
