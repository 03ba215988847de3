"""Draws the networks of this folder and writes what ncps computes with them.

    python tests/data/drawn/make.py

needs torch, ncps 1.0.1 and safetensors; it replaces every .safetensors file
beside it. NAME.safetensors is a network, NAME.reference.safetensors inputs and
time spans with the outputs and states that ncps.torch computes from them in
float64, one sequence at a time (with a batch its time spans are wrong).

Parameters are far larger than freshly made ones. A draw that multiplies a small
difference of its inputs by more than MOST is drawn anew: of rounding errors of
1e-15 a sample less than 1e-12 is left then.
"""

import json
import pathlib

import numpy as np
import torch
from ncps import wirings
from ncps.torch import CfC, CfCCell, LTC, LTCCell, WiredCfCCell
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).parent
SEQUENCES, STEPS, MOST = 5, 6, 30

ncp = lambda: wirings.NCP(4, 3, 2, 2, 2, 3, 2, seed=5)
auto = lambda units=9, outputs=2: wirings.AutoNCP(units, outputs, sparsity_level=0.4, seed=7)
full = lambda units=5, outputs=None: wirings.FullyConnected(units, outputs)
some = lambda: wirings.Random(7, 3, sparsity_level=0.6, random_seed=9)


def ltc(wiring, **options):
    return lambda: LTC(3, wiring(), **options)


def cfc(units, layers, **options):
    return lambda: CfC(3, units, backbone_layers=layers, **{"backbone_units": 7, **options})


def wired(wiring, **options):
    return lambda: CfC(3, wiring(), **options)


def masked(mode, layers, activation, units=5, width=6, dropout=0.0):
    columns = width if layers else 3 + units
    mask = np.random.RandomState(11).choice([-1, 0, 1], (columns, units))
    return lambda: CfCCell(3, units, mode, activation, width, layers, dropout, mask)


# name: (constructor, change after the draw, time spans)
NETWORKS = {
    "ltc_affine_softplus": (ltc(auto), None, "one"),
    "ltc_linear_softplus_12": (
        ltc(some, input_mapping="linear", output_mapping=None, ode_unfolds=12),
        None,
        "irregular",
    ),
    "ltc_none_softplus_1": (
        lambda: LTCCell(full(), 3, None, "linear", 1, implicit_param_constraints=True),
        None,
        "irregular",
    ),
    "ltc_affine_zeros_12": (
        ltc(full, output_mapping="linear", ode_unfolds=12, implicit_param_constraints=False),
        "zeros",
        "irregular",
    ),
    "ltc_linear_zeros_1": (
        ltc(ncp, input_mapping="linear", ode_unfolds=1, epsilon=0, implicit_param_constraints=False),
        "zeros",
        "one",
    ),
    "ltc_none_zeros": (
        ltc(some, input_mapping=None, output_mapping=None, implicit_param_constraints=False),
        "zeros",
        "half",
    ),
    "ltc_affine_negatives": (
        ltc(auto, output_mapping=None, epsilon=1e-3, implicit_param_constraints=False),
        "negatives",
        "irregular",
    ),
    "ltc_linear_negatives_12": (
        ltc(
            full,
            input_mapping="linear",
            output_mapping="linear",
            ode_unfolds=12,
            implicit_param_constraints=False,
        ),
        "negatives",
        "half",
    ),
    "ltc_none_negatives_1": (
        lambda: LTCCell(some(), 3, None, "affine", 1, implicit_param_constraints=False),
        "negatives",
        "one",
    ),
    "ltc_mixed": (ltc(ncp, mixed_memory=True), None, "irregular"),
    "ltc_mixed_negatives": (
        ltc(full, mixed_memory=True, ode_unfolds=2, implicit_param_constraints=False),
        "negatives",
        "irregular",
    ),
    "cfc_default_0": (cfc(6, 0, proj_size=2), None, "irregular"),
    "cfc_default_0_masked": (masked("default", 0, "tanh"), None, "half"),
    "cfc_default_1_silu_mixed": (
        cfc(5, 1, activation="silu", mixed_memory=True, proj_size=3),
        None,
        "irregular",
    ),
    "cfc_default_2_gelu": (cfc(9, 2, activation="gelu"), None, "irregular"),
    "cfc_default_3_relu_dropout": (
        cfc(4, 3, activation="relu", backbone_dropout=0.3),
        None,
        "irregular",
    ),
    "cfc_pure_0": (cfc(5, 0, mode="pure"), None, "irregular"),
    "cfc_pure_1_relu_mixed": (
        cfc(5, 1, mode="pure", activation="relu", mixed_memory=True),
        None,
        "irregular",
    ),
    "cfc_pure_2_lecun_masked": (masked("pure", 2, "lecun_tanh"), None, "irregular"),
    "cfc_pure_3_gelu_dropout": (
        cfc(4, 3, mode="pure", activation="gelu", backbone_dropout=0.5, proj_size=2),
        None,
        "one",
    ),
    "cfc_no_gate_1_tanh": (cfc(5, 1, mode="no_gate", activation="tanh", proj_size=1), None, "one"),
    "cfc_no_gate_2_silu_masked": (masked("no_gate", 2, "silu", dropout=0.2), None, "irregular"),
    "cfc_no_gate_3_lecun_mixed": (
        cfc(5, 3, mode="no_gate", mixed_memory=True, backbone_units=9),
        None,
        "irregular",
    ),
    "wired_auto_default": (wired(auto, proj_size=3), None, "irregular"),
    "wired_auto_pure": (lambda: WiredCfCCell(3, auto(), "pure"), None, "half"),
    "wired_ncp_pure_mixed": (wired(ncp, mode="pure", mixed_memory=True), None, "irregular"),
    "wired_ncp_no_gate": (wired(ncp, mode="no_gate", proj_size=1), None, "irregular"),
    "wired_full_no_gate_mixed": (
        wired(full, mode="no_gate", mixed_memory=True, proj_size=2),
        None,
        "irregular",
    ),
    "wired_full_default": (wired(lambda: full(5, 2)), None, "one"),
    "wired_random_default_mixed": (wired(some, mixed_memory=True), None, "irregular"),
    "wired_random_pure": (wired(some, mode="pure"), None, "irregular"),
}


# ---- parameters ------------------------------------------------------------------

# deviation of what replaces a tensor, by the last part of its name
SPREAD = {
    "sigma": 4, "sensory_sigma": 4, "mu": 0.8, "sensory_mu": 0.8, "erev": 2, "sensory_erev": 2,
    "vleak": 1, "w": 1.5, "sensory_w": 1.5, "cm": 1.5, "gleak": 1.5, "input_w": 1, "input_b": 0.5,
    "output_w": 3, "output_b": 2, "w_tau": 1, "A": 1, "weight": 0.6, "bias": 0.8,
}  # fmt: skip


def cell_of(model):
    return getattr(model, "rnn_cell", model)


def draw(model, change):
    for name, tensor in model.named_parameters():
        key = name.rsplit(".", 1)[-1]
        if key != "sparsity_mask" and key != "sensory_sparsity_mask":
            tensor.copy_(SPREAD[key] * torch.randn(tensor.shape))
    cell = cell_of(model)
    if change == "zeros":
        cell.apply_weight_constraints()
        cell.cm[0] = cell.gleak[1] = 0
    if change == "negatives":  # gleak and cm keep the denominators from 0
        for key in ("w", "sensory_w"):
            getattr(cell, key).abs_().view(-1)[::3] *= -0.2
        cell.gleak.abs_().add_(4)
        cell.cm.abs_().add_(1)
        cell.cm[0] = cell.gleak[1] = -0.1


# ---- what ncps computes ----------------------------------------------------------


def sizes(model):
    cell = cell_of(model)
    if isinstance(cell, CfCCell):
        return cell.input_size, cell.hidden_size
    return cell.sensory_size, cell.state_size


def run(model, inputs, spans):
    """(outputs, states), both [S, T, ..], of a float64 model."""
    outputs, states = [], []
    for sequence, times in zip(inputs, spans):
        h = torch.zeros(1, sizes(model)[1], dtype=torch.float64)
        state = (h, h) if getattr(model, "use_mixed", False) else h
        for x, t in zip(sequence[:, None], times):
            if hasattr(model, "rnn_cell"):
                y, state = model(x[None], state, t.reshape(1, 1))
                y = y[0]
            else:
                y, state = model(x, state, t)
            outputs.append(y[0])
            states.append((state[0] if isinstance(state, tuple) else state)[0])
    shape = inputs.shape[0], inputs.shape[1], -1
    return torch.stack(outputs).reshape(shape), torch.stack(states).reshape(shape)


def draw_data(spans):
    inputs = 1.2 * torch.randn(SEQUENCES, STEPS, 3, dtype=torch.float64)
    shape = (SEQUENCES, STEPS)
    if spans == "irregular":
        times = 0.02 + 2.5 * torch.rand(shape, dtype=torch.float64) ** 2
    else:
        times = torch.full(shape, 0.5 if spans == "half" else 1.0, dtype=torch.float64)
    return inputs, times


def amplification(model, inputs, spans, states):
    """Of a difference of 1e-7 in every input, per unit of a state above 1."""
    moved = run(model, inputs + 1e-7, spans)[1]
    return ((moved - states).abs() / states.abs().clamp(min=1)).max().item() / 1e-7


def is_tame(model, inputs, spans, states):
    """Finite, small, alive and well conditioned."""
    alive = (states.amax((0, 1)) - states.amin((0, 1))).min()
    if not torch.isfinite(states).all() or states.abs().max() > 30 or alive < 1e-3:
        return False
    return amplification(model, inputs, spans, states) < MOST


# ---- files -----------------------------------------------------------------------


def fields_of(model):
    cell = cell_of(model)
    inputs, units = sizes(model)
    fields = {"inputs": inputs, "units": units}
    fields["mixed_memory"] = getattr(model, "use_mixed", False)
    if isinstance(cell, LTCCell):
        names = ("_ode_unfolds", "_epsilon", "_input_mapping", "_output_mapping")
        fields.update({name[1:]: getattr(cell, name) for name in names})
        fields["implicit_param_constraints"] = cell._implicit_param_constraints
        return {"cell": "ltc", "outputs": cell.motor_size, **fields}
    projected = isinstance(getattr(model, "fc", None), torch.nn.Linear)
    fields["projection"] = projected
    fields["framework"], fields["framework_version"] = "ncps.torch", "1.0.1"
    if isinstance(cell, CfCCell):
        name = type(cell.backbone[1]).__name__.lower() if cell.backbone else "lecun"
        fields["mode"] = cell.mode
        fields["backbone_activation"] = "lecun_tanh" if name == "lecun" else name
        fields["backbone_layers"] = cell.backbone_layers
        fields["backbone_units"] = cell.backbone[0].out_features if cell.backbone else 0
        return {"cell": "cfc", "outputs": model.fc.out_features if projected else units, **fields}
    wiring = cell._wiring
    layers = [[int(i) for i in wiring.get_neurons_of_layer(k)] for k in range(wiring.num_layers)]
    fields["mode"] = cell._layers[0].mode
    fields["wiring"] = {"layers": layers}
    outputs = model.fc.out_features if projected else len(layers[-1])
    return {"cell": "wired_cfc", "outputs": outputs, **fields}


def write(name, model, inputs, spans, outputs, states, regular):
    prefix = "" if hasattr(model, "rnn_cell") else "rnn_cell."
    tensors = {prefix + key: value.contiguous() for key, value in model.state_dict().items()}
    metadata = {"quench.network": json.dumps(fields_of(model))}
    save_file(tensors, FOLDER / f"{name}.safetensors", metadata)
    tensors = {"inputs": inputs, "outputs": outputs, "states": states}
    if not regular:
        tensors["timespans"] = spans
    save_file(tensors, FOLDER / f"{name}.reference.safetensors")


def main():
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    for old in FOLDER.glob("*.safetensors"):
        old.unlink()
    for number, (name, (make, change, kind)) in enumerate(NETWORKS.items()):
        for seed in range(1000 * number, 1000 * number + 1000):
            torch.manual_seed(seed)
            model = make().eval()
            draw(model, change)
            inputs, spans = draw_data(kind)
            model.double()  # of the float32 values that the file holds
            outputs, states = run(model, inputs, spans)
            if is_tame(model, inputs, spans, states):
                break
        else:
            raise SystemExit(f"{name}: no draw is tame")
        grown = amplification(model, inputs, spans, states)
        print(f"{name}: seed {seed}, states {states.min():.3g} .. {states.max():.3g}, x {grown:.3g}")
        if number % 4 != 3:  # every fourth stays in float64
            model.float()
        write(name, model, inputs, spans, outputs, states, kind == "one")


if __name__ == "__main__":
    main()
