"""The reference against ncps on torch: the same network, one thread each, by
turns in one run. Prints microseconds a step of all sequences and the ratio.

    python3 bench/against_ncps.py BENCH_REFERENCE NET...

ncps runs whole sequences without gradients, in float64 as the reference does,
and in float32 as most of its users do.
"""

import json
import statistics
import struct
import subprocess
import sys
import time

try:
    import numpy as np
    import torch
    from ncps.torch import LTC, CfC
    from ncps.wirings import FullyConnected, Wiring
    from safetensors.torch import load_file
except ImportError as error:
    print(f"  against ncps: skipped: {error} "
          "(make test-python makes an environment with torch and ncps)")
    sys.exit(0)

ROUNDS = 5


def metadata_of(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
    return json.loads(header["__metadata__"]["quench.network"])


class Layers(Wiring):
    """The masks do not matter for speed, the sizes do: a wiring by layers."""

    def __init__(self, layers, outputs):
        super().__init__(sum(map(len, layers)))
        self.set_output_dim(outputs)
        self.ids = layers

    @property
    def num_layers(self):
        return len(self.ids)

    def get_neurons_of_layer(self, layer):
        return self.ids[layer]

    def build(self, inputs):
        super().build(inputs)
        self.sensory_adjacency_matrix[:] = 1


def model_of(path):
    meta, tensors = metadata_of(path), load_file(path)
    if meta["cell"] == "ltc":
        model = LTC(meta["inputs"], FullyConnected(meta["units"], meta["outputs"]),
                    ode_unfolds=meta["ode_unfolds"])
    elif meta["cell"] == "wired_cfc":
        model = CfC(meta["inputs"], Layers(meta["wiring"]["layers"], meta["outputs"]),
                    mode=meta["mode"])
    else:
        model = CfC(meta["inputs"], meta["units"], mode=meta["mode"],
                    proj_size=meta["outputs"] if meta["projection"] else None,
                    activation=meta["backbone_activation"],
                    backbone_units=meta.get("backbone_units"),
                    backbone_layers=meta["backbone_layers"])
    model.load_state_dict(tensors)
    return model.eval(), meta


def seconds_of_ncps(model, meta, sequences, steps):
    dtype = next(model.parameters()).dtype
    x = torch.rand(sequences, steps, meta["inputs"], dtype=dtype) * 2 - 1
    state = torch.zeros(sequences, meta["units"], dtype=dtype)
    with torch.no_grad():
        started = time.perf_counter()
        model(x, state)
        return (time.perf_counter() - started) / steps


def seconds_of_quench(bench, path, sequences, steps):
    line = subprocess.run([bench, path, str(sequences), str(steps)],
                          check=True, capture_output=True, text=True).stdout
    return float(line)


def sigmoids_of(path, meta):
    """In one step of one sequence of an LTC; None for other cells."""
    if meta["cell"] != "ltc":
        return None
    tensors = load_file(path)
    return (float(tensors["rnn_cell.sensory_sparsity_mask"].sum()) +
            meta["ode_unfolds"] * float(tensors["rnn_cell.sparsity_mask"].sum()))


def compare(bench, path, sequences, steps):
    model, meta = model_of(path)
    theirs, floats, ours, sigmoid = [], [], [], []
    for _ in range(ROUNDS):
        theirs.append(seconds_of_ncps(model.double(), meta, sequences, steps))
        ours.append(seconds_of_quench(bench, path, sequences, steps * 10))
        floats.append(seconds_of_ncps(model.float(), meta, sequences, steps))
        sigmoid.append(1e-9 * float(subprocess.run(
            [bench, "sigmoid"], check=True, capture_output=True, text=True).stdout))

    def median_ratio(a, b):
        return statistics.median(x / y for x, y in zip(a, b))

    name = path.split("/")[-1].removesuffix(".safetensors")
    line = (f"  {name:16} {sequences:9}"
            f"  {statistics.median(theirs) * 1e6:8.0f} us"
            f"  {statistics.median(floats) * 1e6:8.0f} us"
            f"  {statistics.median(ours) * 1e6:8.2f} us"
            f"  {median_ratio(theirs, ours):7.1f} x  {median_ratio(floats, ours):7.1f} x")
    count = sigmoids_of(path, meta)
    if count:
        least = statistics.median(s * count * sequences / o
                                  for s, o in zip(sigmoid, ours))
        line += f"  {100 * least:5.0f} %"
    print(line, flush=True)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    print(f"reference against ncps on torch {torch.__version__}, one thread each, a step "
          "of all sequences;\nsigmoids: what the machine needs for the step's sigmoids "
          "alone, of quench's time\n\n"
          "  network          sequences  ncps float64  float32     quench"
          "     float64    float32  sigmoids")
    for path in sys.argv[2:]:
        compare(sys.argv[1], path, 1, 200)
        compare(sys.argv[1], path, 256, 20)


main()
