"""Compare a gradient step of a convolutional network with JAX on the same digits and weights.

Run by `./lab bench`; needs numpy and jax. A network of 3×3 convolutions on a torus of 14×14 positions, with ReLU, biases
and a linear output, softmax cross-entropy: the mean loss of a batch and its gradient by all parameters, in f32 and f64. JAX
compiles it once, as convolutions of XLA with channels last; both run in turn on as many threads, and must have the same
loss and the same length of the gradient.
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

SIDE, OUTPUTS = 14, 10
TOLERANCE = {"f32": 1e-4, "f64": 1e-10}


def write_problem(folder, x, y, weights, arguments):
    x.tofile(folder / "x.f64")
    y.tofile(folder / "y.f64")
    for layer, matrix in enumerate(weights):
        matrix.tofile(folder / f"layer_{layer}.f64")
    problem = {
        "n": len(x), "side": SIDE, "outputs": OUTPUTS, "channels": arguments.channels, "steps": arguments.steps,
        "threads": arguments.threads,
    }
    (folder / "problem.json").write_text(json.dumps(problem))


def jax_steps(x, y, weights, steps, dtype):
    """Seconds of every step after the first, the loss, and the length of the gradient."""
    import jax
    import jax.numpy as jnp

    def mean_loss(parameters, x, y):
        h = x.reshape(len(x), SIDE, SIDE, 1)
        for kernel, bias in parameters[:-1]:
            around = jnp.pad(h, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="wrap")
            h = jax.lax.conv_general_dilated(
                around, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
            h = jax.nn.relu(h + bias)
        matrix, bias = parameters[-1]
        outputs = h.reshape(len(h), -1) @ matrix.T + bias
        return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(outputs), axis=1))

    def kernel(matrix):  # (out, 9·in), tap by tap
        return jnp.array(matrix.reshape(len(matrix), 3, 3, -1).transpose(1, 2, 3, 0), dtype)

    parameters = [(kernel(matrix), jnp.zeros(len(matrix), dtype)) for matrix in weights[:-1]]
    parameters.append((jnp.array(weights[-1], dtype), jnp.zeros(OUTPUTS, dtype)))
    x, y = jnp.asarray(x, dtype), jnp.asarray(y, dtype)
    step = jax.jit(jax.value_and_grad(mean_loss))
    jax.block_until_ready(step(parameters, x, y))  # compiles
    seconds = []
    for _ in range(steps + 1):
        started = time.perf_counter()
        loss, gradient = jax.block_until_ready(step(parameters, x, y))
        seconds.append(time.perf_counter() - started)
    square = sum(float(jnp.sum(g.astype(jnp.float64) ** 2)) for g in jax.tree.leaves(gradient))
    return seconds[1:], float(loss), square**0.5


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, nargs="+", default=[32, 32, 32])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=10, help="one more before them warms up")
    parser.add_argument("--rounds", type=int, default=5, help="each runs ours, then JAX")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="ours; JAX takes all cores")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    digits, labels = common.load_digits()
    digits = digits[:arguments.batch].reshape(-1, SIDE, 2, SIDE, 2).mean(axis=(2, 4)).reshape(-1, SIDE * SIDE)
    y = np.eye(OUTPUTS)[labels[:arguments.batch]]
    rng = np.random.default_rng(arguments.seed)
    fans = [9 * c for c in [1, *arguments.channels[:-1]]] + [SIDE * SIDE * arguments.channels[-1]]
    weights = [rng.standard_normal((out, fan_in)) * np.sqrt(2 / fan_in)
               for fan_in, out in zip(fans, [*arguments.channels, OUTPUTS])]
    # Turn and turn about, so that a machine that slows down slows both.
    mine, theirs, ratios, failed = defaultdict(list), defaultdict(list), defaultdict(list), False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_problem(folder, digits, y, weights, arguments)
        for _ in range(arguments.rounds):
            ours = common.bench("conv_step", folder)
            for run in ours["runs"]:
                key, dtype = run["type"], {"f32": np.float32, "f64": np.float64}[run["type"]]
                seconds, loss, length = jax_steps(digits, y, weights, arguments.steps, dtype)
                mine[key] += run["seconds"]
                theirs[key] += seconds
                ratios[key].append(statistics.median(run["seconds"]) / statistics.median(seconds))
                for a, b in [(run["loss"], loss), (run["length"], length)]:
                    failed |= not abs(a - b) < TOLERANCE[key] * b

    print(common.machine(f"JAX {jax.__version__}"))
    print(f"ours: {ours['engine']}")
    print(f"{SIDE}×{SIDE} digits, 1-{'-'.join(map(str, arguments.channels))}-{OUTPUTS}, batch {arguments.batch}, "
          f"{ours['threads']} threads; seconds a step, {arguments.rounds} rounds of {arguments.steps} steps")
    common.print_ratios(mine, theirs, ratios, "JAX")
    if failed:
        sys.exit("the losses or the lengths of the gradients differ")


if __name__ == "__main__":
    main()
