"""`quench run` against ncps itself in float64, on the same data."""

import json

import numpy as np
import pytest
import quench
import torch
from networks import CASES, make_data, run_ncps
from ncps import torch as nt
from ncps import wirings
from safetensors import safe_open
from safetensors.numpy import save_file

torch.set_num_threads(1)
LIMIT = 1e-12
SEQUENTIAL = [case for case in CASES if "cell" not in case.name]


def difference(got, want):
    """The largest, relative where a value exceeds 1."""
    assert got.shape == want.shape
    return np.max(np.abs(got - want) / np.maximum(1, np.abs(want)))


def write_case(case, seed, folder):
    """Network and dataset with ncps' results; (outputs, states)."""
    model = case.build(seed)
    quench.save(model, folder / "net.safetensors")
    inputs, spans = make_data(model, case.spans, seed)
    outputs, states = run_ncps(model, inputs, spans)
    assert np.ptp(states) > 0.1 and np.abs(states).max() < 10
    quench.save_dataset(
        folder / "data.safetensors", inputs, timespans=spans, outputs=outputs, states=states
    )
    return outputs, states


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_reference_equals_ncps(case, program, tmp_path):
    outputs, states = write_case(case, 1000 + CASES.index(case), tmp_path)
    done = program(
        "run", "net.safetensors", "data.safetensors", "--on", "reference",
        "-o", "out.safetensors", "--states",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    got = quench.load_output(tmp_path / "out.safetensors")
    assert difference(got["outputs"], outputs) <= LIMIT
    assert difference(got["states"], states) <= LIMIT


def test_there_are_enough_cases():
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", SEQUENTIAL[::9], ids=lambda case: case.name)
def test_stepping_is_what_ncps_does_with_a_whole_sequence(case):
    model = case.build(7)
    inputs, spans = make_data(model, case.spans, 7, sequences=1)
    stepped, states = run_ncps(model, inputs, spans)
    state = torch.zeros(1, states.shape[2], dtype=torch.float64)
    hx = (state, state) if model.use_mixed else state
    with torch.no_grad():
        whole, _ = model(torch.tensor(inputs), hx, None if spans is None else torch.tensor(spans))
    assert np.array_equal(whole.numpy(), stepped)


def test_outputs_as_csv_are_the_same_numbers(program, tmp_path):
    outputs, _ = write_case(CASES[3], 5, tmp_path)
    assert program("run", "net.safetensors", "data.safetensors", "-o", "out.csv").returncode == 0
    got = quench.load_output(tmp_path / "out.csv")
    assert difference(got["outputs"], outputs) <= LIMIT
    assert got["steps"].tolist() == [outputs.shape[1]] * len(outputs)
    assert got["names"].tolist() == [f"y{i + 1}" for i in range(outputs.shape[2])]


# ---- the tests above would see a mistake -------------------------------------------


SENSED = {
    "ltc": (
        lambda: nt.LTC(3, wirings.FullyConnected(4, 2), mixed_memory=True),
        {
            "ode_unfolds": 7,
            "epsilon": 0,
            "input_mapping": None,
            "output_mapping": "linear",
            "implicit_param_constraints": False,
            "mixed_memory": False,
        },
    ),
    "cfc": (
        lambda: nt.CfC(3, 4, proj_size=4, mixed_memory=True, backbone_units=5, backbone_layers=2),
        {
            "mode": "no_gate",
            "backbone_activation": "gelu",
            "projection": False,
            "mixed_memory": False,
        },
    ),
    "pure": (lambda: nt.CfC(3, 4, mode="pure", backbone_units=5), {"backbone_activation": "silu"}),
    "wired": (
        lambda: nt.CfC(3, wirings.AutoNCP(9, 2), proj_size=2, mixed_memory=True),
        {"mode": "no_gate", "projection": False, "mixed_memory": False},
    ),
}


@pytest.fixture(params=SENSED)
def sensed(request, tmp_path):
    """(fields, tensors, wrong fields) of a network whose dataset is right."""
    make, wrong = SENSED[request.param]
    torch.manual_seed(3)
    model = make()
    quench.save(model, tmp_path / "net.safetensors")
    inputs, spans = make_data(model, "irregular", 3)
    outputs, states = run_ncps(model, inputs, spans)
    quench.save_dataset(
        tmp_path / "data.safetensors", inputs, timespans=spans, outputs=outputs, states=states
    )
    with safe_open(tmp_path / "net.safetensors", "np") as file:
        fields = json.loads(file.metadata()["quench.network"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    return fields, tensors, wrong


def run_changed(program, tmp_path, fields, tensors):
    save_file(tensors, tmp_path / "wrong.safetensors", {"quench.network": json.dumps(fields)})
    return program("run", "wrong.safetensors", "data.safetensors")


def test_a_wrong_field_is_seen(sensed, program, tmp_path):
    fields, tensors, wrong = sensed
    assert run_changed(program, tmp_path, fields, tensors).returncode == 0
    for key, value in wrong.items():
        assert fields[key] != value
        done = run_changed(program, tmp_path, {**fields, key: value}, tensors)
        assert done.returncode in (1, 3), f"{key}: {done.stderr}"  # refused or another result


def test_a_wrong_number_in_any_tensor_is_seen(sensed, program, tmp_path):
    fields, tensors, _ = sensed
    for name, tensor in tensors.items():
        if name.endswith("sparsity_mask"):
            changed = tensor.copy()
            index = np.unravel_index(np.argmax(tensor == 1), tensor.shape)
            changed[index] = 0
        else:
            changed = tensor * (1 + 1e-5) + 1e-5
        done = run_changed(
            program, tmp_path, fields, {**tensors, name: changed.astype(tensor.dtype)}
        )
        assert done.returncode == 3, f"{name}: {done.stderr}"
