"""quench.load_output: what `quench run -o` wrote."""

import csv
import os
import re

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file


def load_output(path):
    """Read what ``quench run -o`` wrote as a dict of numpy arrays.

    Of ``FILE.safetensors``, float64:

    * ``outputs`` [sequences, steps, outputs], and where ``--trace`` asked for
      them
    * ``states`` [sequences, steps, units] and
    * ``tau`` [sequences, steps, units] in model seconds

    Of ``FILE.csv`` the same, and

    * ``steps`` [sequences] length of each; where sequences differ, steps above
      is the longest's and NaN stands behind the end of the others
    * ``names`` [outputs] the columns' names

    :raises ValueError: the file is none that quench wrote
    :raises OSError: it cannot be read
    """
    path = os.fspath(path)
    if path.endswith(".safetensors"):
        return _load_tensors(path)
    if path.endswith(".csv"):
        return _load_table(path)
    raise ValueError(f"{path}: the name of an output ends in .safetensors or .csv")


def _load_tensors(path):
    try:
        arrays = load_file(path)
    except SafetensorError as error:
        raise ValueError(f"{path}: no .safetensors file: {error}") from None
    if not arrays or not set(arrays) <= {"outputs", "states", "tau"}:
        raise ValueError(f"{path}: holds no outputs, states or tau, quench run did not write it")
    return arrays


def _load_table(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        if header[:2] != ["sequence", "step"] or len(header) < 3:
            raise ValueError(f"{path}: expected columns sequence, step and what was traced")
        sequences = _group_rows(rows, len(header), path)
    if not sequences:
        raise ValueError(f"{path}: holds no rows")
    steps = np.array([len(s) for s in sequences])
    table = np.full((len(steps), steps.max(), len(header) - 2), np.nan)
    for s, values in enumerate(sequences):
        table[s, : len(values)] = values
    outputs, states = _split(header[2:])
    parts = {"outputs": outputs, "states": states - outputs, "tau": len(header) - 2 - states}
    arrays, begin = {"steps": steps, "names": np.array(header[2 : 2 + outputs])}, 0
    for name, columns in parts.items():
        if columns:
            arrays[name] = table[:, :, begin : begin + columns]
        begin += columns
    return arrays


def _split(names):
    """Where the columns of outputs end, and where those of states do."""
    taus = _run_at_end(names, "tau")
    states = _run_at_end(names[: len(names) - taus], "state")
    return len(names) - taus - states, len(names) - taus


def _run_at_end(names, prefix):
    """How many of the last names are prefix0, prefix1, .. in this order."""
    last = re.fullmatch(prefix + "([0-9]+)", names[-1]) if names else None
    count = int(last[1]) + 1 if last else 0
    wanted = [f"{prefix}{i}" for i in range(count)]
    return count if count and names[-count:] == wanted else 0


def _group_rows(rows, columns, path):
    """A list of rows of numbers for each sequence."""
    sequences = []
    for row in rows:
        place = f"{path}: line {rows.line_num}"
        if len(row) != columns:
            raise ValueError(f"{place}: {len(row)} columns, expected {columns}")
        try:
            sequence, step = int(row[0]), int(row[1])
            values = [float(text) for text in row[2:]]
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from None
        if sequence == len(sequences):
            sequences.append([])
        if sequence != len(sequences) - 1 or step != len(sequences[-1]):
            raise ValueError(f"{place}: sequence {sequence}, step {step} is out of order")
        sequences[-1].append(values)
    return sequences
