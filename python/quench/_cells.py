"""What a live ncps.torch module computes: fields and tensors of its file."""

import math
import operator

from quench._checks import (
    check_class,
    check_held,
    check_not_rewritten,
    check_version,
    class_of_ncps,
    class_text,
    linear_tensors,
    to_size,
)


def describe(model):
    """(fields of quench.network, {state_dict name: tensor}) of a module.

    The tensors are the ones that the forward pass uses, under the names and in
    the shapes that ncps gives them.
    """
    name = class_of_ncps(model)
    check_version()
    held = model.state_dict(keep_vars=True)
    check_not_rewritten(held)
    if name in ("LTC", "CfC"):
        fields, tensors = _read_wrapper(model, name)
        prefix = ""
    else:
        fields, tensors = _read_cell(model, name, "")
        prefix = "rnn_cell."
    check_held(held, tensors, name)
    return fields, {prefix + key: tensor for key, (tensor, _) in tensors.items()}


# ---- wrappers --------------------------------------------------------------------


def _read_wrapper(model, name):
    from ncps.torch import CfCCell, LTCCell, WiredCfCCell

    kinds = (LTCCell,) if name == "LTC" else (CfCCell, WiredCfCCell)
    for kind in kinds:
        if isinstance(model.rnn_cell, kind):
            check_class(model.rnn_cell, kind, "rnn_cell")
            break
    else:
        raise TypeError(f"rnn_cell is a {class_text(model.rnn_cell)}, expected that of {name}")
    fields, tensors = _read_cell(model.rnn_cell, kind.__name__, "rnn_cell.")
    if to_size(model.state_size, "state_size") != fields["units"]:
        raise ValueError(f"state_size is {model.state_size}, the cell has {fields['units']} units")
    if model.use_mixed:
        fields["mixed_memory"] = True
        tensors.update(_read_memory(model.lstm, fields["inputs"], fields["units"]))
    if name == "CfC":
        tensors.update(_read_projection(model.fc, fields))
    return fields, tensors


def _read_memory(lstm, inputs, units):
    from ncps.torch.lstm import LSTMCell
    from torch import nn

    check_class(lstm, LSTMCell, "lstm")
    check_class(lstm.tanh, nn.Tanh, "lstm.tanh")
    check_class(lstm.sigmoid, nn.Sigmoid, "lstm.sigmoid")
    return {
        **linear_tensors(lstm.input_map, "lstm.input_map", 4 * units, inputs),
        **linear_tensors(lstm.recurrent_map, "lstm.recurrent_map", 4 * units, units, bias=False),
    }


def _read_projection(fc, fields):
    """Tensors of fc; the fields get its size."""
    from torch import nn

    if isinstance(fc, nn.Identity):
        check_class(fc, nn.Identity, "fc")
        return {}
    check_class(fc, nn.Linear, "fc")
    states = fields["outputs"]
    if fc.in_features != states:
        raise ValueError(
            f"fc: the projection takes {fc.in_features} values (wiring.output_dim) and the last "
            f"layer has {states} neurons: ncps cannot run this network either; give the wiring "
            f"as many outputs"
        )
    fields["outputs"] = to_size(fc.out_features, "fc.out_features")
    fields["projection"] = True
    return linear_tensors(fc, "fc", fields["outputs"], states)


def _read_cell(cell, name, prefix):
    read = {"LTCCell": _read_ltc, "CfCCell": _read_cfc, "WiredCfCCell": _read_wired}[name]
    return read(cell, prefix)


def _fields(cell, inputs, units, outputs, **more):
    return {
        "cell": cell,
        "inputs": inputs,
        "units": units,
        "outputs": outputs,
        "mixed_memory": False,
        "framework": "ncps.torch",
        "framework_version": check_version(),
        **more,
    }


def _read_wiring(wiring):
    layers = [
        [operator.index(i) for i in wiring.get_neurons_of_layer(layer)]
        for layer in range(wiring.num_layers)
    ]
    output_dim = wiring.output_dim
    return {
        "class": type(wiring).__name__,
        "units": to_size(wiring.units, "wiring.units"),
        "output_dim": None if output_dim is None else to_size(output_dim, "wiring.output_dim"),
        "layers": layers,
    }


# ---- LTC ---------------------------------------------------------------------------


def _read_ltc(cell, prefix):
    wiring = _read_wiring(cell._wiring)
    inputs, units = to_size(cell._wiring.input_dim, "wiring.input_dim"), wiring["units"]
    outputs = to_size(wiring["output_dim"], "wiring.output_dim")
    if outputs > units:
        raise ValueError(f"wiring.output_dim is {outputs}, the wiring has {units} units")
    if sorted(sum(wiring["layers"], [])) != list(range(units)):
        del wiring["layers"]  # an LTC computes nothing from them
    fields = _fields(
        "ltc",
        inputs,
        units,
        outputs,
        ode_unfolds=to_size(cell._ode_unfolds, f"{prefix}_ode_unfolds"),
        epsilon=_epsilon(cell._epsilon),
        input_mapping=_mapping(cell._input_mapping),
        output_mapping=_mapping(cell._output_mapping),
        implicit_param_constraints=_is_softplus(cell.make_positive_fn, f"{prefix}make_positive_fn"),
        wiring=wiring,
    )
    return fields, _ltc_tensors(cell, prefix, fields)


def _ltc_tensors(cell, prefix, fields):
    inputs, units, outputs = fields["inputs"], fields["units"], fields["outputs"]
    shapes = {key: (units,) for key in ("gleak", "vleak", "cm")}
    for key in ("sigma", "mu", "w", "erev", "sparsity_mask"):
        shapes[key] = (units, units)
        shapes[f"sensory_{key}"] = (inputs, units)
    for side, n in (("input", inputs), ("output", outputs)):
        if fields[f"{side}_mapping"]:
            shapes[f"{side}_w"] = (n,)
        if fields[f"{side}_mapping"] == "affine":
            shapes[f"{side}_b"] = (n,)
    # the forward pass takes its tensors from _params, not from the attributes
    for key in shapes:
        if key not in cell._params:
            raise ValueError(f"{prefix}{key}: missing, LTCCell computes with it")
    return {prefix + key: (cell._params[key], shape) for key, shape in shapes.items()}


def _epsilon(value):
    epsilon = float(value)
    if not (math.isfinite(epsilon) and epsilon >= 0):
        raise ValueError(f"epsilon is {epsilon}, expected a finite number of at least 0")
    return epsilon


def _mapping(value):
    """ncps takes any other value for none."""
    return value if value in ("affine", "linear") else None


def _is_softplus(module, where):
    from torch import nn

    if isinstance(module, nn.Identity):
        check_class(module, nn.Identity, where)
        return False
    check_class(module, nn.Softplus, where)
    if (module.beta, module.threshold) != (1, 20):
        raise ValueError(f"{where}: quench has Softplus of beta 1 and threshold 20, as ncps")
    return True


# ---- CfC ---------------------------------------------------------------------------


def _read_cfc(cell, prefix):
    inputs = to_size(cell.input_size, "input_size")
    units = to_size(cell.hidden_size, "hidden_size")
    tensors, columns, activation, layers = _read_backbone(cell, prefix, inputs + units)
    tensors.update(_head_tensors(cell, prefix, units, columns))
    fields = _fields(
        "cfc",
        inputs,
        units,
        units,
        mode=cell.mode,
        backbone_activation=activation,
        backbone_layers=layers,
        backbone_units=columns if layers else 0,
        projection=False,
    )
    return fields, tensors


def _read_backbone(cell, prefix, columns):
    """(tensors, width, activation, layers) of Linear and activation by turns."""
    from torch import nn

    if not cell.backbone_layers > 0:
        return {}, columns, "lecun_tanh", 0  # as ncps names it where there is none
    where = f"{prefix}backbone"
    check_class(cell.backbone, nn.Sequential, where)
    parts = [(i, p) for i, p in enumerate(cell.backbone) if type(p) is not nn.Dropout]
    linears, activations = parts[::2], parts[1::2]
    plain = [2 * i for i in range(cell.backbone_layers)]
    dropped = [0, *(3 * i - 1 for i in range(1, cell.backbone_layers))]
    if [i for i, _ in linears] not in (plain, dropped) or len(linears) != len(activations):
        raise ValueError(
            f"{where}: expected {cell.backbone_layers} times a Linear and an activation, dropout "
            "behind every one but the first or none, as ncps makes it"
        )
    tensors = {}
    for i, part in linears:
        check_class(part, nn.Linear, f"{where}.{i}")
        tensors.update(linear_tensors(part, f"{where}.{i}", part.out_features, columns))
        columns = part.out_features
    widths = {part.out_features for _, part in linears}
    names = {_activation(part, f"{where}.{i}") for i, part in activations}
    if len(widths) > 1 or len(names) > 1:
        raise ValueError(f"{where}: its layers differ in width or activation, those of ncps do not")
    return tensors, columns, names.pop(), len(linears)


def _activation(module, where):
    from ncps.torch.cfc_cell import LeCun
    from torch import nn

    names = {
        nn.SiLU: "silu",
        nn.ReLU: "relu",
        nn.Tanh: "tanh",
        nn.GELU: "gelu",
        LeCun: "lecun_tanh",
    }
    kind = type(module)
    if kind not in names:
        raise TypeError(f"{where}: {class_text(module)} is none of the activations of ncps")
    check_class(module, kind, where)
    if kind is nn.GELU and getattr(module, "approximate", "none") != "none":
        raise ValueError(f"{where}: GELU by {module.approximate}, ncps has the exact one")
    if kind is LeCun:
        check_class(module.tanh, nn.Tanh, f"{where}.tanh")
    return names[kind]


def _head_tensors(cell, prefix, units, columns):
    from torch import nn

    if cell.mode not in ("default", "pure", "no_gate"):
        raise ValueError(f"{prefix}mode is {cell.mode!r}, ncps knows default, pure and no_gate")
    tensors = {}
    if cell.sparsity_mask is not None:
        tensors[f"{prefix}sparsity_mask"] = (cell.sparsity_mask, (units, columns))
    if cell.mode == "pure":
        names = ("ff1",)
        for key in ("w_tau", "A"):
            if not hasattr(cell, key):
                raise ValueError(f"{prefix}{key}: missing, mode pure computes with it")
            tensors[f"{prefix}{key}"] = (getattr(cell, key), (1, units))
    else:
        names = ("ff1", "ff2", "time_a", "time_b")
        check_class(cell.tanh, nn.Tanh, f"{prefix}tanh")
        check_class(cell.sigmoid, nn.Sigmoid, f"{prefix}sigmoid")
    for key in names:
        if not hasattr(cell, key):
            raise ValueError(f"{prefix}{key}: missing, mode {cell.mode} computes with it")
        tensors.update(linear_tensors(getattr(cell, key), prefix + key, units, columns))
    return tensors


def _read_wired(cell, prefix):
    from ncps.torch import CfCCell

    wiring = _read_wiring(cell._wiring)
    inputs, units = to_size(cell._wiring.input_dim, "wiring.input_dim"), wiring["units"]
    sizes = [len(layer) for layer in wiring["layers"]]
    if sorted(sum(wiring["layers"], [])) != list(range(units)) or 0 in sizes:
        raise ValueError(f"wiring: its layers of {sizes} neurons do not share out {units} units")
    if len(cell._layers) != len(sizes):
        raise ValueError(f"{prefix}layer_0 ..: {len(cell._layers)}, the wiring has {len(sizes)}")
    tensors, columns = {}, inputs
    # the forward pass goes through _layers, not through layer_0 ..
    for i, (layer, size) in enumerate(zip(cell._layers, sizes)):
        where = f"{prefix}layer_{i}"
        check_class(layer, CfCCell, where)
        if layer.backbone_layers > 0 or layer.sparsity_mask is None:
            raise ValueError(f"{where}: a layer of a wiring has a sparsity_mask and no backbone")
        if layer.mode != cell._layers[0].mode:
            raise ValueError(f"{where}: mode {layer.mode}, layer_0 has {cell._layers[0].mode}")
        tensors.update(_head_tensors(layer, f"{where}.", size, columns + size))
        columns = size
    mode = cell._layers[0].mode
    fields = _fields(
        "wired_cfc", inputs, units, sizes[-1], mode=mode, projection=False, wiring=wiring
    )
    return fields, tensors
