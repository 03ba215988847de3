"""quench.save: what it writes, and what it refuses by name."""

import copy
import importlib.metadata
import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import quench
import torch
from ncps import torch as nt
from ncps import wirings
from networks import CASES, TwoLayers, custom_wiring
from safetensors import safe_open


def ltc(**options):
    return nt.LTC(3, wirings.AutoNCP(7, 2), **options)


def load(path):
    with safe_open(path, "np") as file:
        fields = json.loads(file.metadata()["quench.network"])
        return fields, {name: file.get_tensor(name) for name in file.keys()}


def saved(model, folder, **options):
    quench.save(model, folder / "net.safetensors", **options)
    return load(folder / "net.safetensors")


def refuse(error, match, model, folder, **options):
    with pytest.raises(error, match=match):
        quench.save(model, folder / "net.safetensors", **options)
    assert list(folder.iterdir()) == []


# ---- what is written -------------------------------------------------------------


@pytest.mark.parametrize("case", CASES[::5], ids=lambda case: case.name)
def test_tensors_are_the_state_dict(case, tmp_path):
    model = case.build(1)
    _, tensors = saved(model, tmp_path)
    prefix = "" if hasattr(model, "rnn_cell") else "rnn_cell."
    want = {prefix + name: tensor.numpy() for name, tensor in model.state_dict().items()}
    assert tensors.keys() == want.keys()
    for name, array in want.items():
        assert tensors[name].dtype == array.dtype
        assert np.array_equal(tensors[name], array)


def test_fields_of_an_ltc(tmp_path):
    model = ltc(
        ode_unfolds=np.int64(4),
        epsilon=1e-3,
        input_mapping="linear",
        output_mapping="sigmoid",
        implicit_param_constraints=False,
    )
    fields, _ = saved(model, tmp_path)
    assert fields == {
        "cell": "ltc",
        "inputs": 3,
        "units": 7,
        "outputs": 2,
        "mixed_memory": False,
        "framework": "ncps.torch",
        "framework_version": importlib.metadata.version("ncps"),
        "ode_unfolds": 4,
        "epsilon": 1e-3,
        "input_mapping": "linear",
        "output_mapping": None,  # ncps takes any other word for none
        "implicit_param_constraints": False,
        "wiring": {
            "class": "AutoNCP",
            "units": 7,
            "output_dim": 2,
            "layers": [[4, 5, 6], [2, 3], [0, 1]],
        },
    }


def test_the_wrapper_and_the_bare_cell_have_other_defaults(tmp_path):
    assert saved(ltc(), tmp_path)[0]["implicit_param_constraints"] is True
    cell = nt.LTCCell(wirings.AutoNCP(7, 2), 3)
    assert saved(cell, tmp_path)[0]["implicit_param_constraints"] is False


def test_fields_of_a_cfc(tmp_path):
    model = nt.CfC(
        3, 6, proj_size=2, mixed_memory=True, mode="no_gate", activation="gelu",
        backbone_units=5, backbone_layers=3, backbone_dropout=0.2,
    )  # fmt: skip
    fields, tensors = saved(model, tmp_path)
    assert fields == {
        "cell": "cfc",
        "inputs": 3,
        "units": 6,
        "outputs": 2,
        "mixed_memory": True,
        "framework": "ncps.torch",
        "framework_version": importlib.metadata.version("ncps"),
        "mode": "no_gate",
        "backbone_activation": "gelu",
        "backbone_layers": 3,
        "backbone_units": 5,
        "projection": True,
    }
    backbone = {name.split(".")[2] for name in tensors if ".backbone." in name}
    assert backbone == {"0", "2", "5"}  # dropout stands behind the second and third


@pytest.mark.parametrize("activation", ["silu", "relu", "tanh", "gelu", "lecun_tanh"])
def test_the_activation_is_that_of_the_live_module(activation, tmp_path):
    fields, _ = saved(nt.CfC(2, 3, activation=activation), tmp_path)
    assert fields["backbone_activation"] == activation


def test_fields_of_a_cell_without_backbone(tmp_path):
    fields, _ = saved(nt.CfCCell(2, 3, backbone_layers=0), tmp_path)
    assert (fields["backbone_layers"], fields["backbone_units"]) == (0, 0)
    assert (fields["outputs"], fields["projection"]) == (3, False)


def test_fields_of_a_wired_cfc(tmp_path):
    fields, _ = saved(nt.CfC(3, TwoLayers(), mode="pure"), tmp_path)
    assert (fields["cell"], fields["mode"], fields["projection"]) == ("wired_cfc", "pure", False)
    assert fields["wiring"] == {
        "class": "TwoLayers",
        "units": 7,
        "output_dim": 3,
        "layers": [[3, 6, 0, 5], [4, 1, 2]],
    }
    assert fields["outputs"] == 3


def test_a_wired_cfc_returns_its_whole_last_layer(tmp_path):
    fields, _ = saved(nt.CfC(3, wirings.FullyConnected(8, 2)), tmp_path)
    assert (fields["outputs"], fields["wiring"]["output_dim"]) == (8, 2)


def test_layers_that_an_ltc_does_not_need_are_left_out(tmp_path):
    wiring = custom_wiring()
    wiring.get_neurons_of_layer = lambda layer: [0, 1]
    assert "layers" not in saved(nt.LTCCell(wiring), tmp_path)[0]["wiring"]


def test_optional_fields(tmp_path):
    fields, _ = saved(
        ltc(),
        tmp_path,
        input_names=["T [°C]", "a,b", 'q"'],
        output_names=("u", "v"),
        input_mean=torch.tensor([1.0, 0.1, -2.0]),
        input_std=np.array([1, 2, 3]),
        task="multiclass",
    )
    assert fields["input_names"] == ["T [°C]", "a,b", 'q"']
    assert fields["output_names"] == ["u", "v"]
    assert fields["input_mean"] == [1.0, float(np.float32(0.1)), -2.0]
    assert fields["input_std"] == [1, 2, 3]
    assert fields["task"] == "multiclass"


def test_the_same_module_gives_the_same_bytes(tmp_path):
    model = ltc(mixed_memory=True)
    quench.save(model, tmp_path / "a.safetensors")
    quench.save(model.train().requires_grad_(False), str(tmp_path / "b.safetensors"))
    quench.save(copy.deepcopy(model), tmp_path / "c.safetensors")
    quench.save(pickle.loads(pickle.dumps(model)), tmp_path / "d.safetensors")
    a, b, c, d = (tmp_path.joinpath(f"{n}.safetensors").read_bytes() for n in "abcd")
    assert a == b == c == d


def test_the_module_is_only_read(tmp_path):
    model = nt.CfC(3, wirings.AutoNCP(7, 2)).train()
    before = copy.deepcopy(model.state_dict())
    quench.save(model, tmp_path / "net.safetensors")
    assert model.training and all(p.requires_grad for p in model.rnn_cell.layer_0.ff1.parameters())
    assert all(torch.equal(before[k], v) for k, v in model.state_dict().items())


def test_a_loaded_checkpoint_is_saved(tmp_path):
    model, trained = ltc(), ltc()
    model.load_state_dict(trained.state_dict())
    assert np.array_equal(
        saved(model, tmp_path)[1]["rnn_cell.w"], trained.rnn_cell.w.detach().numpy()
    )


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "net.safetensors"
    path.write_bytes(b"old")
    (tmp_path / f"net.safetensors.{os.getpid()}-0").write_bytes(b"another's")
    os.umask(old := os.umask(0o027))
    with pytest.raises(ValueError):
        quench.save(ltc(), path, task="guess")
    assert path.read_bytes() == b"old"
    quench.save(ltc(), path)
    assert load(path)[0]["cell"] == "ltc"
    assert path.stat().st_mode & 0o777 == 0o666 & ~old
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="none/net.safetensors'$"):
        quench.save(ltc(), tmp_path / "none" / "net.safetensors")


def test_the_package_needs_neither_torch_nor_ncps():
    code = "import sys, quench; sys.exit('torch' in sys.modules or 'ncps' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# ---- classes that are refused -------------------------------------------------------


@pytest.mark.parametrize("twin", ["tf", "keras", "paddle"])
def test_twins_in_other_frameworks_are_refused(twin, tmp_path):
    kind = type("CfC", (), {"__module__": f"ncps.{twin}.cfc"})
    derived = type("Mine", (kind,), {})
    for model in (kind(), derived()):
        refuse(TypeError, rf"ncps\.{twin}.*other equations than ncps.torch", model, tmp_path)


def test_a_larger_model_is_refused_with_the_part_to_pass(tmp_path):
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = torch.nn.Linear(3, 3)
            self.body = torch.nn.ModuleDict({"rnn": ltc()})

    refuse(TypeError, r"Net is none of LTC, .*: pass model\.body\.rnn$", Net(), tmp_path)
    refuse(TypeError, "Linear is none of LTC", torch.nn.Linear(2, 2), tmp_path)
    refuse(TypeError, "OrderedDict is none of LTC.*pass the module", ltc().state_dict(), tmp_path)


def test_a_subclass_is_taken_unless_it_overrides_something(tmp_path):
    class Named(nt.LTC):
        """Holds its name besides."""

        def __init__(self, name):
            super().__init__(3, 4)
            self.name = name

    class Other(Named):
        def forward(self, *arguments, **options):
            return super().forward(*arguments, **options)

    assert saved(Named("x"), tmp_path)[0]["units"] == 4
    os.remove(tmp_path / "net.safetensors")
    refuse(TypeError, "model: Other overrides forward of LTC", Other("x"), tmp_path)


def test_a_part_that_computes_otherwise_is_refused(tmp_path):
    class Leaky(nt.LTCCell):
        def _ode_solver(self, inputs, state, elapsed_time):
            return state

    model = ltc()
    model.rnn_cell = Leaky(wirings.AutoNCP(7, 2), 3)
    refuse(TypeError, "rnn_cell: Leaky overrides _ode_solver of LTCCell", model, tmp_path)

    model = ltc()
    model.rnn_cell._sigmoid = lambda v, mu, sigma: v
    refuse(TypeError, "rnn_cell: its _sigmoid was replaced", model, tmp_path)

    model = ltc()
    model.rnn_cell.make_positive_fn = torch.nn.ReLU()
    refuse(TypeError, "rnn_cell.make_positive_fn is a .*ReLU", model, tmp_path)

    model = ltc()
    model.rnn_cell.make_positive_fn = torch.nn.Softplus(beta=2)
    refuse(ValueError, "rnn_cell.make_positive_fn: .*beta 1", model, tmp_path)

    model = nt.CfC(3, 4)
    model.rnn_cell.tanh = torch.nn.Hardtanh()
    refuse(TypeError, "rnn_cell.tanh is a .*Hardtanh", model, tmp_path)

    model = nt.CfC(3, 4)
    model.rnn_cell.backbone[1] = torch.nn.ELU()
    refuse(TypeError, r"rnn_cell.backbone.1: .*ELU is none of the activations", model, tmp_path)

    model = nt.CfC(3, 4, backbone_layers=2, backbone_dropout=0.1)
    model.rnn_cell.backbone.add_module("5", torch.nn.Tanh())
    refuse(ValueError, "rnn_cell.backbone: expected 2 times a Linear", model, tmp_path)

    model = nt.CfC(3, 4, activation="gelu")
    model.rnn_cell.backbone[1] = torch.nn.GELU(approximate="tanh")
    refuse(ValueError, "rnn_cell.backbone.1: GELU by tanh", model, tmp_path)

    model = nt.CfC(3, 4, mixed_memory=True)
    model.lstm.sigmoid = torch.nn.Hardsigmoid()
    refuse(TypeError, "lstm.sigmoid is a .*Hardsigmoid", model, tmp_path)

    model = nt.CfC(3, 4, proj_size=1)
    model.fc = torch.nn.Sequential(model.fc, torch.nn.ReLU())
    refuse(TypeError, "fc is a .*Sequential", model, tmp_path)

    model = nt.CfC(3, 4)
    model.rnn_cell = nt.LTCCell(wirings.FullyConnected(4), 3)
    refuse(TypeError, "rnn_cell is a .*LTCCell, expected that of CfC", model, tmp_path)


@pytest.mark.parametrize("version", ["0.0.6", "1.0.2", "2.0.0"])
def test_other_versions_of_ncps_are_refused(version, monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: version)
    refuse(ValueError, f"ncps {version} may compute other equations", ltc(), tmp_path)


def test_the_other_version_with_the_same_cells_is_taken(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.0.0")
    assert saved(ltc(), tmp_path)[0]["framework_version"] == "1.0.0"


# ---- tensors that are refused ----------------------------------------------------------


def test_a_parameter_that_the_cell_does_not_compute_with_is_refused(tmp_path):
    model = ltc()
    model.rnn_cell.w = torch.nn.Parameter(torch.ones(7, 7))
    refuse(
        ValueError, r"rnn_cell\.w: the forward pass computes with another tensor", model, tmp_path
    )

    cell = nt.LTCCell(wirings.AutoNCP(7, 2), 3)
    cell.register_parameter("cm", torch.nn.Parameter(torch.ones(7)))
    refuse(ValueError, r"cm: the forward pass computes with another tensor", cell, tmp_path)

    model = nt.CfC(3, wirings.AutoNCP(7, 2))
    model.rnn_cell.layer_1 = copy.deepcopy(model.rnn_cell.layer_1)
    refuse(ValueError, r"rnn_cell\.layer_1\..*: the forward pass computes with", model, tmp_path)


def test_pruned_and_parametrized_tensors_are_refused(tmp_path):
    from torch.nn.utils import parametrize, prune, weight_norm

    model = ltc()
    prune.l1_unstructured(model.rnn_cell, "w", 0.5)
    refuse(ValueError, r"rnn_cell\.w_orig: a pruned or parametrized", model, tmp_path)

    model = nt.CfC(3, 4)
    prune.l1_unstructured(model.rnn_cell.ff1, "weight", 0.5)
    refuse(ValueError, r"rnn_cell\.ff1\.weight_\w+: a pruned", model, tmp_path)

    model = ltc()
    parametrize.register_parametrization(model.rnn_cell, "w", torch.nn.Softplus())
    refuse(ValueError, r"rnn_cell\.parametrizations\.w\.original: a pruned", model, tmp_path)

    model = nt.CfC(3, 4)
    weight_norm(model.rnn_cell.ff1)
    refuse(ValueError, r"rnn_cell\.ff1\.weight_g: a pruned", model, tmp_path)


def test_pruning_made_permanent_is_saved(tmp_path):
    from torch.nn.utils import prune

    model = nt.CfC(3, 4)
    prune.l1_unstructured(model.rnn_cell.ff1, "weight", 0.5)
    prune.remove(model.rnn_cell.ff1, "weight")
    assert np.mean(saved(model, tmp_path)[1]["rnn_cell.ff1.weight"] == 0) == 0.5


def test_tensors_of_no_cell_of_ncps_are_refused(tmp_path):
    model = ltc()
    model.gain = torch.nn.Parameter(torch.ones(1))
    refuse(ValueError, "gain: LTC of ncps.torch does not compute with", model, tmp_path)

    model = nt.CfC(3, 4, proj_size=2)
    model.fc = torch.nn.Linear(4, 2, bias=False)
    refuse(ValueError, "fc.bias: not in the state_dict", model, tmp_path)

    model = nt.CfC(3, 4)
    model.rnn_cell.mode = "pure"
    refuse(ValueError, "rnn_cell.w_tau: missing", model, tmp_path)

    model = ltc()
    model.rnn_cell._output_mapping = None
    refuse(ValueError, "rnn_cell.output_w: LTC of ncps.torch does not", model, tmp_path)

    model = ltc(input_mapping=None)
    model.rnn_cell._input_mapping = "affine"
    refuse(ValueError, "rnn_cell.input_w: missing", model, tmp_path)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_refused(dtype, tmp_path):
    refuse(TypeError, r"rnn_cell\.\w+: dtype b?float16.*model.float", ltc().to(dtype), tmp_path)


def test_quantised_layers_are_refused(tmp_path):
    model = torch.ao.quantization.quantize_dynamic(nt.CfC(3, 4), {torch.nn.Linear}, torch.qint8)
    refuse(TypeError, "rnn_cell.backbone.0 is a .*quantized.*Linear", model, tmp_path)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_refused_by_its_index(value, tmp_path):
    model = ltc()
    model.rnn_cell.sigma.data[3, 4] = value
    refuse(ValueError, rf"rnn_cell\.sigma\[3,4\] is {value}", model, tmp_path)

    cell = nt.CfCCell(2, 3)
    cell.ff1.bias.data[1] = value
    refuse(ValueError, rf"rnn_cell\.ff1\.bias\[1\] is {value}", cell, tmp_path)


def test_masks_of_other_numbers_are_refused(tmp_path):
    model = ltc()
    model.rnn_cell.sensory_sparsity_mask.data[1, 2] = 0.5
    refuse(ValueError, r"rnn_cell\.sensory_sparsity_mask\[1,2\] is 0\.5", model, tmp_path)

    cell = nt.CfCCell(2, 3, backbone_layers=0, sparsity_mask=np.full((5, 3), 2))
    refuse(ValueError, r"rnn_cell\.sparsity_mask\[0,0\] is 2\.0", cell, tmp_path)

    cell = nt.CfCCell(2, 3, backbone_layers=0, sparsity_mask=np.ones((5, 1)))
    refuse(ValueError, r"sparsity_mask: shape \[1, 5\], expected \[3, 5\]", cell, tmp_path)


def test_a_tensor_without_values_is_refused(tmp_path):
    cell = nt.CfCCell(2, 3)
    cell.ff2.bias = torch.nn.Parameter(torch.empty(3, device="meta"))
    refuse(ValueError, "rnn_cell.ff2.bias: on the meta device", cell, tmp_path)


# ---- sizes that do not fit ---------------------------------------------------------------


def test_a_projection_that_ncps_cannot_run_is_refused(tmp_path):
    model = nt.CfC(3, wirings.FullyConnected(8, 2), proj_size=4)
    with pytest.raises(RuntimeError):
        model(torch.zeros(1, 1, 3))
    refuse(ValueError, "fc: the projection takes 2 values.*has 8 neurons", model, tmp_path)


def test_a_wiring_that_was_changed_afterwards_is_refused(tmp_path):
    model = ltc()
    model.rnn_cell._wiring.set_output_dim(3)
    refuse(ValueError, r"output_w: shape \[2\], expected \[3\]", model, tmp_path)
    model.rnn_cell._wiring.set_output_dim(9)
    refuse(ValueError, "wiring.output_dim is 9, the wiring has 7 units", model, tmp_path)
    model.rnn_cell._wiring.set_output_dim(None)
    refuse(ValueError, "wiring.output_dim is None", model, tmp_path)

    model = nt.CfC(3, TwoLayers())
    model.wiring.get_neurons_of_layer = lambda layer: [0, 1]
    refuse(ValueError, "layers of .* do not share out 7 units", model, tmp_path)


def test_numbers_that_ncps_cannot_run_with_are_refused(tmp_path):
    refuse(ValueError, "_ode_unfolds is 0, expected at least 1", ltc(ode_unfolds=0), tmp_path)
    refuse(ValueError, "_ode_unfolds is 1.5", ltc(ode_unfolds=1.5), tmp_path)
    refuse(ValueError, "epsilon is -1.0", ltc(epsilon=-1), tmp_path)
    refuse(ValueError, "epsilon is nan", ltc(epsilon=float("nan")), tmp_path)


# ---- arguments -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error, match, options",
    [
        (ValueError, "input_names: 2 names, the network has 3", {"input_names": ["a", "b"]}),
        (ValueError, "output_names: 3 names, the network has 2", {"output_names": "a b c".split()}),
        (TypeError, "input_names is one string", {"input_names": "abc"}),
        (TypeError, r"input_names\[1\] is int", {"input_names": ["a", 1, "b"]}),
        (ValueError, "'a' is there twice", {"input_names": ["a", "b", "a"]}),
        (ValueError, r"input_names\[2\] is ''", {"input_names": ["a", "b", ""]}),
        (ValueError, r"output_names\[0\] is 'a\\x00'", {"output_names": ["a\0", "b"]}),
        (ValueError, r"output_names\[1\] is '\\ud800'", {"output_names": ["a", "\ud800"]}),
        (ValueError, "'target' is a column of its own", {"input_names": ["a", "target", "b"]}),
        (ValueError, "input_mean and input_std come together", {"input_mean": [0, 0, 0]}),
        (ValueError, "come together", {"input_std": [1, 1, 1]}),
        (ValueError, r"input_std: shape \[2\]", {"input_mean": [0] * 3, "input_std": [1, 1]}),
        (ValueError, r"input_std\[1\] is 0", {"input_mean": [0] * 3, "input_std": [1, 0, 1]}),
        (ValueError, r"input_std\[0\] is -1", {"input_mean": [0] * 3, "input_std": [-1, 1, 1]}),
        (
            ValueError,
            r"input_mean\[2\] is nan",
            {"input_mean": [0, 0, np.nan], "input_std": [1] * 3},
        ),
        (TypeError, "input_mean: dtype", {"input_mean": ["a"] * 3, "input_std": [1] * 3}),
        (ValueError, "task 'classify' is none of binary, ", {"task": "classify"}),
    ],
)
def test_arguments_that_do_not_fit_are_refused(error, match, options, tmp_path):
    refuse(error, match, ltc(), tmp_path, **options)


def test_another_name_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"net.pt: the name of a network ends in .safetensors"):
        quench.save(ltc(), tmp_path / "net.pt")
    with pytest.raises(TypeError):
        quench.save(ltc(), 3)
