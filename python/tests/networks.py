"""Networks that together take every way through ncps.torch, and what ncps
computes with them: the oracle of the parity tests."""

import numpy as np
import torch
from ncps import torch as nt
from ncps import wirings

ACTIVATIONS = ("silu", "relu", "tanh", "gelu", "lecun_tanh")
MODES = ("default", "pure", "no_gate")
MAPS = ("affine", "linear", None)


class Case:
    """A network to be made from a seed, and how its samples are spaced."""

    def __init__(self, name, make, spans="one", double=False, change=None):
        self.name, self.make, self.spans = name, make, spans
        self.double, self.change = double, change

    def build(self, seed):
        """The module, its parameters enlarged beyond their initial ranges."""
        torch.manual_seed(seed)
        model = self.make()
        if self.double:
            model.double()
        enlarge(model)
        if self.change:
            with torch.no_grad():
                self.change(model)
        return model.eval()


# ---- wirings -------------------------------------------------------------------


def custom_wiring():
    """Self connections, an inhibitory loop, neuron 4 without any synapse."""
    wiring = wirings.Wiring(6)
    wiring.set_output_dim(2)
    wiring.build(3)
    for src, dest, polarity in [
        (0, 0, 1), (1, 1, -1), (2, 1, 1), (2, 0, -1), (3, 2, 1), (1, 3, -1), (5, 5, 1), (5, 0, 1),
    ]:  # fmt: skip
        wiring.add_synapse(src, dest, polarity)
    for src, dest, polarity in [(0, 2, 1), (1, 3, -1), (2, 5, 1), (0, 0, -1)]:
        wiring.add_sensory_synapse(src, dest, polarity)
    return wiring


class TwoLayers(wirings.Wiring):
    """A custom wiring of two layers, their ids mixed."""

    def __init__(self):
        super().__init__(7)
        self.set_output_dim(3)

    @property
    def num_layers(self):
        return 2

    def get_neurons_of_layer(self, layer_id):
        return ([3, 6, 0, 5], [4, 1, 2])[layer_id]

    def build(self, input_dim):
        super().build(input_dim)
        for k in range(input_dim):
            self.add_sensory_synapse(k, (3, 6, 0, 5)[k % 4], 1)
        for src, dest in [(3, 4), (6, 4), (0, 1), (5, 2), (3, 2)]:
            self.add_synapse(src, dest, -1)


WIRINGS = {
    "full": lambda: wirings.FullyConnected(5, 2),
    "full_no_self": lambda: wirings.FullyConnected(5, self_connections=False),
    "random": lambda: wirings.Random(8, 3, sparsity_level=0.6, random_seed=3),
    "ncp": lambda: wirings.NCP(6, 4, 2, 2, 3, 5, 2, seed=7),
    "autoncp": lambda: wirings.AutoNCP(11, 2, sparsity_level=0.4, seed=11),
    "custom": custom_wiring,
    "two_layers": TwoLayers,
}
INPUTS = 3


# ---- parameters ------------------------------------------------------------------


def enlarge(model):
    """Other signs and sizes than at initialisation, so that gates open and
    close, reversal potentials differ and maps do something."""
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            key = name.rsplit(".", 1)[-1]
            noise = torch.randn(tensor.shape, dtype=tensor.dtype)
            if key.endswith("sparsity_mask"):
                continue
            if key in ("sigma", "sensory_sigma"):
                tensor.mul_(0.8).add_(1.5 * noise)
            elif key in ("mu", "sensory_mu", "erev", "sensory_erev", "vleak"):
                tensor.add_(0.4 * noise)
            elif key in ("w", "sensory_w", "cm", "gleak"):
                tensor.add_(0.3 * noise.abs())
            elif key in ("input_w", "output_w"):
                tensor.add_(0.5 * noise)
            elif key == "weight":
                tensor.add_(0.2 * noise)
            else:  # biases, w_tau, A
                tensor.add_(0.5 * noise)


def cell_of(model):
    return getattr(model, "rnn_cell", model)


def clip_to_zero(model):
    """A third of cm, gleak and w below 0, then ncps' own clipping."""
    cell = cell_of(model)
    for key in ("cm", "gleak", "w", "sensory_w"):
        tensor = cell._params[key]
        tensor.view(-1)[::3] *= -1
    cell.apply_weight_constraints()
    assert all((cell._params[key] == 0).any() for key in ("cm", "gleak", "w"))


def go_negative(model):
    """Explicit constraints that nobody applied: ncps computes with them. The
    denominator stays away from 0."""
    cell = cell_of(model)
    cell._params["gleak"] += 3
    cell._params["gleak"][0] = -0.05
    cell._params["cm"][1] *= -0.01
    cell._params["w"].view(-1)[::4] *= -0.1
    cell._params["sensory_w"].view(-1)[::4] *= -0.1


def saturate(model):
    """Softplus beyond its threshold of 20 and deep below 0."""
    cell = cell_of(model)
    cell._params["cm"][0] = 25
    cell._params["gleak"][1] = 21.5
    cell._params["w"].view(-1)[::3] = -30
    cell._params["sigma"].mul_(20)


# ---- cases -----------------------------------------------------------------------


def ltc_cases():
    unfolds, epsilons, spans = range(1, 13), (1e-8, 0.0, 1e-3, 1e-12), ("one", "irregular", "tenth")
    names = list(WIRINGS)
    i = 0
    for implicit in (True, False):
        for a in MAPS:
            for b in MAPS:
                wiring = names[i % len(names)]
                n, eps = unfolds[(5 * i + 5) % 12], epsilons[i % 4]
                yield Case(
                    f"ltc-{wiring}-{a}-{b}-{'softplus' if implicit else 'explicit'}-{n}-{eps:g}",
                    lambda w=wiring, a=a, b=b, n=n, e=eps, c=implicit: nt.LTC(
                        INPUTS, WIRINGS[w](), input_mapping=a, output_mapping=b,
                        ode_unfolds=n, epsilon=e, implicit_param_constraints=c,
                    ),
                    spans[i % 3],
                    double=i % 5 == 4,
                )  # fmt: skip
                i += 1
    explicit = {"implicit_param_constraints": False}
    for wiring in ("full", "random", "autoncp"):
        make = lambda w=wiring: nt.LTC(INPUTS, WIRINGS[w](), **explicit)
        yield Case(f"ltc-{wiring}-clipped", make, "irregular", change=clip_to_zero)
        yield Case(f"ltc-{wiring}-negative", make, "tenth", change=go_negative)
    yield Case("ltc-units", lambda: nt.LTC(INPUTS, 9), "irregular")
    yield Case("ltc-other-map", lambda: nt.LTC(INPUTS, 4, input_mapping="none"), "one")
    yield Case("ltc-saturated", lambda: nt.LTC(INPUTS, 6), "irregular", change=saturate)
    yield Case("ltc-wide-spans", lambda: nt.LTC(INPUTS, WIRINGS["ncp"]()), "wide")
    yield Case("ltc-one-neuron", lambda: nt.LTC(1, 1), "irregular")
    for wiring in ("full", "ncp", "custom"):
        make = lambda w=wiring: nt.LTC(INPUTS, WIRINGS[w](), mixed_memory=True)
        yield Case(f"ltc-{wiring}-mixed", make, "irregular", double=wiring == "ncp")
    for wiring in ("full_no_self", "autoncp", "two_layers"):
        make = lambda w=wiring: nt.LTCCell(
            WIRINGS[w](), INPUTS, ode_unfolds=4, input_mapping="linear"
        )
        yield Case(f"ltccell-{wiring}", make, "irregular", double=wiring == "autoncp")


def cfc_cases():
    spans = ("irregular", "one", "wide", "tenth")
    i = 0
    for mode in MODES:
        for layers in range(4):
            for activation in ACTIVATIONS if layers else ("lecun_tanh",):
                mixed, proj = i % 4 == 3, (None, 2, None)[i % 3]
                suffix = ("-fc" if proj else "") + ("-mixed" if mixed else "")
                yield Case(
                    f"cfc-{mode}-{layers}-{activation}{suffix}",
                    lambda m=mode, l=layers, a=activation, p=proj, x=mixed, d=0.3 * (i % 2): nt.CfC(
                        INPUTS, 6, proj_size=p, mixed_memory=x, mode=m, activation=a,
                        backbone_units=7, backbone_layers=l, backbone_dropout=d,
                    ),
                    spans[i % 4],
                    double=i % 5 == 2,
                )  # fmt: skip
                i += 1
    yield Case("cfc-defaults", lambda: nt.CfC(INPUTS, 10), "irregular")
    yield Case(
        "cfc-dropout", lambda: nt.CfC(INPUTS, 5, backbone_layers=3, backbone_dropout=0.5), "one"
    )
    for dropout in (0, 0.5):  # 0, 2, 4, 6, 8, 10 and 0, 2, 5, 8, 11, 14
        yield Case(
            f"cfc-deep-{dropout}",
            lambda d=dropout: nt.CfC(
                INPUTS, 5, backbone_units=6, backbone_layers=6, backbone_dropout=d
            ),
            "one",
        )
    yield Case("cfc-one-neuron", lambda: nt.CfC(1, 1, backbone_units=1), "irregular")
    rng = np.random.default_rng(5)
    for mode in MODES:
        for layers in (0, 2):
            columns = 4 if layers else INPUTS + 5
            mask = rng.choice([-1, 0, 1], (columns, 5))
            make = lambda m=mode, l=layers, k=mask: nt.CfCCell(
                INPUTS, 5, m, "silu", backbone_units=4, backbone_layers=l, sparsity_mask=k
            )
            yield Case(f"cfccell-masked-{mode}-{layers}", make, "irregular", double=mode == "pure")
        make = lambda m=mode: nt.CfCCell(INPUTS, 5, m, "gelu", backbone_units=4)
        yield Case(f"cfccell-{mode}", make, "irregular")


def wired_cfc_cases():
    i = 0
    for wiring in WIRINGS:
        for mode in MODES:
            fits = wiring in ("full_no_self", "ncp", "autoncp", "two_layers")
            proj, mixed = (4 if fits and i % 2 else None), i % 3 == 1
            yield Case(
                f"wired-{wiring}-{mode}{'-fc' if proj else ''}{'-mixed' if mixed else ''}",
                lambda w=wiring, m=mode, p=proj, x=mixed: nt.CfC(
                    INPUTS, WIRINGS[w](), proj_size=p, mixed_memory=x, mode=m
                ),
                ("irregular", "one", "wide")[i % 3],
                double=i % 4 == 3,
            )
            i += 1
    for mode in MODES:
        make = lambda m=mode: nt.WiredCfCCell(INPUTS, WIRINGS["autoncp"](), m)
        yield Case(f"wiredcell-autoncp-{mode}", make, "irregular")


CASES = [*ltc_cases(), *cfc_cases(), *wired_cfc_cases()]


# ---- what ncps computes --------------------------------------------------------------


def sizes(model):
    cell = cell_of(model)
    if isinstance(cell, nt.CfCCell):
        return cell.input_size, cell.hidden_size
    return cell.sensory_size, cell.state_size


def make_data(model, spans, seed, sequences=2, steps=16):
    """Inputs [S, T, F] and spans [S, T] or None, float64."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(0, 1.2, (sequences, steps, sizes(model)[0]))
    shape = (sequences, steps)
    return (
        inputs,
        {
            "one": lambda: None,
            "tenth": lambda: np.full(shape, 0.1),
            "irregular": lambda: rng.uniform(0.05, 2.5, shape),
            "wide": lambda: 10 ** rng.uniform(-3, 3, shape),
        }[spans](),
    )


def run_ncps(model, inputs, spans):
    """(outputs [S, T, O], states [S, T, N]) of ncps in float64, batch size 1,
    step by step, each sequence from state zero. The model becomes float64."""
    model = model.double().eval()
    outputs, states = [], []
    with torch.no_grad():
        for s, sequence in enumerate(inputs):
            steps = _step_through(model, sequence, None if spans is None else spans[s])
            outputs.append([output for output, _ in steps])
            states.append([state for _, state in steps])
    return np.array(outputs), np.array(states)


def _step_through(model, sequence, spans):
    state = torch.zeros(1, sizes(model)[1], dtype=torch.float64)
    if getattr(model, "use_mixed", False):
        state = (state, state.clone())
    steps = []
    for t, x in enumerate(sequence):
        x = torch.tensor(x).reshape(1, -1)
        if hasattr(model, "rnn_cell"):
            span = None if spans is None else torch.tensor([[spans[t]]])
            output, state = model(x.unsqueeze(0), state, span)
            output = output[0]
        else:
            output, state = model(x, state, 1.0 if spans is None else float(spans[t]))
        h = state[0] if isinstance(state, tuple) else state
        steps.append((output[0].numpy(), h[0].numpy()))
    return steps
