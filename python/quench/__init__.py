"""Hands networks trained with ncps, and their data, to the quench program.

quench.save(model, "net.safetensors")             an ncps.torch network
quench.save_dataset("data.safetensors", inputs)   what it is fed
quench.load_output("out.safetensors")             what `quench run -o` wrote
"""

from quench.dataset import save_dataset
from quench.network import save
from quench.output import load_output

__all__ = ["save", "save_dataset", "load_output"]
__version__ = "0.1.0"
