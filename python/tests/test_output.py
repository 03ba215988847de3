"""quench.load_output: what it reads, and what it refuses by name."""

import numpy as np
import pytest
import quench
import torch
from ncps import torch as nt
from safetensors.numpy import save_file

DATA = "sequence,a,b,timespan\n0,1,2,1\n0,2,1,0.5\n1,1,1,2\n1,0,0,1\n1,3,3,1\n"


def test_tensors_come_back(tmp_path):
    path = tmp_path / "out.safetensors"
    arrays = {"outputs": np.random.rand(2, 3, 1), "states": np.random.rand(2, 3, 4)}
    save_file(arrays, path)
    got = quench.load_output(path)
    assert got.keys() == arrays.keys()
    assert all(np.array_equal(got[name], arrays[name]) for name in arrays)


def test_a_table_of_equal_lengths_is_an_array(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text('sequence,step,"a, ""b""",c\n0,0,1,nan\n0,1,2,-inf\n1,0,3,6\n1,1,0.1,7\n')
    got = quench.load_output(str(path))
    assert got["names"].tolist() == ['a, "b"', "c"]
    assert got["steps"].tolist() == [2, 2]
    want = [[[1, np.nan], [2, -np.inf]], [[3, 6], [0.1, 7]]]
    assert np.array_equal(got["outputs"], want, equal_nan=True)


def test_sequences_of_different_lengths_end_in_nan(program, tmp_path):
    quench.save(nt.LTC(2, 3), tmp_path / "net.safetensors", input_names=["a", "b"])
    (tmp_path / "data.csv").write_text(DATA)
    done = program("run", "net.safetensors", "data.csv", "-o", "out.csv")
    assert done.returncode == 0, done.stderr
    got = quench.load_output(tmp_path / "out.csv")
    assert got["steps"].tolist() == [2, 3]
    assert got["outputs"].shape == (2, 3, 3)
    assert np.isnan(got["outputs"][0, 2]).all() and np.isnan(got["outputs"]).sum() == 3
    rows = (tmp_path / "out.csv").read_text().split("\n")
    assert rows[4] == "1,1," + ",".join(f"{v:.17g}" for v in got["outputs"][1, 1])


@pytest.mark.parametrize("extension", ["csv", "safetensors"])
@pytest.mark.parametrize("parts", ["tau", "states", "outputs,tau", "tau,outputs,states"])
def test_what_was_traced_comes_back_by_name(program, tmp_path, parts, extension):
    torch.manual_seed(1)
    quench.save(nt.LTC(2, 3), tmp_path / "net.safetensors")
    quench.save_dataset(tmp_path / "data.safetensors", np.random.rand(2, 4, 2))
    everything = ("--trace", "tau,states,outputs", "-o", "all.safetensors")
    assert program("run", "net.safetensors", "data.safetensors", *everything).returncode == 0
    some = ("--trace", parts, "-o", f"some.{extension}")
    assert program("run", "net.safetensors", "data.safetensors", *some).returncode == 0
    want = quench.load_output(tmp_path / "all.safetensors")
    got = quench.load_output(tmp_path / f"some.{extension}")
    assert set(got) - {"steps", "names"} == set(parts.split(","))
    assert all(np.array_equal(got[name], want[name]) for name in parts.split(","))


@pytest.mark.parametrize(
    "text, match",
    [
        ("", "expected columns sequence, step and what was traced"),
        ("sequence,step\n0,0\n", "expected columns"),
        ("sequence,step,y\n", "holds no rows"),
        ("sequence,step,y\n0,0,1\n0,2,1\n", "line 3: sequence 0, step 2 is out of order"),
        ("sequence,step,y\n1,0,1\n", "line 2: sequence 1, step 0 is out of order"),
        ("sequence,step,y\n0,0,1\n1,0,1\n0,1,1\n", "line 4: sequence 0, step 1"),
        ("sequence,step,y\n0,0\n", "line 2: 2 columns, expected 3"),
        ("sequence,step,y\n0,0,x\n", "line 2: could not convert string to float: 'x'"),
    ],
)
def test_a_table_that_quench_did_not_write_is_refused(text, match, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=match):
        quench.load_output(path)


def test_other_files_are_refused(tmp_path):
    save_file({"inputs": np.zeros(1)}, tmp_path / "data.safetensors")
    with pytest.raises(ValueError, match="holds no outputs, states or tau"):
        quench.load_output(tmp_path / "data.safetensors")
    (tmp_path / "text.safetensors").write_bytes(b"no")
    with pytest.raises(ValueError, match="no .safetensors file"):
        quench.load_output(tmp_path / "text.safetensors")
    with pytest.raises(ValueError, match="ends in .safetensors or .csv"):
        quench.load_output(tmp_path / "out.npz")
    with pytest.raises(FileNotFoundError):
        quench.load_output(tmp_path / "none.safetensors")
