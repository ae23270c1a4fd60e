"""Compare full-batch AdamW on sums modulo p with JAX on the same sums and from the same weights.

Run by `./lab bench`; needs numpy and jax. A two-layer network with quadratic units, p = 97 and 256 units, half of the table
seen, mean squared error on one-hot answers, in f32 and f64. JAX runs all steps as one compiled scan, in two ways, of which the
faster counts: a product with one-hot inputs, and a look-up of rows of the first layer, as ours does. All run in turn on as many
threads, and must have the same loss before the first step, and before the last up to what the type rounds.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import common

FIRST = {"f32": 1e-5, "f64": 1e-12}
LAST = {"f32": 1e-2, "f64": 1e-7}
BETA1, BETA2, EPSILON = 0.9, 0.98, 1e-8


def jax_runs(weights, pairs, arguments, dtype):
    """For both ways: seconds of all steps, the first loss and the last."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    p = arguments.modulus
    a, b = jnp.asarray(pairs[:, 0]), jnp.asarray(pairs[:, 1])
    y = jax.nn.one_hot((a + b) % p, p, dtype=dtype)
    x = jnp.concatenate([jax.nn.one_hot(a, p, dtype=dtype), jax.nn.one_hot(b, p, dtype=dtype)], axis=1)

    def by_product(w):
        return jnp.mean((jnp.square(x @ w[:2 * p]) @ w[2 * p:].T - y) ** 2)

    def by_look_up(w):
        return jnp.mean((jnp.square(w[a] + w[p + b]) @ w[2 * p:].T - y) ** 2)

    def timed(loss):
        def step(state, t):
            w, m, v = state
            value, g = jax.value_and_grad(loss)(w)
            m = BETA1 * m + (1 - BETA1) * g
            v = BETA2 * v + (1 - BETA2) * g * g
            update = (m / (1 - BETA1 ** t)) / (jnp.sqrt(v / (1 - BETA2 ** t)) + EPSILON)
            return ((1 - arguments.rate * arguments.decay) * w - arguments.rate * update, m, v), value

        run = jax.jit(lambda w: jax.lax.scan(step, (w, jnp.zeros_like(w), jnp.zeros_like(w)), times))
        times = jnp.arange(1, arguments.steps + 1, dtype=dtype)
        w = jnp.asarray(weights, dtype)
        compiled = run.lower(w).compile()
        started = time.perf_counter()
        _, losses = jax.block_until_ready(compiled(w))
        seconds = time.perf_counter() - started
        losses = np.asarray(losses, np.float64)
        return seconds, losses[0], losses[-1]

    return {"one-hot": timed(by_product), "look-up": timed(by_look_up)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modulus", type=int, default=97)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--fraction", type=float, default=0.5)
    parser.add_argument("--rate", type=float, default=0.001)
    parser.add_argument("--decay", type=float, default=1.0)
    parser.add_argument("--steps", type=int, default=200, help="of a round; a step costs the same from first to last")
    parser.add_argument("--rounds", type=int, default=3, help="each runs ours, then JAX")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="ours; JAX takes all cores")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    rng = np.random.default_rng(arguments.seed)
    p, width = arguments.modulus, arguments.width
    seen = np.sort(rng.permutation(p * p)[:round(arguments.fraction * p * p)])
    pairs = np.stack(np.divmod(seen, p), axis=1)
    scales = np.repeat([0.5 / np.sqrt(2), 0.5 / np.sqrt(width)], [2 * p, p])
    weights = rng.standard_normal((3 * p, width)) * scales[:, None]
    mine, theirs, ratios, failed = defaultdict(list), defaultdict(lambda: defaultdict(list)), defaultdict(list), False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        weights.tofile(folder / "weights.f64")
        pairs.astype(np.float64).tofile(folder / "pairs.f64")
        problem = {"modulus": p, "width": width, "n": len(pairs), "steps": arguments.steps, "threads": arguments.threads,
                   "rate": arguments.rate, "decay": arguments.decay}
        (folder / "problem.json").write_text(json.dumps(problem))
        # Turn and turn about, so that a machine that slows down slows all.
        for _ in range(arguments.rounds):
            ours = common.bench("grokking_run", folder)
            for run in ours["runs"]:
                key, dtype = run["type"], {"f32": np.float32, "f64": np.float64}[run["type"]]
                others = jax_runs(weights, pairs, arguments, dtype)
                mine[key].append(run["seconds"] / arguments.steps)
                for way, (seconds, first, last) in others.items():
                    theirs[key][way].append(seconds / arguments.steps)
                    failed |= not abs(run["first"] - first) < FIRST[key] * first
                    failed |= not abs(run["last"] - last) < LAST[key] * last
                ratios[key].append(mine[key][-1] / min(ways[-1] for ways in theirs[key].values()))

    print(common.machine(f"JAX {jax.__version__}"))
    print(f"ours: {ours['engine']}")
    print(f"p = {p}, {width} units, {len(pairs)} sums, {ours['threads']} threads; milliseconds a step, medians of "
          f"{arguments.rounds} rounds of {arguments.steps} steps")
    print(f"{'type':>5}{'ours':>9}{'JAX one-hot':>14}{'JAX look-up':>14}{'ours/faster JAX':>18}{'least to most':>16}{'10⁴ steps, ours':>18}")
    for key, seconds in mine.items():
        median = statistics.median(seconds)
        ways = {way: statistics.median(times) for way, times in theirs[key].items()}
        print(f"{key:>5}{1e3 * median:>9.2f}{1e3 * ways['one-hot']:>14.2f}{1e3 * ways['look-up']:>14.2f}"
              f"{median / min(ways.values()):>18.2f}{min(ratios[key]):>9.2f} to {max(ratios[key]):.2f}{1e4 * median:>16.0f} s")
    if failed:
        sys.exit("the losses differ")


if __name__ == "__main__":
    main()
