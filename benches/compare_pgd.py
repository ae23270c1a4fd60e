"""Compare projected ascent (PGD) on a network's inputs with JAX on the same digits and weights.

Run by `./lab bench`; needs numpy and jax. A ReLU network, softmax cross-entropy; sign steps of one length from each digit, projected onto the
ℓ∞ ball and [0, 1]. JAX compiles all steps into one program; both run in turn on as many threads. The mean losses after the last step must
agree: a sign is undecided where a slope is nearly 0, so up to a thousandth in f32, and to 10⁻⁶ in f64.

Where JAX multiplies at the processor's full rate nobody can be much faster with all the steps. Who asks only which digits are fooled need not take them all:
a second table has our attack with `until_fooled`, which leaves a digit alone once it is fooled. The same digits must be left.
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

TOLERANCE = {"f32": 1e-3, "f64": 1e-6}


def write_problem(folder, x, y, weights, **numbers):
    x.tofile(folder / "x.f64")
    y.tofile(folder / "y.f64")
    for layer, matrix in enumerate(weights):
        matrix.tofile(folder / f"layer_{layer}.f64")
    sizes = [x.shape[1], *(len(matrix) for matrix in weights)]
    (folder / "problem.json").write_text(json.dumps({"n": len(x), "sizes": sizes, **numbers}))


def trained(x, y, sizes, epochs, rng):
    """Weights after some epochs of Adam without biases, so that there is something to attack; by numpy alone."""
    import numpy as np

    weights = [rng.standard_normal((out, fan_in)) * np.sqrt(2 / fan_in) for fan_in, out in zip(sizes, sizes[1:])]
    first, second, t = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights], 0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for rows in np.array_split(order, len(x) // 64):
            h = [x[rows]]
            for w in weights:
                z = h[-1] @ w.T
                h.append(np.maximum(z, 0))
            z -= z.max(axis=1, keepdims=True)
            delta = (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - y[rows]) / len(rows)
            t += 1
            for layer in reversed(range(len(weights))):
                gradient = delta.T @ h[layer]
                delta = (delta @ weights[layer]) * (h[layer] > 0)
                first[layer] = 0.9 * first[layer] + 0.1 * gradient
                second[layer] = 0.999 * second[layer] + 0.001 * gradient**2
                weights[layer] -= 1e-3 * first[layer] / (1 - 0.9**t) / (np.sqrt(second[layer] / (1 - 0.999**t)) + 1e-8)
    return weights


def jax_attacks(x, y, weights, arguments, dtype):
    """Seconds of every attack after the first, and the mean loss after the last step."""
    import jax
    import jax.numpy as jnp

    def losses(z, y, weights):
        h = z
        for w in weights[:-1]:
            h = jax.nn.relu(h @ w.T)
        return -jnp.sum(y * jax.nn.log_softmax(h @ weights[-1].T), axis=1)

    @jax.jit
    def attack(x, y, weights):
        slope = jax.grad(lambda z: jnp.sum(losses(z, y, weights)))
        low, high = jnp.maximum(x - arguments.epsilon, 0), jnp.minimum(x + arguments.epsilon, 1)
        step = jnp.asarray(arguments.step, x.dtype)
        z = jax.lax.fori_loop(0, arguments.steps, lambda _, z: jnp.clip(z + step * jnp.sign(slope(z)), low, high), x)
        return losses(z, y, weights)

    x, y, weights = jnp.asarray(x, dtype), jnp.asarray(y, dtype), [jnp.asarray(w, dtype) for w in weights]
    jax.block_until_ready(attack(x, y, weights))  # compiles
    seconds = []
    for _ in range(arguments.repeats + 1):
        started = time.perf_counter()
        found = jax.block_until_ready(attack(x, y, weights))
        seconds.append(time.perf_counter() - started)
    return seconds[1:], float(found.mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digits", type=int, default=1000)
    parser.add_argument("--widths", type=int, nargs="+", default=[512, 512])
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--epsilon", type=float, default=0.1)
    parser.add_argument("--step", type=float, default=0.01)
    parser.add_argument("--repeats", type=int, default=3, help="attacks a round; one more before them warms up")
    parser.add_argument("--rounds", type=int, default=5, help="each runs ours, then JAX")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="ours; JAX takes all cores")
    parser.add_argument("--types", nargs="+", default=["f32"], choices=["f32", "f64"])
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    digits, labels = common.load_digits()
    one_hot = np.eye(10)[labels]
    n, rng = arguments.digits, np.random.default_rng(arguments.seed)
    weights = trained(digits[n:], one_hot[n:], [784, *arguments.widths, 10], 2, rng)
    # Turn and turn about, so that a machine that slows down slows both.
    (mine, lazy, theirs), failed = (defaultdict(list) for _ in range(3)), False
    ratios, lazy_ratios = defaultdict(list), defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for until_fooled in (False, True):
            part = folder / str(until_fooled)
            part.mkdir()
            write_problem(part, digits[:n], one_hot[:n], weights, epsilon=arguments.epsilon, step=arguments.step, steps=arguments.steps, restarts=1,
                          repeats=arguments.repeats, threads=arguments.threads, types=arguments.types, until_fooled=until_fooled)
        for _ in range(arguments.rounds):
            ours, until = (common.bench("pgd", folder / name) for name in ("False", "True"))
            for run, short in zip(ours["runs"], until["runs"]):
                key, dtype = run["type"], {"f32": np.float32, "f64": np.float64}[run["type"]]
                seconds, loss = jax_attacks(digits[:n], one_hot[:n], weights, arguments, dtype)
                mine[key] += run["seconds"]
                lazy[key] += short["seconds"]
                theirs[key] += seconds
                ratios[key].append(statistics.median(run["seconds"]) / statistics.median(seconds))
                lazy_ratios[key].append(statistics.median(short["seconds"]) / statistics.median(seconds))
                failed |= not abs(run["loss"] - loss) < TOLERANCE[key] * loss
                failed |= run["accuracy"] != short["accuracy"]

    print(common.machine(f"JAX {jax.__version__}"))
    print(f"ours: {ours['engine']}")
    print(f"{n} digits, 784-{'-'.join(map(str, arguments.widths))}-10, {arguments.steps} steps, {ours['threads']} threads; seconds an attack, "
          f"{arguments.rounds} rounds of {arguments.repeats}; mean loss {ours['runs'][0]['loss']:.4f}, accuracy left {ours['runs'][0]['accuracy']:.3f}")
    common.print_ratios(mine, theirs, ratios, "JAX")
    print("the same, each digit until it is fooled")
    common.print_ratios(lazy, theirs, lazy_ratios, "JAX")
    if failed:
        sys.exit("the losses after the last step differ, or the digits left")


if __name__ == "__main__":
    main()
