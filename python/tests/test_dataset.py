"""quench.save_dataset: what it writes, and what it refuses by name."""

import json

import numpy as np
import pytest
import quench
import torch
from ncps import torch as nt
from safetensors import safe_open

INPUTS = np.arange(24.0).reshape(2, 4, 3)


def saved(folder, *arguments, **options):
    path = folder / "data.safetensors"
    quench.save_dataset(path, *arguments, **options)
    with safe_open(path, "np") as file:
        fields = json.loads(file.metadata()["quench.dataset"])
        return fields, {name: file.get_tensor(name) for name in file.keys()}


def test_arrays_of_every_kind_are_the_same_numbers(tmp_path):
    kinds = [
        INPUTS,
        INPUTS.tolist(),
        INPUTS.astype(np.float32),
        INPUTS.astype(np.int16),
        INPUTS[::-1, ::-1][::-1, ::-1],
        torch.tensor(INPUTS, requires_grad=True),
        torch.tensor(INPUTS).transpose(0, 1).contiguous().transpose(0, 1),
        torch.tensor(INPUTS).bfloat16(),
    ]
    for inputs in kinds:
        fields, arrays = saved(tmp_path, inputs)
        assert fields == {"warmup_steps": 0}
        assert arrays.keys() == {"inputs"}
        assert arrays["inputs"].dtype == np.float64
        assert np.array_equal(arrays["inputs"], INPUTS)


def test_everything_that_a_dataset_may_hold(tmp_path):
    fields, arrays = saved(
        tmp_path,
        INPUTS,
        targets=np.ones((2, 4), bool),
        timespans=np.full((2, 4), 0.5, np.float32),
        task="binary",
        warmup_steps=3,
        outputs=np.zeros((2, 4, 1)),
        states=torch.zeros(2, 4, 5),
    )
    assert fields == {"warmup_steps": 3, "task": "binary"}
    assert arrays["targets"].dtype == np.int64
    assert {name: array.shape for name, array in arrays.items()} == {
        "inputs": (2, 4, 3),
        "targets": (2, 4),
        "timespans": (2, 4),
        "outputs": (2, 4, 1),
        "states": (2, 4, 5),
    }


def test_classes_in_floats_become_integers_and_values_stay(tmp_path):
    targets = np.array([[0.0, 1, 2, 1]] * 2)
    assert (
        saved(tmp_path, INPUTS, targets=targets, task="multiclass")[1]["targets"].dtype == np.int64
    )
    assert saved(tmp_path, INPUTS, targets=targets)[1]["targets"].dtype == np.float64


WRONG_SPAN = [[1.0] * 4, [1, 1, 0, 1]]


@pytest.mark.parametrize(
    "error, match, options",
    [
        (ValueError, r"inputs: shape \[4, 3\].*inputs\[None\]", {"inputs": INPUTS[0]}),
        (ValueError, r"inputs: shape \[2, 0, 3\]", {"inputs": INPUTS[:, :0]}),
        (ValueError, r"inputs\[0,1,2\] is nan", {"inputs": np.where(INPUTS == 5, np.nan, INPUTS)}),
        (TypeError, "inputs: dtype", {"inputs": [[["a"]]]}),
        (ValueError, "inputs", {"inputs": [[[1.0], [1.0, 2.0]]]}),
        (TypeError, "inputs: dtype complex", {"inputs": INPUTS * 1j}),
        (ValueError, r"timespans\[1,2\] is 0.0: a sample lasts", {"timespans": WRONG_SPAN}),
        (ValueError, r"timespans\[0,0\] is -1", {"timespans": -np.ones((2, 4))}),
        (ValueError, r"timespans\[0,0\] is inf", {"timespans": np.full((2, 4), np.inf)}),
        (ValueError, r"timespans: shape \[4\]", {"timespans": np.ones(4)}),
        (
            ValueError,
            r"timespans: shape \[2, 4, 3\], expected one",
            {"timespans": np.ones((2, 4, 3))},
        ),
        (
            ValueError,
            r"outputs: shape \[2, 3, 1\] does not go with",
            {"outputs": np.ones((2, 3, 1))},
        ),
        (
            ValueError,
            r"states\[1,3,0\] is inf",
            {"states": np.float64([[[0]] * 4, [[0]] * 3 + [[np.inf]]])},
        ),
        (ValueError, r"targets: shape \[2\]", {"targets": [0, 1]}),
        (
            ValueError,
            r"targets\[0,0\] is 2: .* 0 to 1",
            {"targets": np.full((2, 4), 2), "task": "binary"},
        ),
        (
            ValueError,
            r"targets\[0,0\] is 0.5",
            {"targets": np.full((2, 4), 0.5), "task": "multiclass"},
        ),
        (
            ValueError,
            r"targets\[0,0\] is -1",
            {"targets": -np.ones((2, 4), int), "task": "binary_last"},
        ),
        (ValueError, r"argmax", {"targets": np.ones((2, 4, 5)), "task": "multiclass"}),
        (
            ValueError,
            r"targets\[0,0\] is 3: .* 0 to 2",
            {"targets": np.full((2, 4), 3), "task": "multiclass", "outputs": np.ones((2, 4, 3))},
        ),
        (
            ValueError,
            r"targets: 2 values a step, outputs has 3",
            {"targets": np.ones((2, 4, 2)), "task": "regression", "outputs": np.ones((2, 4, 3))},
        ),
        (ValueError, "task 'guess' is none of", {"task": "guess"}),
        (ValueError, "warmup_steps is 4, expected 0 to 3", {"warmup_steps": 4}),
        (ValueError, "warmup_steps is -1", {"warmup_steps": -1}),
        (TypeError, "warmup_steps is 0.5", {"warmup_steps": 0.5}),
    ],
)
def test_what_does_not_fit_is_refused(error, match, options, tmp_path):
    with pytest.raises(error, match=match):
        quench.save_dataset(tmp_path / "data.safetensors", **{"inputs": INPUTS, **options})
    assert list(tmp_path.iterdir()) == []


def test_another_name_is_refused(tmp_path):
    with pytest.raises(ValueError, match="data.npz: the name of a dataset ends in .safetensors"):
        quench.save_dataset(tmp_path / "data.npz", INPUTS)


@pytest.mark.parametrize(
    "task, targets",
    [
        ("binary", np.ones((2, 4), int)),
        ("binary_last", np.ones((2, 4, 1))),
        ("multiclass", [[0, 1, 2, 2], [2, 1, 0, 0]]),
        ("regression", np.ones((2, 4, 3))),
    ],
)
def test_the_program_reads_every_task(task, targets, program, tmp_path):
    quench.save(nt.LTC(3, 3), tmp_path / "net.safetensors")
    spans = np.linspace(0.1, 2, 8).reshape(2, 4, 1)
    quench.save_dataset(
        tmp_path / "data.safetensors",
        INPUTS / 24,
        targets=targets,
        timespans=spans,
        task=task,
        warmup_steps=2,
    )
    done = program("run", "net.safetensors", "data.safetensors")
    assert done.returncode == 0, done.stderr
    assert ("rmse" if task == "regression" else "accuracy") in done.stdout


def test_the_program_applies_mean_and_deviation(program, tmp_path):
    mean, std = np.array([5.0, 6, 7]), np.array([2.0, 3, 4])
    quench.save(nt.CfC(3, 4), tmp_path / "net.safetensors", input_mean=mean, input_std=std)
    quench.save_dataset(tmp_path / "raw.safetensors", INPUTS)
    quench.save_dataset(tmp_path / "scaled.safetensors", (INPUTS - mean) / std)
    for name, *raw in (("raw", "--raw"), ("scaled",)):
        done = program("run", "net.safetensors", f"{name}.safetensors", *raw, "-o", f"{name}.csv")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "raw.csv").read_text() == (tmp_path / "scaled.csv").read_text()
