"""Compare the accuracy under PGD with restarts, and its time, with foolbox on PyTorch: the same digits, weights, steps.

Run by `./lab bench`; needs numpy, and torch and foolbox, which you install yourself. 20 sign steps within ℓ∞ and [0, 1] from 5 random starts. Both stop working on a digit that is
fooled: ours within a start, foolbox between its repetitions. The starts are drawn by each for itself, so the accuracies agree within sampling
error only: they must differ by less than three standard errors of a share of that many digits.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import common
from compare_pgd import trained, write_problem


def foolbox_attacks(x, labels, weights, arguments):
    """Seconds of every attack after the first, and the share of digits that stand."""
    import foolbox
    import torch

    layers = []
    for matrix in weights:
        layer = torch.nn.Linear(matrix.shape[1], matrix.shape[0], bias=False)
        layer.weight = torch.nn.Parameter(torch.tensor(matrix, dtype=torch.float32), requires_grad=False)
        layers += [layer, torch.nn.ReLU()]
    model = foolbox.PyTorchModel(torch.nn.Sequential(*layers[:-1]).eval(), bounds=(0, 1), device="cpu")
    images, classes = torch.tensor(x, dtype=torch.float32), torch.tensor(labels.astype("int64"))
    attack = foolbox.attacks.LinfPGD(abs_stepsize=arguments.step, steps=arguments.steps, random_start=True).repeat(arguments.restarts)
    seconds = []
    for _ in range(arguments.repeats + 1):
        started = time.perf_counter()
        _, _, fooled = attack(model, images, classes, epsilons=arguments.epsilon)
        seconds.append(time.perf_counter() - started)
    return seconds[1:], 1.0 - float(fooled.float().mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digits", type=int, default=1000)
    parser.add_argument("--widths", type=int, nargs="+", default=[512, 512])
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--restarts", type=int, default=5)
    parser.add_argument("--epsilon", type=float, default=0.03)
    parser.add_argument("--step", type=float, default=0.00375)
    parser.add_argument("--repeats", type=int, default=2, help="attacks a round; one more before them warms up")
    parser.add_argument("--rounds", type=int, default=3, help="each runs ours, then foolbox")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    try:
        import foolbox
        import torch
    except ImportError as missing:
        print(f"skipped: {missing}; torch is several GB, so it is not installed with the others: `.lab/venv/bin/pip install foolbox torch`")
        return
    import numpy as np

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    digits, labels = common.load_digits()
    one_hot, n = np.eye(10)[labels], arguments.digits
    weights = trained(digits[n:], one_hot[n:], [784, *arguments.widths, 10], 2, np.random.default_rng(arguments.seed))
    mine, theirs, ratios, accuracies = [], [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_problem(folder, digits[:n], one_hot[:n], weights, epsilon=arguments.epsilon, step=arguments.step, steps=arguments.steps,
                      restarts=arguments.restarts, random_start=True, until_fooled=True, repeats=arguments.repeats,
                      threads=arguments.threads, types=["f32"])
        for _ in range(arguments.rounds):
            ours = common.bench("pgd", folder)
            run = ours["runs"][0]
            seconds, accuracy = foolbox_attacks(digits[:n], labels[:n], weights, arguments)
            mine += run["seconds"]
            theirs += seconds
            ratios.append(statistics.median(run["seconds"]) / statistics.median(seconds))
            accuracies.append((run["accuracy"], accuracy))

    print(common.machine(f"foolbox {foolbox.__version__}", f"PyTorch {torch.__version__}"))
    print(f"ours: {ours['engine']}")
    print(f"{n} digits, 784-{'-'.join(map(str, arguments.widths))}-10, {arguments.steps} steps, {arguments.restarts} starts, {arguments.threads} threads, f32")
    print(f"median seconds: ours {statistics.median(mine):.3f}, foolbox {statistics.median(theirs):.3f}, ours/foolbox "
          f"{statistics.median(mine) / statistics.median(theirs):.2f} ({min(ratios):.2f} to {max(ratios):.2f} by round)")
    print("accuracy left, ours and foolbox's: " + ", ".join(f"{a:.3f} {b:.3f}" for a, b in accuracies))
    error = 3 * max((b * (1 - b) / n) ** 0.5 for _, b in accuracies) + 1 / n
    if any(not abs(a - b) < error for a, b in accuracies):
        sys.exit("the accuracies differ by more than three standard errors")


if __name__ == "__main__":
    main()
