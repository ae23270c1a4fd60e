#!/usr/bin/env python3
"""Turn data this library does not read into files it does: Parquet tables and CIFAR-10's Python pickles.

    python3 data/to_idx.py parquet OUT train.parquet [test.parquet]
    python3 data/to_idx.py cifar   OUT cifar-10-batches-py

`parquet` reads tables as model hubs keep them, with a column `image` (PNG bytes, bare or as {"bytes": …}) and a
column `label` (or `fine_label`), and writes the four, or two, gzipped IDX files. It needs the packages pyarrow, pillow and numpy.

`cifar` writes the six files of the binary version. It needs numpy. A pickle can name any function of Python to be
called; only what arrays of NumPy are made of is allowed here.
"""

import gzip
import io
import os
import pathlib
import pickle
import struct
import sys

ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}


class OnlyArrays(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of an array")
        return super().find_class(module, name)


def write(path, data):
    """The file appears whole or not at all."""
    waiting = path.with_name(f".{path.name}.part")
    waiting.write_bytes(data)
    os.replace(waiting, path)
    print(path)


def parquet(out, tables):
    import numpy
    import pyarrow.parquet
    from PIL import Image

    for part, table in zip(["train", "t10k"], tables):
        table = pyarrow.parquet.read_table(table)
        column = next((name for name in ["label", "fine_label"] if name in table.column_names), None)
        if column is None or "image" not in table.column_names:
            sys.exit(f"expected columns image and label, found {', '.join(table.column_names)}")
        packed = table["image"].to_pylist()
        packed = [image["bytes"] if isinstance(image, dict) else image for image in packed]
        images = numpy.stack([numpy.asarray(Image.open(io.BytesIO(image))) for image in packed])
        if images.dtype != numpy.uint8:
            sys.exit(f"expected pictures of one byte a pixel, found {images.dtype}")
        labels = bytes(table[column].to_pylist())
        header = struct.pack(f">BBBB{images.ndim}I", 0, 0, 8, images.ndim, *images.shape)
        write(out / f"{part}-images-idx3-ubyte.gz", gzip.compress(header + images.tobytes(), mtime=0))
        header = struct.pack(">BBBBI", 0, 0, 8, 1, len(labels))
        write(out / f"{part}-labels-idx1-ubyte.gz", gzip.compress(header + labels, mtime=0))


def cifar(out, folder):
    import numpy

    for name in [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]:
        with open(pathlib.Path(folder) / name, "rb") as file:
            batch = OnlyArrays(file, encoding="bytes").load()
        data = batch[b"data"]
        if not isinstance(data, numpy.ndarray):
            data = numpy.frombuffer(data, numpy.uint8)
        labels = numpy.array(batch[b"labels"], numpy.uint8).reshape(-1, 1)
        records = numpy.hstack([labels, data.astype(numpy.uint8).reshape(-1, 3072)])
        write(out / f"{name}.bin", records.tobytes())


def main():
    if len(sys.argv) < 4 or sys.argv[1] not in ("parquet", "cifar"):
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    if sys.argv[1] == "parquet":
        parquet(out, sys.argv[3:5])
    else:
        cifar(out, sys.argv[3])


if __name__ == "__main__":
    main()
