"""quench.save_dataset: sequences as a file that quench reads."""

import json
import operator

import numpy as np
from safetensors.numpy import save as to_bytes

from quench._arrays import check_finite, check_task, first_where, place, to_numbers
from quench._files import check_suffix, write_whole

SHORTEST_SPAN = 1e-12  # model seconds


def save_dataset(
    path,
    inputs,
    *,
    targets=None,
    timespans=None,
    task=None,
    warmup_steps=0,
    outputs=None,
    states=None,
):
    """Write sequences of one length as a dataset that quench reads.

    Arrays are lists, numpy arrays or torch tensors; they are written in
    float64, whole numbers of ``targets`` as int64. Sequences of different
    lengths go into a CSV file (docs/files.md).

    :param path: ``NAME.safetensors``; an old file there is replaced once the
        new one is whole
    :param inputs: [sequences, steps, features] as the network expects them, or
        in their own units for ``quench run --raw``
    :param targets: [sequences, steps] classes from 0, or
        [sequences, steps, outputs] values
    :param timespans: [sequences, steps] model seconds that each sample lasts,
        at least 1e-12; without, 1 each
    :param task: ``"binary"``, ``"binary_last"``, ``"multiclass"`` or
        ``"regression"``; without, the network's
    :param warmup_steps: leading steps of each sequence that the metric leaves
        out, less than steps
    :param outputs: [sequences, steps, outputs] and
    :param states: [sequences, steps, units] what ncps itself computed from
        ``inputs``, each sequence from state zero, in float64 with batch size 1:
        ``quench run`` compares with them within 1e-12. States are those after
        each step, as ncps returns them (with mixed memory h, without c).

    :raises TypeError: an array does not hold real numbers
    :raises ValueError: a shape does not fit, a number is not finite, a span too
        short, a target no class of the task. Nothing is written then.
    """
    path = check_suffix(path, ".safetensors", "dataset")
    check_task(task)
    inputs = to_numbers("inputs", inputs).astype(np.float64)
    if inputs.ndim != 3 or not inputs.size:
        hint = "; for one sequence inputs[None]" if inputs.ndim == 2 else ""
        raise ValueError(
            f"inputs: shape {list(inputs.shape)}, expected [sequences, steps, features]{hint}"
        )
    check_finite("inputs", inputs)
    arrays = {"inputs": inputs}
    if timespans is not None:
        arrays["timespans"] = _check_spans(timespans, inputs)
    for name, value in (("outputs", outputs), ("states", states)):
        if value is not None:
            arrays[name] = _check_rows(name, value, inputs).astype(np.float64)
    if targets is not None:
        arrays["targets"] = _check_targets(targets, inputs, arrays.get("outputs"), task)
    fields = {"warmup_steps": _check_warmup(warmup_steps, inputs.shape[1])}
    if task is not None:
        fields["task"] = task
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    write_whole(path, to_bytes(arrays, {"quench.dataset": json.dumps(fields)}))


def _check_rows(name, value, inputs):
    """[sequences, steps] or [sequences, steps, columns], finite."""
    array = to_numbers(name, value)
    if array.ndim not in (2, 3) or array.shape[:2] != inputs.shape[:2] or not array.size:
        raise ValueError(
            f"{name}: shape {list(array.shape)} does not go with inputs {list(inputs.shape)}"
        )
    check_finite(name, array)
    return array


def _check_spans(value, inputs):
    array = _check_rows("timespans", value, inputs).astype(np.float64)
    if array.size != inputs.shape[0] * inputs.shape[1]:
        raise ValueError(
            f"timespans: shape {list(array.shape)}, expected one for each step, "
            f"{list(inputs.shape[:2])}"
        )
    index = first_where(array < SHORTEST_SPAN)
    if index is not None:
        raise ValueError(
            f"{place('timespans', index)} is {array[index]}: a sample lasts at least "
            f"{SHORTEST_SPAN} model seconds"
        )
    return array


def _check_targets(value, inputs, outputs, task):
    array = _check_rows("targets", value, inputs)
    if task is None:
        return array
    columns = array.shape[2] if array.ndim == 3 else 1
    width = None
    if outputs is not None:
        width = outputs.shape[2] if outputs.ndim == 3 else 1
    if task == "regression":
        if width is not None and columns != width:
            raise ValueError(f"targets: {columns} values a step, outputs has {width}")
        return array
    if columns != 1:
        raise ValueError(
            f"targets: shape {list(array.shape)}, task {task} takes one class a step "
            "[sequences, steps]; of one-hot targets pass argmax(-1)"
        )
    classes = width if task == "multiclass" else 2
    wrong = (array < 0) | (array != np.floor(array))
    if classes is not None:
        wrong |= array >= classes
    index = first_where(wrong)
    if index is not None:
        upto = "" if classes is None else f" to {classes - 1}"
        raise ValueError(
            f"{place('targets', index)} is {array[index]}: task {task} has classes from 0{upto}"
        )
    return array.astype(np.int64)


def _check_warmup(value, steps):
    try:
        warmup = operator.index(value)
    except TypeError:
        raise TypeError(f"warmup_steps is {value!r}, expected an integer") from None
    if not 0 <= warmup < steps:
        raise ValueError(
            f"warmup_steps is {warmup}, expected 0 to {steps - 1}, less than the steps"
        )
    return warmup
