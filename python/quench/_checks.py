"""Whether a live module is what ncps.torch makes of its class."""

import importlib.metadata
import operator

# ncps.torch is the same in both, byte for byte
VERSIONS = ("1.0.0", "1.0.1")
CLASSES = ("LTC", "CfC", "LTCCell", "CfCCell", "WiredCfCCell")

# what torch's pruning, parametrizations and weight norm leave in a state_dict
REWRITTEN = ("_orig", "_mask", "_g", "_v", "_u")

# overriding these changes nothing that is computed
HARMLESS = {
    "__init__", "__module__", "__doc__", "__qualname__", "__annotations__",
    "__dict__", "__weakref__", "__firstlineno__", "__static_attributes__",
    "init_weights", "add_weight", "_get_init_value", "_allocate_parameters",
    "apply_weight_constraints", "synapse_count", "sensory_synapse_count",
}  # fmt: skip


# ---- which class -------------------------------------------------------------


def class_of_ncps(model):
    """The name of the ncps.torch class that a module is of."""
    modules = [(c.__module__ or "").split(".") for c in type(model).__mro__]
    for path in modules:
        if path[0] == "ncps" and path[1:2] != ["torch"]:
            raise TypeError(
                f"{class_text(model)} is of {'.'.join(path[:2])}: the TensorFlow, Keras and Paddle "
                "twins compute other equations than ncps.torch (a CfC there has no tanh on its "
                "heads and the time gate's sign reversed); train it with ncps.torch"
            )
    if ["ncps", "torch"] in [path[:2] for path in modules]:
        import ncps.torch

        for name in CLASSES:
            kind = getattr(ncps.torch, name)
            if isinstance(model, kind):
                check_class(model, kind, "model")
                return name
    raise TypeError(_none_of_these(model))


def _none_of_these(model):
    text = f"{class_text(model)} is none of {', '.join(CLASSES)} of ncps.torch"
    if isinstance(model, dict):
        return f"{text}; a state_dict does not say how its cell computes: pass the module"
    inner = []
    if hasattr(model, "named_modules"):
        for path, part in model.named_modules():
            nested = any(path.startswith(p + ".") for p in inner)
            if path and not nested and _is_ncps_network(part):
                inner.append(path)
    if inner:
        text += f"; it holds one: pass model.{' or model.'.join(inner)}"
    return text


def _is_ncps_network(part):
    return any(
        kind.__module__.startswith("ncps.torch.") and kind.__name__ in CLASSES
        for kind in type(part).__mro__
    )


def class_text(module):
    return f"{type(module).__module__}.{type(module).__qualname__}"


def check_version():
    try:
        version = importlib.metadata.version("ncps")
    except importlib.metadata.PackageNotFoundError:
        raise ValueError("ncps is not installed as a package: its version is unknown") from None
    if version not in VERSIONS:
        raise ValueError(
            f"ncps {version} may compute other equations than {' and '.join(VERSIONS)}: "
            "install ncps 1.0.1 and load the state_dict there"
        )
    return version


def check_class(module, kind, where):
    """TypeError unless a module computes what its class `kind` does."""
    own = set(vars(kind)) | {"__call__", "_call_impl", "__getattr__", "forward", "state_dict"}
    own -= HARMLESS
    if not isinstance(module, kind):
        raise TypeError(
            f"{where} is a {class_text(module)}, expected {kind.__module__}.{kind.__name__}"
        )
    for derived in type(module).__mro__:
        if derived is kind:
            break
        for name in sorted(own & set(vars(derived))):
            raise TypeError(
                f"{where}: {derived.__name__} overrides {name} of {kind.__name__}: "
                f"quench computes what {kind.__name__} itself does"
            )
    for name in sorted(own & set(vars(module))):
        raise TypeError(
            f"{where}: its {name} was replaced: quench computes what {kind.__name__} itself does"
        )


# ---- which tensors -------------------------------------------------------------


def check_not_rewritten(held):
    for name in held:
        base = name.rsplit(".", 1)[-1]
        rewritten = ".parametrizations." in f".{name}" or (
            base.endswith(REWRITTEN) and base != "sparsity_mask" and base != "sensory_sparsity_mask"
        )
        if rewritten:
            raise ValueError(
                f"{name}: a pruned or parametrized tensor: make it permanent with "
                "torch.nn.utils.prune.remove or parametrize.remove_parametrizations, "
                "check that the network still does what it should, then save"
            )


def check_held(held, tensors, name):
    """The state_dict holds exactly what the forward pass computes with."""
    for key, (tensor, shape) in tensors.items():
        if key not in held:
            raise ValueError(f"{key}: not in the state_dict, {name} computes with it")
        if held[key] is not tensor:
            raise ValueError(
                f"{key}: the forward pass computes with another tensor than the state_dict holds "
                "(an attribute was assigned, or load_state_dict had assign=True): build the model "
                "anew and load_state_dict into it without assign"
            )
        if tuple(tensor.shape) != shape:
            raise ValueError(f"{key}: shape {list(tensor.shape)}, expected {list(shape)}")
    for key in held:
        if key not in tensors:
            raise ValueError(f"{key}: {name} of ncps.torch does not compute with such a tensor")


def to_size(value, what):
    try:
        size = operator.index(value)
    except TypeError:
        raise ValueError(f"{what} is {value!r}, expected an integer") from None
    if size < 1:
        raise ValueError(f"{what} is {size}, expected at least 1")
    return size


def linear_tensors(module, where, rows, columns, bias=True):
    from torch import nn

    check_class(module, nn.Linear, where)
    tensors = {f"{where}.weight": (module.weight, (rows, columns))}
    if bias:
        tensors[f"{where}.bias"] = (module.bias, (rows,))
    return tensors
