#!/usr/bin/env python3
"""Write the 1,797 digits that come with scikit-learn as IDX files, as a reader would who wants them here.

    pip download --no-deps scikit-learn
    python3 tests/data/make_digits.py scikit_learn-*.whl

Needs only Python 3: a wheel is a zip file, and the digits lie in it as gzipped CSV, 64 pixels from 0 to 16 and
a label a line. The table's SHA-256 is checked. A pixel v becomes round(255 v / 16), so that 16 is white. The first 1,500
digits are the training files, the other 297 the test files; the order is kept. No time goes into the gzip header, so
the same build of zlib writes the same bytes.
"""

import gzip
import hashlib
import pathlib
import struct
import sys
import zipfile

TABLE = "sklearn/datasets/data/digits.csv.gz"
TABLE_SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"  # unpacked
TRAINING = 1500
SIDE = 8


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_digits.py WHEEL")
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        table = gzip.decompress(wheel.read(TABLE))
    found = hashlib.sha256(table).hexdigest()
    if found != TABLE_SHA256:
        sys.exit(f"{TABLE}: expected SHA-256 {TABLE_SHA256} of its contents, found {found}")
    rows = [[int(v) for v in line.split(",")] for line in table.decode("ascii").split()]
    folder = pathlib.Path(__file__).resolve().parent / "digits"
    folder.mkdir(exist_ok=True)
    for name, part in [("train", rows[:TRAINING]), ("t10k", rows[TRAINING:])]:
        pixels = bytes(round(255 * v / 16) for row in part for v in row[:-1])
        files = {
            f"{name}-images-idx3-ubyte.gz": struct.pack(">IIII", 0x803, len(part), SIDE, SIDE) + pixels,
            f"{name}-labels-idx1-ubyte.gz": struct.pack(">II", 0x801, len(part)) + bytes(row[-1] for row in part),
        }
        for file, data in files.items():
            (folder / file).write_bytes(gzip.compress(data, 9, mtime=0))
            print(f"{hashlib.sha256(data).hexdigest()}  {file}, unpacked")


if __name__ == "__main__":
    main()
