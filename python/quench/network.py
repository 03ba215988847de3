"""quench.save: an ncps.torch network as a file that quench reads."""

import json

import numpy as np
from safetensors.numpy import save as to_bytes

from quench._arrays import check_finite, check_names, check_task, first_where, place, to_numbers
from quench._cells import describe
from quench._files import check_suffix, write_whole

# columns that a CSV dataset has besides the features
COLUMNS = ("sequence", "timespan", "target")


def save(
    model,
    path,
    *,
    input_names=None,
    output_names=None,
    input_mean=None,
    input_std=None,
    task=None,
):
    """Write a network trained with ncps.torch as a file that quench reads.

    Everything the forward pass of the live module depends on is written: the
    tensors of its state_dict, float32 or float64 as they are, and what a
    state_dict leaves out (unfolds, epsilon, mappings, constraints, mode,
    activation, layers, mixed memory). Quench computes in float64 from them:
    what it must equal is ``model.double().eval()`` with batch size 1.

    The module is only read. It may be in training mode (dropout is off in the
    file), on any device, and need gradients. The same module gives the same
    bytes.

    :param model: an ``LTC``, ``CfC``, ``LTCCell``, ``CfCCell`` or
        ``WiredCfCCell`` of ``ncps.torch`` 1.0.0 or 1.0.1. Of a larger model,
        pass the part that is one.
    :param path: ``NAME.safetensors``; an old file there is replaced once the
        new one is whole
    :param input_names: a name for each input: columns of CSV datasets
    :param output_names: a name for each output. A wired CfC without projection
        has as many outputs as its last layer has neurons, an LTC
        ``wiring.output_dim``
    :param input_mean: [inputs] mean of the training data in their own units,
        and
    :param input_std: [inputs] their standard deviation, above 0: what
        ``quench run --raw`` applies, (x - mean) / std
    :param task: ``"binary"`` (output > 0 at every step), ``"binary_last"`` (at
        the last step), ``"multiclass"`` (largest output) or ``"regression"``

    :raises TypeError: the model is none of these classes, is a subclass or has
        a part that computes otherwise, or a tensor is neither float32 nor
        float64
    :raises ValueError: the model holds something that a file cannot say (a
        parameter that ncps does not compute with, pruning, NaN, a wiring that
        does not fit), or an argument does not fit the model. Nothing is
        written then.
    """
    path = check_suffix(path, ".safetensors", "network")
    fields, tensors = describe(model)
    inputs, outputs = fields["inputs"], fields["outputs"]
    check_task(task)
    mean, std = _check_scaling(input_mean, input_std, inputs)
    optional = {
        "input_names": check_names("input_names", input_names, inputs, COLUMNS),
        "output_names": check_names("output_names", output_names, outputs),
        "input_mean": mean,
        "input_std": std,
        "task": task,
    }
    fields.update({key: value for key, value in optional.items() if value is not None})
    arrays = {name: _to_array(name, tensor) for name, tensor in tensors.items()}
    text = json.dumps(fields, ensure_ascii=False, allow_nan=False)
    write_whole(path, to_bytes(arrays, {"quench.network": text}))


def _to_array(name, tensor):
    kind = str(tensor.dtype)
    if kind not in ("torch.float32", "torch.float64"):
        raise TypeError(
            f"{name}: dtype {kind.split('.')[-1]}, quench reads float32 and float64: "
            "save model.float() or the network before it was quantised"
        )
    if tensor.is_meta:
        raise ValueError(f"{name}: on the meta device, it has no values")
    array = np.ascontiguousarray(tensor.detach().cpu().numpy())
    check_finite(name, array, "a network's parameters must be finite")
    if name.endswith("sparsity_mask"):
        index = first_where((array != 0) & (array != 1))
        if index is not None:
            raise ValueError(
                f"{place(name, index)} is {array[index]}: quench takes masks of 0 and 1; "
                "put the factor into the weights"
            )
    return array


def _check_scaling(mean, std, inputs):
    if (mean is None) != (std is None):
        raise ValueError("input_mean and input_std come together")
    if mean is None:
        return None, None
    lists = []
    for name, value in (("input_mean", mean), ("input_std", std)):
        array = to_numbers(name, value).astype(np.float64)
        if array.shape != (inputs,):
            raise ValueError(f"{name}: shape {list(array.shape)}, expected [{inputs}]")
        check_finite(name, array)
        lists.append(array.tolist())
    for i, value in enumerate(lists[1]):
        if not value > 0:
            raise ValueError(f"input_std[{i}] is {value}: expected numbers above 0")
    return lists
