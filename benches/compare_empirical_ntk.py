"""Compare the empirical tangent kernel with JAX's Jacobian contraction on the same digits and weights.

Run by `./lab bench`; needs numpy and jax. For 200 digits and ReLU networks 784-m-m-1 without biases, the
kernel K = J J^T is computed here from thin factors, and in JAX as the contraction of the Jacobian of the
outputs by all weights (`jax.jacrev`, one layer after the other), both on all cores, one after the other,
in f32 and f64. The kernels must agree. JAX is timed once, after a smaller problem has warmed it up; at
width 4,096 it takes minutes, and in f64 as much memory as 200 x 20 million numbers need, so f64 is
compared at the widths of --f64-hidden only.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import common

# Of the largest entry: sums of millions of rounded products, in another order on each side.
TOLERANCE = {"f32": 1e-4, "f64": 1e-11}


def jax_kernel(x, weights, dtype):
    """The kernel and the seconds it took: for every layer the Jacobian, contracted with itself.

    Layer by layer, since all of it at once would be 200 x 20 million numbers and more; the middle layer's
    alone is 13 GB in f32 at width 4,096, so its rows are taken in blocks.
    """
    import jax
    import jax.numpy as jnp

    x = jnp.asarray(x, dtype)
    weights = [jnp.asarray(w, dtype) for w in weights]

    def output(weights, x):
        for matrix in weights[:-1]:
            x = jax.nn.relu(x @ matrix.T)
        return (x @ weights[-1].T)[..., 0]

    per_example = jax.vmap(jax.grad(output), in_axes=(None, 0))

    def block_kernel(a, b):
        left, right = per_example(weights, a), per_example(weights, b)
        parts = [jnp.einsum("iab,jab->ij", p, q) for p, q in zip(left, right)]
        return sum(parts)

    block_kernel = jax.jit(block_kernel)
    parameters = sum(w.size for w in weights)
    # Two blocks of Jacobians within 2 GB.
    rows = max(1, min(len(x), int(1e9 / (parameters * x.dtype.itemsize))))
    while len(x) % rows:
        rows -= 1
    blocks = [x[i:i + rows] for i in range(0, len(x), rows)]
    jax.block_until_ready(block_kernel(blocks[0], blocks[-1]))  # compiles
    started = time.perf_counter()
    kernel = [[None] * len(blocks) for _ in blocks]
    for i, a in enumerate(blocks):
        for j in range(i + 1):
            kernel[i][j] = jax.block_until_ready(block_kernel(a, blocks[j]))
            kernel[j][i] = kernel[i][j].T
    kernel = jnp.block(kernel)
    return time.perf_counter() - started, kernel, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--hidden", type=int, nargs="+", default=[1024, 4096], help="widths m of 784-m-m-1")
    parser.add_argument("--f64-hidden", type=int, nargs="*", default=[1024], help="those JAX also runs in f64")
    parser.add_argument("--repeats", type=int, default=5, help="of ours; the first warms up")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="BLAS threads; JAX takes all cores")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    x = common.load_digits()[0][:arguments.n].copy()
    rng = np.random.default_rng(arguments.seed)
    networks = [[784, m, m, 1] for m in arguments.hidden]
    weights = [[rng.standard_normal((out, into)) * np.sqrt(2 / into) for into, out in zip(sizes, sizes[1:])]
               for sizes in networks]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        x.tofile(folder / "x.f64")
        for index, matrices in enumerate(weights):
            for layer, matrix in enumerate(matrices):
                matrix.tofile(folder / f"net_{index}_layer_{layer}.f64")
        problem = {"n": len(x), "networks": networks, "repeats": arguments.repeats, "threads": arguments.threads}
        (folder / "problem.json").write_text(json.dumps(problem))
        ours = common.bench("empirical_ntk", folder)
        kernels = {(run["network"], run["type"]):
                   np.fromfile(folder / f"kernel_{run['network']}_{run['type']}.f64").reshape(len(x), len(x))
                   for run in ours["runs"]}

    print(common.machine(f"JAX {jax.__version__}"))
    print(f"ours: {ours['engine']}")
    print(f"tangent kernel of {len(x)} digits, {ours['threads']} BLAS threads; ours: median of {arguments.repeats - 1} after one to warm up")
    print(f"{'network':>16} {'type':>5} {'ours':>10} {'JAX':>10} {'ours/JAX':>9} {'JAX rows':>9} {'largest rel. diff.':>19}")
    failed = False
    for run in ours["runs"]:
        sizes, kernel = networks[run["network"]], kernels[run["network"], run["type"]]
        mine = statistics.median(run["seconds"][1:])
        line = f"{'-'.join(map(str, sizes)):>16} {run['type']:>5} {mine:>8.4f} s"
        if run["type"] == "f64" and sizes[1] not in arguments.f64_hidden:
            # No JAX here: the f32 kernel of ours must still be the same.
            other = kernels[run["network"], "f32"]
            theirs, difference, rows, limit = None, np.abs(other - kernel).max() / np.abs(kernel).max(), "", TOLERANCE["f32"]
        else:
            dtype = {"f32": np.float32, "f64": np.float64}[run["type"]]
            theirs, other, rows = jax_kernel(x, weights[run["network"]], dtype)
            difference, limit = np.abs(np.asarray(other) - kernel).max() / np.abs(kernel).max(), TOLERANCE[run["type"]]
        failed |= not difference < limit
        times = f"{theirs:>8.2f} s {mine / theirs:>9.5f}" if theirs else f"{'–':>10} {'–':>9}"
        print(f"{line} {times} {rows:>9} {difference:>19.1e}", flush=True)
    if failed:
        sys.exit("the kernels differ")


if __name__ == "__main__":
    main()
