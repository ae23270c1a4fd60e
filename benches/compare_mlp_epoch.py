"""Compare an epoch of network training with JAX on the same digits, weights and batches.

Run by `./lab bench`; needs numpy and jax. A 784-512-512-10 ReLU network with biases, softmax
cross-entropy and SGD with momentum goes through all 10,000 digits, in f32 and f64, in batches of
128 and 1,000. Both sides take the same steps from the same weights in the same order, run in
turn on all cores, and must have the same training loss after the first epoch.
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

LEARNING_RATE, MOMENTUM = 0.02, 0.9
# After an epoch the two losses agree up to rounding, which hundreds of steps carry on.
TOLERANCE = {"f32": 1e-3, "f64": 1e-9}


def write_problem(folder, x, y, weights, arguments):
    x.tofile(folder / "x.f64")
    y.tofile(folder / "y.f64")
    for layer, matrix in enumerate(weights):
        matrix.tofile(folder / f"layer_{layer}.f64")
    problem = {
        "n": len(x), "sizes": [784, *arguments.hidden, 10], "batches": arguments.batches,
        "epochs": arguments.epochs, "threads": arguments.threads,
        "learning_rate": LEARNING_RATE, "momentum": MOMENTUM,
    }
    (folder / "problem.json").write_text(json.dumps(problem))


def jax_epochs(x, y, weights, order, batch, dtype):
    """Seconds of every epoch, and the training loss before the first and after each."""
    import jax
    import jax.numpy as jnp

    def mean_loss(parameters, x, y):
        for matrix, bias in parameters[:-1]:
            x = jax.nn.relu(x @ matrix.T + bias)
        matrix, bias = parameters[-1]
        outputs = x @ matrix.T + bias
        return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(outputs), axis=1))

    def step(state, rows, x, y):
        parameters, velocity = state
        gradient = jax.grad(mean_loss)(parameters, x[rows], y[rows])
        velocity = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocity, gradient)
        parameters = jax.tree.map(lambda w, v: w - LEARNING_RATE * v, parameters, velocity)
        return parameters, velocity

    def one_epoch(state, order, x, y):
        whole = len(x) // batch * batch
        state, _ = jax.lax.scan(
            lambda state, rows: (step(state, rows, x, y), None), state, order[:whole].reshape(-1, batch))
        return step(state, order[whole:], x, y) if whole < len(x) else state

    one_epoch = jax.jit(one_epoch, donate_argnums=0)
    x, y = jnp.asarray(x, dtype), jnp.asarray(y, dtype)
    orders = [jnp.asarray(o) for o in order]

    def start():
        parameters = [(jnp.array(w, dtype), jnp.zeros(len(w), dtype)) for w in weights]
        return parameters, jax.tree.map(jnp.zeros_like, parameters)

    jax.block_until_ready(one_epoch(start(), orders[0], x, y))  # compiles
    state, seconds = start(), []
    evaluate = jax.jit(mean_loss)
    losses = [float(evaluate(state[0], x, y))]
    for rows in orders:
        started = time.perf_counter()
        state = jax.block_until_ready(one_epoch(state, rows, x, y))
        seconds.append(time.perf_counter() - started)
        losses.append(float(evaluate(state[0], x, y)))
    return seconds, losses


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hidden", type=int, nargs="*", default=[512, 512])
    parser.add_argument("--batches", type=int, nargs="+", default=[128, 1000])
    parser.add_argument("--epochs", type=int, default=5, help="the first of a round warms up")
    parser.add_argument("--rounds", type=int, default=6, help="each runs ours, then JAX")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="BLAS threads; JAX takes all cores")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    x, labels = common.load_digits()
    y = np.eye(10)[labels]
    rng = np.random.default_rng(arguments.seed)
    sizes = [784, *arguments.hidden, 10]
    weights = [rng.standard_normal((out, into)) * np.sqrt(2 / into) for into, out in zip(sizes, sizes[1:])]
    # Turn and turn about, so that a machine that slows down slows both.
    mine, theirs, failed = defaultdict(list), defaultdict(list), False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_problem(folder, x, y, weights, arguments)
        for _ in range(arguments.rounds):
            ours = common.bench("mlp_epoch", folder)
            order = np.fromfile(folder / "order.u64", dtype=np.uint64).reshape(arguments.epochs, len(x))
            for run in ours["runs"]:
                key, dtype = (run["batch"], run["type"]), {"f32": np.float32, "f64": np.float64}[run["type"]]
                seconds, losses = jax_epochs(x, y, weights, order.astype(np.int32), run["batch"], dtype)
                mine[key] += run["seconds"][1:]
                theirs[key] += seconds[1:]
                # The loss after the first epoch: rounding grows with the steps taken.
                difference = abs(run["losses"][1] - losses[1]) / losses[1]
                failed |= not difference < TOLERANCE[run["type"]]

    print(common.machine(f"JAX {jax.__version__}"))
    print(f"ours: {ours['engine']}")
    print(f"{'-'.join(map(str, sizes))}, {len(x)} digits, {ours['threads']} BLAS threads; seconds an epoch, "
          f"{arguments.rounds} rounds of {arguments.epochs - 1} epochs after one to warm up")
    print(f"{'':>10} {'medians':>27} {'fastest':>27}")
    print(f"{'type':>5} {'batch':>6}" + f"{'ours':>9} {'JAX':>9} {'ours/JAX':>8}" * 2 + f"{'GFlop/s':>9}")
    for (batch, dtype), seconds in mine.items():
        other = theirs[batch, dtype]
        row = f"{dtype:>5} {batch:>6}"
        for middle in (statistics.median, min):
            row += f"{middle(seconds):>7.3f} s {middle(other):>7.3f} s {middle(seconds) / middle(other):>8.2f}"
        print(row + f"{flops(sizes) * len(x) / min(seconds) / 1e9:>9.0f}")
    if failed:
        sys.exit("the training losses after one epoch differ")


def flops(sizes):
    """Floating-point operations for one example: forward, by the weights, and by the inputs of all layers but the first."""
    products = [2 * into * out for into, out in zip(sizes, sizes[1:])]
    return 3 * sum(products) - products[0]


if __name__ == "__main__":
    main()
