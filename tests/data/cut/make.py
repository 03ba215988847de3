"""Cuts small networks out of trained ones: some of the neurons, the synapses
between them and those from the inputs that reach them, every number as it was.

    python tests/data/cut/make.py

needs Python alone. It replaces every .safetensors file beside it:
NAME.safetensors is the network, NAME.inputs.safetensors the first samples of
the reference's first sequences for the inputs that are left.
"""

import json
import pathlib
import struct

FOLDER = pathlib.Path(__file__).parent

# name: whole network, neurons and inputs kept, sequences and samples of each.
# Both keep a chain from the inputs to the output, which is neuron 0, and a
# neuron that acts on itself: chips of 16 and 18 memristors.
CUTS = {
    "sine_ltc3": ("sine_ltc8", [0, 1, 3], [0, 1], 1, 8),
    "occupancy_ltc3": ("occupancy_ltc19", [0, 2, 16], [1, 2, 4], 2, 6),
}

# what each axis of a tensor counts
AXES = {
    **dict.fromkeys(["gleak", "vleak", "cm"], "n"),
    **dict.fromkeys(["sigma", "mu", "w", "erev", "sparsity_mask"], "nn"),
    **dict.fromkeys(["sensory_" + x for x in ["sigma", "mu", "w", "erev", "sparsity_mask"]], "in"),
    **dict.fromkeys(["input_w", "input_b"], "i"),
    **dict.fromkeys(["output_w", "output_b"], "o"),
    "inputs": "sti",
}
WIDTH = {"F32": 4, "F64": 8}


def read(path):
    """Metadata, and of each tensor its type, shape and bytes."""
    data = path.read_bytes()
    begin = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:begin])
    metadata = header.pop("__metadata__")
    span = lambda t: data[begin + t["data_offsets"][0] : begin + t["data_offsets"][1]]
    return metadata, {name: (t["dtype"], t["shape"], span(t)) for name, t in header.items()}


def write(path, metadata, tensors):
    header, at = {"__metadata__": metadata}, 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(t[2] for t in tensors.values()))


def take(tensor, kept):
    """The places kept [axes][..] of a tensor."""
    dtype, shape, data = tensor
    places = [0]
    for size, keep in zip(shape, kept):
        places = [p * size + k for p in places for k in keep]
    width = WIDTH[dtype]
    return dtype, [len(k) for k in kept], b"".join(data[p * width : (p + 1) * width] for p in places)


def cut(name, whole, neurons, inputs, sequences, samples):
    kept = {"n": neurons, "i": inputs, "o": [0], "s": range(sequences), "t": range(samples)}
    of = lambda key, tensor: take(tensor, [kept[a] for a in AXES[key.split(".")[-1]]])
    metadata, tensors = read(FOLDER.parent / f"{whole}.safetensors")
    network = json.loads(metadata["quench.network"])
    layers = [[neurons.index(j) for j in layer if j in neurons] for layer in network["wiring"]["layers"]]
    network.update(inputs=len(inputs), units=len(neurons))
    network["wiring"] = {"units": len(neurons), "output_dim": 1, "layers": layers}
    for key in "input_names", "input_mean", "input_std":
        network[key] = [network[key][i] for i in inputs]
    write(FOLDER / f"{name}.safetensors", {"format": "pt", "quench.network": json.dumps(network)},
          {key: of(key, t) for key, t in tensors.items()})
    metadata, tensors = read(FOLDER.parent / f"{whole}.reference.safetensors")
    write(FOLDER / f"{name}.inputs.safetensors", {"quench.dataset": json.dumps({"network": name, "task": network["task"]})},
          {"inputs": of("inputs", tensors["inputs"])})


for name, arguments in CUTS.items():
    cut(name, *arguments)
