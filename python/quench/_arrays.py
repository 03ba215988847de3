"""Numbers of any kind (lists, numpy, torch) as numpy arrays, checked."""

import unicodedata

import numpy as np

TASKS = ("binary", "binary_last", "multiclass", "regression")


def to_numbers(name, value):
    """A numpy array of the same shape: float64, or int64 for whole types."""
    if hasattr(value, "detach"):  # a torch tensor
        value = value.detach().cpu()
        # numpy has no bfloat16
        value = (value.double() if value.is_floating_point() else value).numpy()
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name}: not an array: {error}") from None
    if array.dtype.kind in "biu":
        return array.astype(np.int64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name}: dtype {array.dtype}, expected real numbers")
    return array.astype(np.float64)


def place(name, index):
    return f"{name}[{','.join(str(int(i)) for i in index)}]"


def first_where(condition):
    """The index of the first True, or None."""
    found = np.argwhere(condition)
    return tuple(found[0]) if len(found) else None


def check_finite(name, array, advice="expected finite numbers"):
    index = first_where(~np.isfinite(array))
    if index is not None:
        raise ValueError(f"{place(name, index)} is {array[index]}: {advice}")


def check_task(task):
    if task is not None and task not in TASKS:
        raise ValueError(f"task {task!r} is none of {', '.join(TASKS)}")


def check_names(name, names, count, reserved=()):
    """A list of `count` different strings, or None for None."""
    if names is None:
        return None
    if isinstance(names, str):
        raise TypeError(f"{name} is one string, expected a list of {count}")
    names = list(names)
    if len(names) != count:
        raise ValueError(f"{name}: {len(names)} names, the network has {count}")
    for i, text in enumerate(names):
        if not isinstance(text, str):
            raise TypeError(f"{name}[{i}] is {type(text).__name__}, expected a string")
        if not text or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
            raise ValueError(f"{name}[{i}] is {text!r}: empty, or with characters that are no text")
        if text in names[:i]:
            raise ValueError(f"{name}: {text!r} is there twice")
        if text in reserved:
            raise ValueError(
                f"{name}: {text!r} is a column of its own in datasets; name it otherwise"
            )
    return names
